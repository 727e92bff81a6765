"""A visit under way and the records that an auditor's phone sends of it."""

import hashlib
import io
from datetime import datetime, timedelta
from typing import Any

from factories import EVALUATOR, NOW, TEMPLATES
from PIL import Image
from visiting import FIRST, SECOND, crew, drawn, planned, started

from service.domain.inspect import checklists as rules
from service.domain.inspect.draws import RecordedDraw
from service.domain.inspect.submissions import Submission
from service.operations.inspect import checklists
from service.store import records

LATER = NOW + timedelta(hours=1)
CASE = "case-record@1"
GOOD = {
    "exists": "yes",
    "in_period": "yes",
    "signed": "yes",
    "complete": "yes",
    "consistent": "yes",
    "plausible": "yes",
    "counted_once": "yes",
    "timely": "yes",
    "confirmed": "yes",
    "amount": "1.5",
}
LOST = {"exists": "no", "where_sought": "档案柜，机构说已经遗失"}


def definition(name: str) -> dict[str, Any]:
    return rules.to_plain(rules.parse_yaml((TEMPLATES / "checklists" / f"{name}.yaml").read_text("utf-8")))


def under_way(take: int = 6, *observations: str) -> list[str]:
    """A visit that FIRST and SECOND have started; the serials that are FIRST's, in the order drawn."""
    for name in ("case-record", *(id.partition("@")[0] for id in observations)):
        checklists.publish(EVALUATOR, NOW, definition(name))
    checklists.parsed.cache_clear()
    crew(FIRST, SECOND)
    drawn(take=take, size=max(40, take))
    planned(checklists=observations)
    started()
    draw = records.get(RecordedDraw, "draw-1")
    assert draw is not None
    return [item.serial for item in draw.items][::2]


def picture(colour: str = "red", size: tuple[int, int] = (640, 480), exif: Any = None) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "JPEG", **({} if exif is None else {"exif": exif}))
    return made.getvalue()


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def entry(content: bytes, name: str = "photo-1.jpg", question: str = "photo") -> dict[str, Any]:
    kind = "image/jpeg"
    return {"name": name, "sha256": sha(content), "size": len(content), "question": question, "content_type": kind}


def submission(serial: str, id: str = "", **changes: Any) -> Submission:
    """What a phone sends of an item that was found and has no error, half an hour after it was signed."""
    values: dict[str, Any] = {
        "id": id or f"record-{serial}",
        "checklist": CASE,
        "answers": GOOD,
        "draw": "draw-1",
        "serial": serial,
        "visit": "visit-1",
        "started_at": LATER - timedelta(minutes=40),
        "signed_at": LATER - timedelta(minutes=30),
        "elapsed_s": 600.0,
        "position": {"latitude": 23.1, "longitude": 113.2, "accuracy_m": 12.0, "age_s": 3.0, "mock": None},
        "sent_at": LATER,
    }
    return Submission(**values | changes)


def body(sent: Submission) -> dict[str, Any]:
    """As the app writes it."""
    left_out = ("id", "source", "sent_at")
    return {name: plain(value) for name, value in vars(sent).items() if name not in left_out}


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
