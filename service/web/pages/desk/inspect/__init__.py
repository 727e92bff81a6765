"""Inspecting at the desk: lists, draws, visits, spot checks, interviews, notices."""
