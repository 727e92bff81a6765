"""Rules of collecting."""
