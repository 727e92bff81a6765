"""How many slips of a batch were used: their places in the inbox are counted, and no answer is looked at."""

from collections.abc import Sequence
from dataclasses import replace

from service.domain.collect.responses import envelope_id
from service.domain.collect.tickets import SLIP, Batch
from service.domain.keys import Key
from service.store import Tx, records
from service.store.collect import inbox
from service.store.collect import tickets as stored

_CHUNK = 2000


def count(batch: Batch, keys: Sequence[Key]) -> int | None:
    """None for what is not slips, and where the key that the batch was printed under is not among `keys`.

    A place that was taken stays taken when its answer is sealed or withdrawn, until the campaign is closed for ever:
    then the number that was kept by `keep` is all there is.
    """
    key = next((key for key in keys if key.id == batch.key_id), None)
    if batch.used is not None or batch.kind != SLIP or key is None:
        return batch.used
    envs = [envelope_id(key, batch.campaign, SLIP, hash, "") for hash in stored.of_batch(batch.id)]
    return sum(len(inbox.taken(envs[first : first + _CHUNK])) for first in range(0, len(envs), _CHUNK))


def keep(tx: Tx, batches: Sequence[Batch], keys: Sequence[Key]) -> None:
    """Write the numbers into the batches, before the places are deleted."""
    for batch in batches:
        if batch.used is None and (used := count(batch, keys)) is not None:
            records.replace(replace(batch, used=used, version=batch.version + 1), batch.version, tx)
