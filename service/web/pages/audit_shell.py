"""The shell of the auditor's app: every file it needs without network, under one version made of their contents."""

import base64
import hashlib
import json
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app, render_template
from flask_babel import force_locale, gettext

from service.web.languages import NAMES
from service.web.pages.audit_words import WORDS

FOLDER = Path(__file__).parent.parent / "static" / "audit"
WORKER = "service_worker.js"
SUFFIXES = (".js", ".css", ".svg", ".png")
KEPT = "minyi.audit_shell"


@dataclass(frozen=True)
class File:
    content: bytes
    mimetype: str

    @property
    def integrity(self) -> str:
        """As browsers check it."""
        return "sha256-" + base64.b64encode(hashlib.sha256(self.content).digest()).decode()


@dataclass(frozen=True)
class Shell:
    """`version` is a hash of all files, of the page and of the service worker."""

    version: str
    files: Mapping[str, File]
    page: str
    service_worker: str


def shell() -> Shell:
    """Read once a process: what is installed does not change while it runs."""
    if KEPT not in current_app.extensions:
        current_app.extensions[KEPT] = _read()
    found: Shell = current_app.extensions[KEPT]
    return found


def manifest() -> str:
    """What a phone installs. No id of ours changes with a version."""
    icons = [
        {"src": _address("icon.svg"), "type": "image/svg+xml", "sizes": "any"},
        *({"src": _address(f"icon-{size}.png"), "type": "image/png", "sizes": f"{size}x{size}"} for size in (192, 512)),
        {"src": _address("icon-512.png"), "type": "image/png", "sizes": "512x512", "purpose": "maskable"},
    ]
    plain: dict[str, Any] = {
        "id": "/audit/",
        "name": gettext("Minyi field checks"),
        "short_name": gettext("Field checks"),
        "start_url": "/audit/",
        "scope": "/audit/",
        "display": "standalone",
        "background_color": "#101417",
        "theme_color": "#101417",
        "icons": icons,
    }
    return json.dumps(plain, ensure_ascii=False)


def _read() -> Shell:
    files = {
        path.name: File(path.read_bytes(), mimetypes.types_map[path.suffix])
        for path in sorted(FOLDER.iterdir())
        if path.suffix in SUFFIXES and path.name != WORKER
    }
    files |= {f"words-{language}.json": File(_words(language), "application/json") for language in NAMES}
    worker = (FOLDER / WORKER).read_text(encoding="utf-8")
    # Hashed with an empty version: a version cannot stand in what it is made of.
    parts = [(_page("")), worker, *(f"{name} {file.integrity}" for name, file in files.items())]
    version = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
    page = _page(version)
    files["page.html"] = File(page.encode(), "text/html")
    listed = {f"/audit/shell/{version}/{name}": file.integrity for name, file in files.items()}
    head = f"const VERSION = {json.dumps(version)}\nconst FILES = {json.dumps(listed, indent=1)}\n"
    return Shell(version, files, page, head + worker)


def _words(language: str) -> bytes:
    with force_locale(language.replace("-", "_")):
        words = {name: gettext(text) for name, text in WORDS.items()}
    return json.dumps(words, ensure_ascii=False).encode()


def _page(version: str) -> str:
    with force_locale(current_app.config["BABEL_DEFAULT_LOCALE"]):
        return render_template("audit/page.html", version=version, languages=NAMES)


def _address(name: str) -> str:
    return f"/audit/shell/{shell().version}/{name}"
