"""What a receipt hides, which seals are put together, and what a recount says."""

from hypothesis import given
from hypothesis import strategies as st

from service.domain.collect import seals
from service.domain.collect.responses import parse_receipt, receipt_text
from service.domain.collect.seals import Seal
from service.domain.collect.tallies import Cell

CELL = Cell("east", "", "poster", "own_phone", "none", "en", "", "", "")
secrets_of_receipts = st.binary(min_size=16, max_size=16)
final_ids = st.binary(min_size=16, max_size=16).map(bytes.hex)


@given(secrets_of_receipts, secrets_of_receipts, final_ids)
def test_only_the_receipts_secret_opens_its_box(r: bytes, other: bytes, final_id: str) -> None:
    box = seals.box(r, final_id)
    assert seals.unbox(r, box) == final_id
    if other != r:
        assert seals.unbox(other, box) != final_id
        assert seals.receipt_id(other) != seals.receipt_id(r)


@given(secrets_of_receipts, final_ids)
def test_what_is_stored_of_a_receipt_shows_neither_secret_nor_answer(r: bytes, final_id: str) -> None:
    kept = seals.receipt_of(r, final_id, "d" * 64)
    stored = kept.id.encode() + kept.box + kept.check  # type: ignore[operator]
    assert r not in stored
    assert bytes.fromhex(final_id) not in stored
    assert "d" * 64 not in stored.decode("latin-1")


def test_a_receipt_as_typed_gives_its_campaign_and_secret() -> None:
    r = bytes(range(16))
    text = receipt_text("ABC234", r)
    assert parse_receipt(text) == ("ABC234", r)
    assert parse_receipt(f"  {text.lower().replace('-', ' ')} ") == ("ABC234", r)


def root(id: str, hour: str, counts: int = 1) -> Seal:
    return Seal(f"c:{id}", "c", 0, hour, {CELL: {f"k{number}": 1 for number in range(counts)}})


def planned(*roots: Seal, now: str = "2026-03-02T12") -> dict[str, list[str]]:
    return {target: [kid.id for kid in kids] for target, kids in seals.plan_compaction(roots, "c", now).items()}


def test_hours_that_are_over_go_to_their_day_and_days_to_the_campaign() -> None:
    assert planned(root("1", "2026-03-02T11"), root("2", "2026-03-02T12")) == {"c:d:2026-03-02": ["c:1"]}
    assert planned(root("1", "2026-03-01T11"), root("d:2026-03-01", "2026-03-01T23")) == {
        "c:c:0": ["c:1", "c:d:2026-03-01"]
    }
    assert planned(root("d:2026-03-02", "2026-03-02T10"), root("2", "2026-03-02T12")) == {}


def test_a_crowded_hour_is_put_together_before_it_is_over() -> None:
    crowd = [root(str(number), "2026-03-02T12") for number in range(seals.CROWDED + 1)]
    assert planned(*crowd[:-1]) == {}
    assert planned(*crowd) == {"c:d:2026-03-02": [one.id for one in crowd]}


def test_a_full_campaign_root_is_left_and_the_next_is_begun() -> None:
    full = root("c:0", "2026-03-01T10", counts=seals.ROOT_COUNTS)
    assert planned(full, root("5", "2026-03-01T11")) == {"c:c:1": ["c:5"]}
    assert planned(full, root("c:1", "2026-03-01T12"), root("5", "2026-03-01T11")) == {"c:c:1": ["c:5"]}


def test_a_recount_names_cell_key_and_both_numbers() -> None:
    assert seals.broken_invariants({CELL: {"n": 2}}, {CELL: {"n": 2}}) == []
    [sentence] = seals.broken_invariants({CELL: {"n": 2, "c|q|1": 1}}, {CELL: {"n": 3, "c|q|1": 1}})
    assert sentence.startswith("east/")
    assert " n: " in sentence
    assert "2" in sentence
    assert "3" in sentence
