"""The code of the course: each taught module is the text of one lesson; import them by name."""

__version__ = "0.1.0"
