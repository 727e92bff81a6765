"""Codes: the check character catches what people mistype, proved over all cases; receipts use the same letters."""

import itertools
import secrets
import string
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.collect import tickets
from service.domain.collect.tickets import ALPHABET, LENGTHS, POSTER, SLIP
from service.domain.errors import Refused
from service.domain.keys import Key

bodies = {kind: st.text(ALPHABET, min_size=length - 1, max_size=length - 1) for kind, length in LENGTHS.items()}


def weights(length: int) -> list[int]:
    """The weight of each place of a code, the check character last, read off the checksum itself."""
    zero, one = ALPHABET[0], ALPHABET[1]
    found = []
    for place in range(length - 1):
        body = zero * place + one + zero * (length - 2 - place)
        found.append(-ALPHABET.index(tickets.checksum(body)) % 31)
    return [*found, 1]


def test_the_alphabet_is_a_prime_number_of_letters_without_look_alikes() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 31
    assert not set(ALPHABET) & set("01OIL")
    assert set(ALPHABET) <= set(string.ascii_uppercase + string.digits)
    assert LENGTHS[POSTER] >= 8
    assert LENGTHS[SLIP] == 12


@pytest.mark.parametrize("length", LENGTHS.values())
def test_the_check_is_a_weighted_sum_whose_weights_are_units_and_differ_everywhere(length: int) -> None:
    """With the linearity below, this proves every substitution and every swap of two letters to be caught."""
    found = weights(length)
    assert all(weight % 31 for weight in found)
    assert all((a - b) % 31 for a, b in itertools.combinations(found, 2))
    draw = Random(7)
    for _ in range(500):
        body = "".join(draw.choice(ALPHABET) for _ in range(length - 1))
        code = body + tickets.checksum(body)
        assert sum(w * ALPHABET.index(c) for w, c in zip(found, code, strict=True)) % 31 == 0


@pytest.mark.parametrize("length", LENGTHS.values())
def test_every_substitution_and_every_adjacent_swap_of_a_code_is_caught(length: int) -> None:
    """Exhaustive over places, letters and neighbours: a fault at a place depends on the letters there alone."""
    filler = "7"
    for place, (first, second) in itertools.product(range(length - 1), itertools.product(ALPHABET, repeat=2)):
        body = (filler * place + first + second + filler * length)[: length - 1]
        code = body + tickets.checksum(body)
        assert tickets.is_valid(code)
        for other in ALPHABET:
            if other != code[place]:
                assert not tickets.is_valid(code[:place] + other + code[place + 1 :])
        if code[place] != code[place + 1]:
            swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
            assert not tickets.is_valid(swapped)
    for other in ALPHABET:  # the check character itself
        if other != code[-1]:
            assert not tickets.is_valid(code[:-1] + other)


@pytest.mark.parametrize("kind", LENGTHS)
def test_new_codes_are_valid_and_of_their_length(kind: str) -> None:
    for _ in range(200):
        code = tickets.new_code(kind, secrets.randbelow)
        assert len(code) == LENGTHS[kind]
        assert tickets.normalise(code) == code


def test_all_values_of_the_random_source_are_used() -> None:
    seen = {tickets.new_code(SLIP, lambda _, value=value: value)[0] for value in range(31)}  # type: ignore[misc]
    assert seen == set(ALPHABET)


@given(bodies[SLIP], st.randoms())
def test_what_a_hand_does_to_a_code_is_undone(body: str, random: Random) -> None:
    code = body + tickets.checksum(body)
    typed = "".join(
        random.choice([c, c.lower(), chr(ord(c) + 0xFEE0)]) + random.choice(["", " ", "-", "　"]) for c in code
    )
    assert tickets.normalise(typed) == code


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "ABCD", "2345678", "O" * 12, "2" * 11 + "3", "A" * 100_000, "ABCD/EFGH/JKM", "二" * 12, "2" * 13],
)
def test_what_is_no_code_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as caught:
        tickets.normalise(typed)
    assert caught.value.reason == "code_mistyped"


def test_a_stored_hash_needs_the_key_and_differs_by_code() -> None:
    key, other = Key(b"k" * 32), Key(b"o" * 32)
    code = tickets.new_code(SLIP, secrets.randbelow)
    assert tickets.hashed(key, code) == tickets.hashed(Key(b"k" * 32), code)
    assert tickets.hashed(key, code) != tickets.hashed(other, code)
    assert code not in tickets.hashed(key, code)
    assert "k" * 8 not in repr(key)


@given(st.binary(min_size=16, max_size=16))
def test_bytes_in_our_letters_come_back(value: bytes) -> None:
    assert tickets.decode(tickets.encode(value), 16) == value


@given(st.text(ALPHABET, min_size=27, max_size=27))
def test_letters_that_nobody_encoded_are_refused(text: str) -> None:
    if not tickets.is_valid(text):
        with pytest.raises(Refused, match="receipt"):
            tickets.decode(text, 16)
    elif text < tickets.encode(b"\xff" * 16)[:-1]:
        assert tickets.encode(tickets.decode(text, 16)) == text


def test_printed_codes_are_in_groups_of_four() -> None:
    assert tickets.grouped("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"
