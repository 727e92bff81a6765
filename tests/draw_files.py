"""Published files of draws for tests: valid ones of every shape, and broken ones that fail at a known step."""

import copy
import random
from typing import Any

from service.domain.inspect import draws
from service.domain.inspect.frames import frame_sha256, freeze

# Letters that order, compose or encode differently in UTF-16, UTF-8, NFC and NFD.
ALPHABET = [*"ABz09-_. ~", "é", "e\u0301", "민", "\u1112\u1161\u11ab", "民", "\ue000", "\ufffd", "\uff21", "\u00c5"]
ALPHABET += ["\U00020000", "\U0002a6d6", "\U0001f600", "\u212b", "\u0344", "q\u0307\u0323", "q\u0323\u0307", "ﬁ", "Ω"]
BLANKS = ["", "", "", " ", "\t", "\u3000", "\u00a0 ", "\u2009"]


def text(chance: random.Random, most: int = 8) -> str:
    return "".join(chance.choice(ALPHABET) for _ in range(chance.randint(1, most)))


def published(chance: random.Random) -> dict[str, Any]:
    """A valid file: 1 to 40 items, none to four strata, top-ups, one to four parties, one of them perhaps silent."""
    known: dict[str, str] = {}
    for number in range(chance.randint(1, 40)):
        raw = text(chance) + chance.choice(["", str(number)])
        known.setdefault(freeze([raw + "x"]).serials[0], chance.choice(BLANKS) + raw + "x" + chance.choice(BLANKS))
    raws = list(known.values())
    names = [text(chance, 3) + "s" for _ in range(chance.randint(1, 4))]
    strata = [chance.choice(names) for _ in raws] if chance.random() < 0.5 else None
    frame = freeze(raws, strata)
    return of(chance, frame, raws, strata)


def of(chance: random.Random, frame: Any, raws: list[str], strata: list[str] | None) -> dict[str, Any]:
    """The file of a draw from this frame, whose list is published as `raws`."""
    sizes = {name or "": size for name, size in frame.sizes().items()}
    skip = {name: chance.randint(0, size - 1) if chance.random() < 0.4 else 0 for name, size in sizes.items()}
    take = {name: chance.randint(0, sizes[name] - skip[name]) for name in sizes}
    name = chance.choice(list(sizes))
    take[name] = max(1, take[name])
    parties = [chance.choice(["evaluator", "provider", "authority", "评估", "\U00020000"]) for _ in range(3)]
    secrets = {party: chance.randbytes(chance.randint(16, 40)) for party in parties}
    commitments = {party: draws.commitment(secret) for party, secret in secrets.items()}
    public = text(chance) if chance.random() < 0.5 else ""
    if public and len(secrets) > 1 and chance.random() < 0.4:
        del secrets[chance.choice(list(secrets))]
    number = chance.randint(1, 9)
    seed = draws.seed_of(frame_sha256(frame), number, secrets, public)
    drawn: list[str] = []
    for stratum, serials in frame.by_stratum().items():
        if wanted := take[stratum or ""]:
            more = draws.draw(freeze(serials), seed, wanted, skip=skip[stratum or ""])
            drawn += [item.serial for item in more]
    return {
        "format": "minyi-draw/1",
        "draw": "draw-1",
        "number": number,
        "frame": {"sha256": frame_sha256(frame), "serials": raws, "strata": strata},
        "allocation": take,
        "skip": skip if chance.random() < 0.7 else {name: more for name, more in skip.items() if more},
        "commitments": {} if chance.random() < 0.1 and len(commitments) == len(secrets) else commitments,
        "secrets": {party: secret.hex() for party, secret in secrets.items()},
        "public_source": "",
        "public": public,
        "seed": seed,
        "drawn": drawn,
    }


def large(rows: int, drawn: int) -> dict[str, Any]:
    """The file of a draw from a list of so many rows."""
    frame = freeze([f"CASE-2026-{number:06}" for number in range(rows)])
    secrets = {"evaluator": bytes(range(16)), "provider": bytes(range(16, 32))}
    seed = draws.seed_of(frame_sha256(frame), 1, secrets)
    return {
        "format": "minyi-draw/1",
        "draw": "large",
        "number": 1,
        "frame": {"sha256": frame_sha256(frame), "serials": list(frame.serials), "strata": None},
        "allocation": {"": drawn},
        "skip": {},
        "commitments": {party: draws.commitment(secret) for party, secret in secrets.items()},
        "secrets": {party: secret.hex() for party, secret in secrets.items()},
        "public_source": "",
        "public": "",
        "seed": seed,
        "drawn": [item.serial for item in draws.draw(frame, seed, drawn)],
    }


def _anywhere(chance: random.Random, values: list[Any], value: Any) -> None:
    values[chance.randrange(len(values))] = value


def _unrevealed(chance: random.Random, file: dict[str, Any]) -> None:
    file["public"] = ""
    file["commitments"]["zz silent"] = "0" * 64


def _other_secret(chance: random.Random, file: dict[str, Any]) -> None:
    file["secrets"][chance.choice(list(file["secrets"]))] = chance.randbytes(20).hex()
    if not file["commitments"]:
        file["commitments"] = dict.fromkeys(file["secrets"], "0" * 64)


