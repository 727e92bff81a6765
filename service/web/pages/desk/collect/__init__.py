"""Collecting at the desk: questionnaires, codes, answers, control."""
