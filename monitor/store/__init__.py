"""The SQLite state: the only package that knows SQL. Modules are named after what they keep."""
