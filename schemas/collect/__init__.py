"""Schemas of collecting."""
