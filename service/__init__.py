"""Minyi (民意): how a city evaluates the social services it buys. Nothing but this docstring runs on import."""
