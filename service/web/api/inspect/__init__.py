"""The API of inspecting."""
