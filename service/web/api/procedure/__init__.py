"""The API of the procedure around a score."""
