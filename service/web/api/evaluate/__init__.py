"""The API of evaluating."""
