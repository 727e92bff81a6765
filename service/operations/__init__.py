"""Verbs: load, decide (domain), save, journal. One file a noun; `actor` and `now` are arguments, never ambient."""
