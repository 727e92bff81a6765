"""Draws against the published vectors and against the original sampler, the package `consistent-sampler`."""

import hashlib
from collections import Counter
from dataclasses import replace

import pytest
from consistent_sampler import first_fraction, sampler
from hypothesis import example, given
from hypothesis import strategies as st

from service.domain.errors import Refused
from service.domain.inspect.draws import Ceremony, Discrepancy, Step, commitment, draw, seed_of, ticket_number, verify
from service.domain.inspect.frames import frame_sha256, freeze, invisible, normal

FRAME = freeze(f"R00{number}" for number in range(1, 9))
SECRETS = {"provider": bytes(range(16, 32)), "evaluator": bytes(range(16))}
SEED = "7752f67bf0ef2aaefc28be1cfa9ea0f4776b26f470d17561e8b2b931f3a24da2"
CEREMONY = Ceremony(1, {party: commitment(secret) for party, secret in SECRETS.items()}, SECRETS)
DRAWN = ["R006", "R004", "R001"]


def serials(drawn):
    return [item.serial for item in drawn]


def fields(refused):
    return {fault.field: fault.reason for fault in refused.value.faults}


# --- The sampler -------------------------------------------------------------------------------------------------


def test_vector_of_the_sampler():
    frame = freeze(f"{letter}-{number}" for letter in "AB" for number in (1, 2, 3))
    assert serials(draw(frame, "314159", 4)) == ["B-2", "B-3", "A-3", "A-2"]


def test_vector_of_a_ticket_number():
    whole = "0.26299714122838008416507544297546663599715395525154425586041245287750224561854"
    assert ticket_number("01382438112797316654", "AB-130") == whole


def test_an_older_vector_with_its_ticket_numbers():
    parts = b"buyer|314159|r1\nagency|271828|r2"
    seed = hashlib.sha256(frame_sha256(FRAME).encode() + b"\n" + parts).hexdigest()
    drawn = draw(FRAME, seed, 3)
    assert [(item.serial, item.ticket[:11]) for item in drawn] == [
        ("R002", "0.073534840"),
        ("R005", "0.136259855"),
        ("R003", "0.228679361"),
    ]


# Ids as lists have them: Latin, digits, Chinese, extension B, and characters on both sides of the surrogates.
letters = st.characters(exclude_categories=["C", "Z"]) | st.sampled_from("0123456789年龙\U00020000\U0002a6df\uffe5Aé-")
ids = st.text(letters, min_size=1, max_size=12).map(normal).filter(lambda text: text and not invisible(text))
seeds = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30) | st.integers(0).map(str)


@given(st.lists(ids, min_size=1, max_size=40, unique=True), seeds, st.data())
@example(["\U00020000", "\uffe5", "é"], "000", None)
def test_same_items_in_the_same_order_as_the_original(frame_ids, seed, data):
    take = len(frame_ids) if data is None else data.draw(st.integers(1, len(frame_ids)))
    original = list(sampler(frame_ids, seed, take=take, digits=10**6))  # digits: as many as there are
    assert [(item.ticket, item.serial) for item in draw(freeze(frame_ids), seed, take)] == [t[:2] for t in original]


@given(ids, seeds)
def test_ticket_numbers_are_the_originals_digit_by_digit(serial, seed):
    assert ticket_number(seed, serial) == first_fraction(serial, seed)


def test_many_ids_in_the_same_order_as_the_original():
    frame_ids = [f"档案{number:05d}" for number in range(5000)]
    assert serials(draw(freeze(frame_ids), SEED, 5000)) == [t[1] for t in sampler(frame_ids, SEED, take=5000)]


def test_the_seed_is_text_and_never_a_number():
    assert len({tuple(serials(draw(FRAME, seed, 8))) for seed in ("1", "01", "1.0", " 1", "1 ", "１")}) == 6


def test_each_stratum_is_the_filter_of_one_list_and_strata_come_in_byte_order():
    names = [f"R{number:03d}" for number in range(60)]
    strata = [["乙", "丙", "\U00020000"][number % 3] for number in range(60)]
    drawn = draw(freeze(names, strata), "seed", 5)
    assert [item.stratum for item in drawn] == ["丙"] * 5 + ["乙"] * 5 + ["\U00020000"] * 5
    everything = serials(draw(freeze(names), "seed", 60))
    of = dict(zip(names, strata, strict=True))
    for stratum in set(strata):
        assert (
            serials(item for item in drawn if item.stratum == stratum)
            == [n for n in everything if of[n] == stratum][:5]
        )


