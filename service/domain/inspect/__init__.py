"""Rules of inspecting."""
