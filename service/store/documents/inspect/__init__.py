"""Documents of inspecting."""