def _swapped(chance: random.Random, file: dict[str, Any]) -> None:
    file["drawn"] = [*file["drawn"][1:], file["drawn"][0]] if len(set(file["drawn"])) > 1 else ["other"]


def _duplicate(chance: random.Random, file: dict[str, Any]) -> None:
    frame = file["frame"]
    frame["serials"].append(frame["serials"][0] + " ")
    if frame["strata"] is not None:
        frame["strata"].append(frame["strata"][0])


def _restratified(chance: random.Random, file: dict[str, Any]) -> None:
    frame = file["frame"]
    if frame["strata"]:
        _anywhere(chance, frame["strata"], "elsewhere")
    else:
        frame["strata"] = ["one"] * len(frame["serials"])


def _more(chance: random.Random, file: dict[str, Any]) -> None:
    file["allocation"][chance.choice(list(file["allocation"]))] += 100


WRONG_PARTS: list[tuple[str, Any]] = [
    ("format", "minyi-draw/2"),
    ("draw", ""),
    ("draw", None),
    ("number", 0),
    ("number", 1.5),
    ("number", True),
    ("number", 10**30),
    ("number", "1"),
    ("frame", None),
    ("frame", []),
    ("allocation", []),
    ("allocation", {"": -1}),
    ("skip", {"\U00020000": "1", "\uffff": "1"}),
    ("commitments", {"a": "0" * 63}),
    ("commitments", {"a": "A" * 64}),
    ("secrets", {"a": "0" * 33}),
    ("secrets", {"public": "00" * 16}),
    ("secrets", {"a=b": "00" * 16}),
    ("secrets", {"a\u200b": "00" * 16}),
    ("public", "line\nline"),
    ("public", "\ud800"),
    ("seed", None),
    ("drawn", "R001"),
    ("drawn", [1]),
    ("public_source", 7),
]


def _wrong_part(chance: random.Random, file: dict[str, Any]) -> None:
    name, value = chance.choice(WRONG_PARTS)
    file[name] = value


def _absent(chance: random.Random, file: dict[str, Any]) -> None:
    del file[chance.choice(list(file))]


# name -> (the steps at which it may fail, None for not at all; how it breaks a valid file)
BREAKS: dict[str, tuple[set[str | None], Any]] = {
    "wrong part": ({"file"}, _wrong_part),
    "absent part": ({"file"}, _absent),
    "short strata": (
        {"file"},
        lambda chance, file: file["frame"].update(strata=["a"] * (len(file["frame"]["serials"]) + 1)),
    ),
    "no rows": ({"frame"}, lambda chance, file: file["frame"].update(serials=[], strata=None)),
    "blank row": ({"frame"}, lambda chance, file: _anywhere(chance, file["frame"]["serials"], " \u3000\t")),
    "long row": ({"frame"}, lambda chance, file: _anywhere(chance, file["frame"]["serials"], "\U00020000" * 201)),
    "longest row": ({"frame"}, lambda chance, file: _anywhere(chance, file["frame"]["serials"], "\U00020000" * 200)),
    "hidden": ({"frame"}, lambda chance, file: _anywhere(chance, file["frame"]["serials"], "a\u202eb")),
    "half pair": ({"frame"}, lambda chance, file: _anywhere(chance, file["frame"]["serials"], "a\udc00")),
    "duplicate": ({"frame"}, _duplicate),
    "moved stratum": ({"frame"}, _restratified),
    "other hash": ({"frame"}, lambda chance, file: file["frame"].update(sha256="0" * 64)),
    "unrevealed": ({"reveal"}, _unrevealed),
    "no secrets": ({"reveal"}, lambda chance, file: file.update(secrets={})),
    "other secret": ({"commitment"}, _other_secret),
    "short secret": ({"commitment"}, lambda chance, file: file["secrets"].update(aa="00" * 15)),
    "same secret": (
        {"commitment"},
        lambda chance, file: file["secrets"].update({"\U0002ffff": next(iter(file["secrets"].values()))}),
    ),
    "uncommitted": ({"commitment", "seed"}, lambda chance, file: file["secrets"].update(zz=chance.randbytes(16).hex())),
    "other seed": ({"seed"}, lambda chance, file: file.update(seed="0" * 64)),
    "other number": ({"seed"}, lambda chance, file: file.update(number=file["number"] + 1)),
    "other public": ({"seed"}, lambda chance, file: file.update(public=file["public"] + "1")),
    "unknown stratum": ({"allocation"}, lambda chance, file: file["skip"].update({"__proto__": 1})),
    "too many": ({"allocation"}, _more),
    "nothing asked": ({"allocation"}, lambda chance, file: file.update(allocation={})),
    "swapped": ({"drawn"}, _swapped),
    "one less": ({"drawn"}, lambda chance, file: file["drawn"].pop()),
    "one more": ({"drawn"}, lambda chance, file: file["drawn"].append(file["drawn"][0])),
    "foreign": ({"drawn"}, lambda chance, file: _anywhere(chance, file["drawn"], "nobody")),
}


def broken(chance: random.Random, name: str) -> dict[str, Any]:
    file = copy.deepcopy(published(chance))
    BREAKS[name][1](chance, file)
    return file
