"""What travels of the procedure around a score."""
