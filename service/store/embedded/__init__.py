"""The embedded database: SecantusDB as a supervised process on loopback, shared by all users of one data directory.

`attach(directory)` is all that the rest of the store needs. SecantusDB is reached over its socket, never imported.
"""

from service.store.embedded.client import Attachment, attach, ended
from service.store.embedded.layout import EmbeddedMissing, EmbeddedUnavailable

__all__ = ["Attachment", "EmbeddedMissing", "EmbeddedUnavailable", "attach", "ended"]
