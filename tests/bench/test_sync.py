"""200 spot checks with 400 photos of 200 KB over one connection, cut at random, the server restarted: the rate."""

import time
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from recording import sha, under_way
from rivals import database_process
from syncing import Phone, at_random, photos, restartable, signed_in

from service.config import Settings
from service.domain.inspect.evidence_files import EvidenceFile
from service.domain.inspect.spot_checks import SpotCheck
from service.store import records
from service.store.inspect import evidence_files as stored

pytestmark = pytest.mark.bench
RECORDS, RESTARTS = 200, 4


@pytest.mark.timeout(900)
@pytest.mark.parametrize("interrupted", [False, True])
def test_a_days_queue(database, settings: Settings, tmp_path: Path, capsys, interrupted: bool) -> None:  # type: ignore[no-untyped-def]
    serials = under_way(2 * RECORDS)
    signed_in()
    pictures = photos(2 * RECORDS)
    engine = psutil.Process(database_process(settings.database.removeprefix("embedded:")).pid)
    restarts = set(range(RECORDS // (RESTARTS + 1), RECORDS, RECORDS // (RESTARTS + 1))) if interrupted else set()
    with ExitStack() as stack:
        running = stack.enter_context(restartable(settings, tmp_path))
        phone = stack.enter_context(Phone(running, cut=at_random(0.05, seed=11) if interrupted else bool))
        spent, began = 0.0, time.perf_counter()
        for place, serial in enumerate(serials):
            if place in restarts:
                spent += time.perf_counter() - began
                running.kill()
                began = time.perf_counter()
            phone.send(serial, pictures[2 * place : 2 * place + 2])
        spent += time.perf_counter() - began
    kept, files = records.find(SpotCheck), records.find(EvidenceFile)
    assert sorted(one.serial for one in kept) == sorted(serials)
    assert {one.state for one in kept} == {"received"}
    assert len(files) == 2 * RECORDS
    assert all(sha(stored.read(file.file)) == file.sha256 for file in files)
    with capsys.disabled():
        print(
            f"\n| {'cut and restarted' if interrupted else 'undisturbed'} | {len(kept)} records, {len(files)} photos | "
            f"{phone.requests} requests, {phone.cuts} cut, {running.kills} kills | {spent:.1f} s | "
            f"{len(kept) / spent:.1f} records/s, {len(files) / spent:.1f} photos/s, "
            f"{sum(file.size for file in files) / spent / 1e6:.1f} MB/s | worker {running.peak / 2**20:.0f} MiB, "
            f"database {engine.memory_info().rss / 2**20:.0f} MiB |"
        )
