"""Rules of evaluating."""
