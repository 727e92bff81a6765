"""Readers of evaluating's collections beside the common ones."""
