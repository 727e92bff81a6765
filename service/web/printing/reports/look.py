"""How a report looks as a page: its own style in the file, so that it can be saved and printed; no script at all."""

import base64
import hashlib
from importlib import resources

STYLE = (resources.files("service.web") / "templates" / "print" / "report.css").read_text(encoding="utf-8").strip()
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# The style that stands in the file, pictures that stand in the file, and nothing else.
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
