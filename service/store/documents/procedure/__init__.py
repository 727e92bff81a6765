"""Documents of the procedure around a score."""
