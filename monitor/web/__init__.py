"""`monitor serve`: the state in a browser, read-only, with Datasette."""
