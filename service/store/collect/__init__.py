"""Stored parts of collecting."""
