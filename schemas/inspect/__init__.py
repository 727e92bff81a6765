"""Schemas of inspecting."""
