"""Evaluating at the desk: rounds and their evidence."""
