"""What must hold of the double envelope whenever no batch is open, read from the raw collections."""

from collections import Counter
from collections.abc import Iterable

from service.domain.collect import seals as rules
from service.domain.collect import tallies
from service.domain.collect.responses import Envelope
from service.operations.collect import seals
from service.operations.collect.questionnaires import of_campaign
from service.store.collect import inbox, ledger, responses
from service.store.collect import seals as stored_seals
from service.store.documents import ReceiptDocument, ResponseDocument, SealDocument
from service.store.records import collection


def check(campaign: str, acknowledged: Iterable[Envelope], withdrawn: int = 0) -> None:
    """I1 to I4: each acknowledged answer that was not withdrawn is counted once, by exactly one of inbox and seals."""
    acknowledged = list(acknowledged)
    at = ledger.read(campaign)
    assert at is not None
    assert at.batch is None
    live, guards = inbox.live(campaign), inbox.guards(campaign)
    envs = Counter([envelope.env for envelope in live] + guards)
    assert all(count == 1 for count in envs.values())  # I1
    if at.state != "final":
        assert set(envs) == {envelope.env for envelope in acknowledged}
    receipts = {stored["_id"]: stored for stored in collection(ReceiptDocument).find()}
    stored_answers = {stored["_id"]: stored for stored in collection(ResponseDocument).find()}
    sealed = [envelope for envelope in acknowledged if envelope.env not in {one.env for one in live}]
    boxes = [receipts[rules.receipt_id(envelope.r)] for envelope in sealed]
    opened = [rules.unbox(e.r, box["box"]) for e, box in zip(sealed, boxes, strict=True) if box["box"] is not None]
    assert len(set(opened)) == len(opened)  # I2
    assert all(not stored_answers[final_id].get("gone") for final_id in opened)
    assert sum(bool(box.get("withdrawn")) for box in boxes) == withdrawn
    assert len({box["_id"] for box in boxes}) == len(sealed)
    count = of_campaign(campaign)
    present = list(responses.each(campaign))
    assert {response.final_id for response in present} == set(opened)
    roots = tallies.total([root.tally for root in stored_seals.roots(campaign)])
    again = tallies.total([tallies.tally_of(count, r.cell, r.answers, r.duration) for r in present])
    assert roots == again  # I3
    total = seals.read(campaign)[0]
    assert sum(cell["n"] for cell in total.values()) == len(acknowledged) - withdrawn  # I4
    _chains_are_short(campaign)


def _chains_are_short(campaign: str) -> None:
    into = {stored["_id"]: stored["into"] for stored in collection(SealDocument).find({"campaign": campaign})}
    for seal in into:
        length, at = 0, seal
        while into[at] is not None:
            length, at = length + 1, into[at]
        assert length <= 2
