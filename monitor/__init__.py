"""A news monitor for customs: outlets in, one SQLite state and a dated, cited digest out."""

__version__ = "0.1.0"
