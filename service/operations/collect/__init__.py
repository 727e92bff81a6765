"""Verbs of collecting."""
