"""Schemas of evaluating."""
