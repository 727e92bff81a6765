"""The parts of `minyi demo`: its server, a client of the API, the acts of the main job in turn, facts and summary."""
