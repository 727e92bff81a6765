"""Files of spot checks: sent in pieces or whole, checked by their content, kept beside the record that names them."""

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service import store
from service.domain import access
from service.domain.access import Actor
from service.domain.errors import Fault, Refused
from service.domain.inspect import evidence_files as rules
from service.domain.inspect.evidence_files import EvidenceFile
from service.domain.inspect.spot_checks import RECEIVED, WAITING, SpotCheck
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import load
from service.operations.collect.media import FORMATS, cleaned, megabytes
from service.operations.inspect import circumstances
from service.store import records
from service.store.inspect import evidence_files as stored

TRIES = 16


@dataclass(frozen=True)
class Progress:
    """How much of a file has arrived: the offset from which the next piece is wanted."""

    received: int
    complete: bool


def piece(
    actor: Actor, now: datetime, record_id: str, sha256: str, offset: int, total: int, content: bytes
) -> Progress:
    """Keep a piece of a file that a record names by its SHA-256. -> from where to go on.

    A piece that is there already is passed over, one that leaves a gap is not kept. With the last piece the whole is
    checked: Refused file_differs (nothing is kept of it), picture_invalid, invalid by field, not_found.
    """
    spots = _of_origin(actor, record_id)
    entry = _named(spots, sha256)
    if faults := list(rules.piece_faults(offset, total, len(content))):
        raise Refused("invalid", faults)
    if entry.get("size") not in (None, total):
        raise Refused("invalid", [Fault("total", "wrong_type", {"expected": f"{entry['size']}"})])
    if stored.present(record_id).get(sha256) is not None:
        settle(record_id)
        return Progress(total, True)
    if (offset, len(content)) == (0, total):  # most photos: no detour over pieces
        _keep(now, record_id, sha256, content, str(entry["name"]))
        return Progress(total, True)
    return _keep_piece(now, record_id, sha256, offset, total, content, str(entry["name"]))


def _keep_piece(
    now: datetime, origin: str, sha256: str, offset: int, total: int, content: bytes, name: str
) -> Progress:
    whole = rules.file_id(origin, sha256)
    received = rules.contiguous(stored.pieces(whole))
    if offset == received:
        stored.add_piece(whole, offset, content)
        received = rules.contiguous(stored.pieces(whole))
    if received < total:
        return Progress(received, False)
    joined = stored.joined(whole)
    try:
        _keep(now, origin, sha256, joined, name)
    except Refused as refused:
        if refused.reason != "busy":
            stored.forget_pieces(whole)
        raise
    stored.forget_pieces(whole)
    return Progress(total, True)


def progress(actor: Actor, record_id: str, sha256: str) -> Progress:
    """How much of a file is there, so that the phone goes on where it was interrupted."""
    _named(_of_origin(actor, record_id), sha256)
    size = stored.present(record_id).get(sha256)
    if size is not None:
        return Progress(size, True)
    return Progress(rules.contiguous(stored.pieces(rules.file_id(record_id, sha256))), False)


def whole(actor: Actor, now: datetime, record_id: str, name: str, content: bytes) -> Progress:
    """Keep a file that comes in one go, under the name by which the record names it.

    A name that the record does not (or no longer) say is kept too, as not referred to. The same bytes again change
    nothing. Raises Refused: name_taken for other bytes under a known name, invalid (field `name`), picture_invalid.
    """
    spots = _of_origin(actor, record_id)
    if reason := rules.name_fault(name):
        raise Refused("invalid", [Fault("name", reason, {"limit": rules.MOST_NAME})])
    if len(content) > rules.MOST_BYTES:
        raise Refused("picture_too_large", limit=megabytes(rules.MOST_BYTES))
    sha256 = hashlib.sha256(content).hexdigest()
    known = {entry["sha256"] for spot in spots for entry in spot.media if entry["name"] == name and entry.get("sha256")}
    if known and sha256 not in known:
        raise Refused("name_taken", name=name)
    file = _keep(now, record_id, sha256, content, name, settling=False)
    for spot in spots:
        _enter_name(spot.id, name, file)
    settle(record_id)
    return Progress(len(content), True)


def _enter_name(id: str, name: str, file: EvidenceFile) -> None:
    """Write down under which SHA-256 a named file came."""
    for _ in range(TRIES):
        spot = load(SpotCheck, id, "spot check")
        entries = list(spot.media)
        places = [place for place, entry in enumerate(entries) if entry["name"] == name]
        told = {"sha256": file.sha256, "size": file.size, "content_type": file.content_type}
        if places and entries[places[0]].get("sha256"):
            return
        if places:
            entries[places[0]] = {**entries[places[0]], **told}
        elif len(entries) >= rules.MOST_FILES:
            raise Refused("invalid", [Fault("media", "too_many", {"limit": rules.MOST_FILES})])
        else:
            entries.append({"name": name, "question": "", **told, "unreferenced": True})
        if _replaced(replace(spot, media=tuple(entries), version=spot.version + 1), spot.version):
            return
    raise Refused("busy")


def _replaced(spot: SpotCheck, version: int) -> bool:
    try:
        store.retrying(lambda tx: records.replace(spot, version, tx))
    except Refused as refused:
        if refused.reason != "stale":
            raise
        return False
    return True


