"""Verbs of inspecting."""