def test_a_top_up_continues_the_draw_within_each_stratum():
    frame = freeze([f"R{number:02d}" for number in range(30)], ["ab"[number % 2] for number in range(30)])
    whole, first, more = draw(frame, "s", 9), draw(frame, "s", 5), draw(frame, "s", 4, skip=5)
    for stratum in "ab":
        parts = [item for item in first + more if item.stratum == stratum]
        assert parts == [item for item in whole if item.stratum == stratum]


def test_every_item_is_drawn_about_equally_often():
    counts = Counter(serial for seed in range(4000) for serial in serials(draw(FRAME, str(seed), 3)))
    # 4000 draws of 3 of 8: expected 1500, standard deviation 30.6; five of them bound any fair sampler here.
    assert all(abs(counts[serial] - 1500) < 153 for serial in FRAME.serials)


def test_a_draw_larger_than_its_stratum_is_refused_with_what_there_is():
    frame = freeze(["R1", "R2", "R3", "R4", "R5"], ["甲", "乙", "乙", "乙", "丙"])
    with pytest.raises(Refused, match=r"takes 2, but there are only 1 .*丙") as refused:
        draw(frame, "s", 2)
    assert refused.value.reason == "draw_too_large"
    assert refused.value.params == {"stratum": "丙", "available": 1, "take": 2}
    assert fields(refused) == {"strata.丙": "stratum_too_small", "strata.甲": "stratum_too_small"}
    assert len(draw(frame, "s", 1)) == 3


@pytest.mark.parametrize(("take", "skip", "available"), [(9, 0, 8), (4, 5, 3), (1, 8, 0), (1, 100, 0)])
def test_a_draw_larger_than_the_frame_is_refused(take, skip, available):
    with pytest.raises(Refused) as refused:
        draw(FRAME, "s", take, skip=skip)
    assert (refused.value.reason, refused.value.params["available"]) == ("draw_too_large", available)
    assert fields(refused) == {"take": "out_of_range"}


@pytest.mark.parametrize(
    ("seed", "take", "skip", "field"),
    [("", 1, 0, "seed"), ("a\udcff", 1, 0, "seed"), ("s", 0, 0, "take"), ("s", 1, -1, "skip")],
)
def test_what_could_never_be_drawn_is_refused(seed, take, skip, field):
    with pytest.raises(Refused) as refused:
        draw(FRAME, seed, take, skip=skip)
    assert refused.value.reason == "invalid"
    assert list(fields(refused)) == [field]


# --- The seed that several parties make --------------------------------------------------------------------------


def test_vector_of_the_seed():
    assert seed_of(frame_sha256(FRAME), 1, SECRETS) == SEED
    assert serials(draw(FRAME, SEED, 3)) == DRAWN


def test_every_part_enters_the_seed():
    frame_hash = frame_sha256(FRAME)
    others = [
        seed_of("0" * 64, 1, SECRETS),
        seed_of(frame_hash, 2, SECRETS),
        seed_of(frame_hash, 1, SECRETS | {"provider": bytes(16)}),
        seed_of(frame_hash, 1, {"evaluator": SECRETS["evaluator"]}),
        seed_of(frame_hash, 1, {"authority": SECRETS["provider"], "evaluator": SECRETS["evaluator"]}),
        seed_of(frame_hash, 1, SECRETS, "20261122"),
    ]
    assert len({SEED, *others}) == 7


def test_parties_are_sorted_by_bytes_whatever_their_order():
    secrets = {"监督": bytes(range(1, 17)), **SECRETS, "authority": bytes(range(2, 18))}
    lines = [f"{party}={secrets[party].hex()}" for party in ("authority", "evaluator", "provider", "监督")]
    text = "\n".join(["minyi-draw/1", "a" * 64, "7", *lines, "public=第 3 期"])
    assert seed_of("a" * 64, 7, secrets, "第 3 期") == hashlib.sha256(text.encode()).hexdigest()


