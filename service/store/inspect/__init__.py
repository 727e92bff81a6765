"""What inspecting stores besides plain records."""
