"""The guide's pictures are made by the walks of the browser tests: GUIDE_PICTURES=1 (`make guide`) paints them anew."""

import io
import os
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from PIL import Image
from playwright.sync_api import Page

PICTURES = Path(__file__).parents[1] / "service" / "web" / "static" / "guide"
LANGUAGES = ("zh-Hans", "en")
PAINTS = bool(os.environ.get("GUIDE_PICTURES"))


def picture(page: Page, name: str, of: str = "", height: int = 800) -> None:
    """Keep what the page (or its part `of`) shows, in both languages, while painting; else see that it was kept."""
    if not PAINTS:
        missing = [language for language in LANGUAGES if not (PICTURES / language / f"{name}.webp").is_file()]
        assert not missing, f"the guide lacks {name} in {missing}: run `make guide`"
        return
    before = page.url
    for language in LANGUAGES:
        page.goto(_in(before, language))
        page.wait_for_load_state("networkidle")
        if of:
            keep(page.locator(of).last.screenshot(), language, name)
            continue
        width = page.viewport_size["width"] if page.viewport_size else 1280
        shot = page.screenshot(clip={"x": 0, "y": 0, "width": width, "height": height}, full_page=True)
        keep(shot, language, name)
    page.goto(before)


def keep(shot: bytes, language: str, name: str) -> None:
    """A PNG as a small WebP of the guide."""
    (PICTURES / language).mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(shot)) as image:
        image.convert("RGB").save(PICTURES / language / f"{name}.webp", quality=72, method=6)


def _in(address: str, language: str) -> str:
    parts = urlsplit(address)
    asked = dict(parse_qsl(parts.query)) | {"lang": language}
    return urlunsplit(parts._replace(query=urlencode(asked)))
