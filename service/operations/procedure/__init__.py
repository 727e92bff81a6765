"""Verbs of the procedure around a score."""
