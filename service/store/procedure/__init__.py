"""Storage of the procedure around a score."""
