"""Estimates: values with what may be said about them, from sums of answers; nothing here knows a questionnaire."""