def _keep(now: datetime, origin: str, sha256: str, content: bytes, name: str, settling: bool = True) -> EvidenceFile:
    """Check a whole file and keep it; whoever comes second with the same one keeps nothing."""
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Refused("file_differs")
    file = looked_into(
        EvidenceFile(rules.file_id(origin, sha256), origin, sha256, len(content), "", "", now), content, name
    )
    there = records.get(EvidenceFile, file.id)
    if there is None:
        place = stored.put(content)
        if not stored.add(replace(file, file=place)):
            stored.drop(place)
    if settling:
        settle(origin)
    return there or file


def looked_into(file: EvidenceFile, content: bytes, name: str = "") -> EvidenceFile:
    """What the content says of itself, whatever it is called. Raises Refused("picture_invalid")."""
    if name == rules.AUDIT_LOG:
        return replace(file, content_type=_text_type(content))
    thumbnail = cleaned(content, rules.THUMBNAIL)
    kind, size, facts = _camera(content)
    return replace(file, content_type=kind, width=size[0], height=size[1], facts=facts, thumbnail=thumbnail)


def _text_type(content: bytes) -> str:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("picture_invalid") from None
    if "\x00" in text:
        raise Refused("picture_invalid")
    return rules.TEXT


def _camera(content: bytes) -> tuple[str, tuple[int, int], dict[str, Any]]:
    """(content type, size, facts of the camera) of what `cleaned` has opened before."""
    from PIL import Image  # late: start-up stays light

    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        kind = {"PNG": "image/png", "WEBP": "image/webp"}.get(str(image.format), "image/jpeg")
        try:
            exif = image.getexif()
            found = rules.camera_facts(dict(exif), dict(exif.get_ifd(0x8769)), dict(exif.get_ifd(0x8825)))
        except Exception:
            found = {}
        return kind, image.size, found


def _of_origin(actor: Actor, record_id: str) -> list[SpotCheck]:
    """The records that were sent under this id, if they are the actor's own."""
    spots = [spot for spot in records.find(SpotCheck, origin=record_id) if spot.by == actor.id]
    if not spots:
        raise Refused("not_found", noun="spot check")
    projects.project(actor, spots[0].project, "spot_checks.write")
    return spots


def _named(spots: list[SpotCheck], sha256: str) -> Mapping[str, Any]:
    for spot in spots:
        for entry in spot.media:
            if entry.get("sha256") == sha256:
                return entry
    raise Refused("not_found", noun="file")


def waiting_for(spot: SpotCheck) -> tuple[str, ...]:
    """What is not there yet of the files that the record names: SHA-256, or the name where that is not known."""
    there = stored.present(spot.origin)
    return tuple(str(entry.get("sha256") or entry["name"]) for entry in spot.media if entry.get("sha256") not in there)


def carry_over(now: datetime, before: str, origin: str, media: Iterable[Mapping[str, Any]]) -> None:
    """Let a record have the files that another one, which it corrects, has already; the bytes are kept once."""
    there = {file.sha256: file for file in records.find(EvidenceFile, origin=before)}
    for sha256 in {str(entry.get("sha256")) for entry in media} & there.keys():
        stored.add(replace(there[sha256], id=rules.file_id(origin, sha256), origin=origin, at=now))


def settle(origin: str) -> None:
    """Let a record that waited for its files be received once they are all there, with what their cameras told."""
    for spot in records.find(SpotCheck, origin=origin):
        for _ in range(TRIES):
            if spot is None or spot.state != WAITING or waiting_for(spot):
                break
            files = records.find(EvidenceFile, origin=origin)
            names, measures = circumstances.of(spot, files)
            settled = replace(spot, state=RECEIVED, circumstances=names, measures=measures, version=spot.version + 1)
            if _replaced(settled, spot.version):
                break
            spot = records.get(SpotCheck, spot.id)  # type: ignore[assignment]


def files_of(actor: Actor, spot: SpotCheck) -> dict[str, EvidenceFile]:
    """SHA-256 -> what is known of each file of a record, for those who may read it."""
    found = {file.sha256: file for file in records.find(EvidenceFile, origin=spot.origin)}
    if _sees_originals(actor, spot):
        return found
    return {sha256: replace(file, facts={}) for sha256, file in found.items()}


def content(actor: Actor, spot: SpotCheck, sha256: str, original: bool = False) -> tuple[bytes, str]:
    """(bytes, content type): painted anew, without position, time and maker; to the evaluator also the original."""
    file = records.get(EvidenceFile, rules.file_id(spot.origin, sha256))
    if file is None or (original and not _sees_originals(actor, spot)):
        raise Refused("not_found", noun="file")
    if not file.file:
        raise Refused("kept_long_enough")
    whole = stored.read(file.file)
    if original:
        return whole, file.content_type
    if file.content_type == rules.TEXT:
        raise Refused("not_found", noun="file")
    return cleaned(whole), "image/jpeg"


def thumbnail(spot: SpotCheck, sha256: str) -> bytes:
    """A small JPEG; the caller has checked who reads the record."""
    file = records.get(EvidenceFile, rules.file_id(spot.origin, sha256))
    if file is None or not file.thumbnail:
        raise Refused("not_found", noun="file")
    return bytes(file.thumbnail)


def _sees_originals(actor: Actor, spot: SpotCheck) -> bool:
    return access.may(actor, "spot_checks.review", load(Project, spot.project, "project").parties)
