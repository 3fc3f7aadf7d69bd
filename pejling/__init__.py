"""Pejling: a class sees what it believes about itself beside what it does."""

__version__ = "0.1.0"
