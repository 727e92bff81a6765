"""Property tests of pure functions: a busy machine must not fail them, so there is no deadline per example."""

from hypothesis import settings

settings.register_profile("domain", deadline=None)
settings.load_profile("domain")