def test_commitment_is_the_hash_of_the_secret():
    assert commitment(bytes(16)) == hashlib.sha256(bytes(16)).hexdigest()
    with pytest.raises(Refused, match="at least 16 bytes"):
        commitment(bytes(15))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"frame_hash": "A" * 64}, "frame_sha256"),
        ({"frame_hash": "a" * 63}, "frame_sha256"),
        ({"number": 0}, "number"),
        ({"secrets": {}}, "secrets"),
        ({"secrets": {"evaluator": bytes(15)}}, "secrets.evaluator"),
        ({"secrets": {"public": bytes(16)}}, "secrets.public"),
        ({"secrets": {"a=b": bytes(16)}}, "secrets.a=b"),
        ({"secrets": {"a\nb": bytes(16)}}, "secrets.a\nb"),
        ({"secrets": {"": bytes(16)}}, "secrets."),
        ({"secrets": {"a": bytes(16), "b": bytes(16)}}, "secrets"),
        ({"public": "1\nx=2"}, "public"),
    ],
)
def test_parts_that_make_a_seed_ambiguous_or_guessable_are_refused(change, field):
    with pytest.raises(Refused) as refused:
        seed_of(**{"frame_hash": "a" * 64, "number": 1, "secrets": SECRETS} | change)
    assert list(fields(refused)) == [field]
    assert refused.value.faults[0].message


# --- Verification ------------------------------------------------------------------------------------------------


def test_a_true_draw_verifies_with_all_its_steps():
    assert verify(FRAME, SEED, 3, DRAWN, sha256=frame_sha256(FRAME), ceremony=CEREMONY) is None
    assert verify(FRAME, SEED, 3, DRAWN) is None


def test_another_list_fails_at_the_frame():
    other = freeze([*FRAME.serials, "R009"])
    wrong = verify(other, SEED, 3, DRAWN, sha256=frame_sha256(FRAME))
    assert wrong == Discrepancy(Step.FRAME, frame_sha256(FRAME), frame_sha256(other))


def test_a_party_that_did_not_reveal_fails_unless_a_public_value_stands_in():
    silent = replace(CEREMONY, secrets={"evaluator": SECRETS["evaluator"]})
    wrong = verify(FRAME, SEED, 3, DRAWN, ceremony=silent)
    assert (wrong.step, wrong.place) == (Step.REVEAL, "provider")
    seed = seed_of(frame_sha256(FRAME), 1, silent.secrets, "20261122")
    drawn = serials(draw(FRAME, seed, 3))
    assert verify(FRAME, seed, 3, drawn, ceremony=replace(silent, public="20261122")) is None


def test_a_secret_other_than_the_committed_one_fails_at_its_party():
    forged = replace(CEREMONY, secrets=SECRETS | {"provider": bytes(16)})
    seed = seed_of(frame_sha256(FRAME), 1, forged.secrets)
    wrong = verify(FRAME, seed, 3, serials(draw(FRAME, seed, 3)), ceremony=forged)
    assert wrong == Discrepancy(Step.COMMITMENT, CEREMONY.commitments["provider"], commitment(bytes(16)), "provider")


def test_a_secret_that_was_never_committed_to_fails():
    late = replace(CEREMONY, secrets=SECRETS | {"purchaser": bytes(16)})
    wrong = verify(FRAME, seed_of(frame_sha256(FRAME), 1, late.secrets), 3, DRAWN, ceremony=late)
    assert (wrong.step, wrong.place, wrong.expected) == (Step.COMMITMENT, "purchaser", None)


@pytest.mark.parametrize("change", [{"number": 2}, {"public": "x"}])
def test_a_seed_that_does_not_follow_from_the_parts_fails_at_the_seed(change):
    wrong = verify(FRAME, SEED, 3, DRAWN, ceremony=replace(CEREMONY, **change))
    assert (wrong.step, wrong.found) == (Step.SEED, SEED)


@pytest.mark.parametrize(
    ("drawn", "wrong"),
    [
        (["R006", "R001", "R004"], Discrepancy(Step.DRAWN, "R004", "R001", 2)),
        (["R006", "R004"], Discrepancy(Step.DRAWN, "R001", None, 3)),
        ([*DRAWN, "R002"], Discrepancy(Step.DRAWN, None, "R002", 4)),
        (["R006", "R004", "R999"], Discrepancy(Step.DRAWN, "R001", "R999", 3, "not in the frame")),
        ([], Discrepancy(Step.DRAWN, "R006", None, 1)),
    ],
)
def test_a_list_of_drawn_that_does_not_follow_fails_at_its_place(drawn, wrong):
    assert verify(FRAME, SEED, 3, drawn, ceremony=CEREMONY) == wrong
