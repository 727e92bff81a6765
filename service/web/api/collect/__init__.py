"""The API of collecting."""
