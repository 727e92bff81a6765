"""A day's records sent to the real server that is killed between pieces: exactly those arrive, whole, and once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from recording import sha, under_way
from syncing import Phone, at_random, photos, restartable, signed_in

from service.config import Settings
from service.domain.inspect.evidence_files import EvidenceFile
from service.domain.inspect.spot_checks import SpotCheck
from service.store import records
from service.store.inspect import evidence_files as stored

RECORDS = 20
WORKERS_KILLED, SERVER_KILLED = (4, 15), 9  # places of records: in the middle of their first photo


@pytest.mark.usefixtures("database")
def test_twenty_records_with_forty_photos_survive_cuts_and_kills(settings: Settings, tmp_path: Path) -> None:
    serials = under_way(2 * RECORDS)
    assert len(serials) == RECORDS
    signed_in()
    pictures = photos(2 * RECORDS)
    with restartable(settings, tmp_path) as running, Phone(running, 128 * 1024, at_random(0.1, seed=7)) as phone:
        for place, serial in enumerate(serials):
            if place in WORKERS_KILLED:
                kill_after(phone, running.kill_workers, pieces=1)
            elif place == SERVER_KILLED:
                kill_after(phone, running.kill, pieces=1)
            phone.send(serial, pictures[2 * place : 2 * place + 2])
        assert running.kills == 1 + len(WORKERS_KILLED)
        assert phone.cuts > 5
    kept = records.find(SpotCheck)
    assert sorted(one.serial for one in kept) == sorted(serials)
    assert {one.state for one in kept} == {"received"}
    files = records.find(EvidenceFile)
    assert {file.sha256 for file in files} == {sha(content) for content in pictures}
    assert len(files) == 2 * RECORDS
    for file in files:
        content = stored.read(file.file)
        assert (sha(content), len(content)) == (file.sha256, file.size)
        assert stored.pieces(file.id) == []


def kill_after(phone: Phone, kill: Callable[[], None], pieces: int) -> None:
    """The server is killed once so many more pieces were sent: in the middle of a file."""
    usual, left = phone.cut, iter(range(pieces, -1, -1))

    def cut() -> bool:
        if next(left) == 0:
            phone.cut = usual
            kill()
        return False

    phone.cut = cut
