"""Documents of collecting."""
