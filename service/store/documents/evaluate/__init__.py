"""Documents of evaluating."""
