"""Verbs of evaluating."""
