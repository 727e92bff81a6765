"""A round's export: scheme, evidence, corrections and trees in one file, from which anybody recomputes the result."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from service.domain.errors import Fault, Refused
from service.domain.evaluate.corrections import Edit, corrected
from service.domain.evaluate.evidence import Evidence, from_plain, ordered
from service.domain.evaluate.results import ResultVersion, nodes_of, text_sha256
from service.domain.evaluate.scheme_loading import load_scheme
from service.domain.evaluate.schemes import Scheme, SchemeVersion, canonical, digest
from service.domain.evaluate.scores import score

FORMAT = "minyi-round/1"
MOST_BYTES = 64 * 1024 * 1024
# What may differ, as the word that `minyi score` prints.
SCHEME, EVIDENCE, EDITS, TREE, TOTAL = "scheme", "evidence", "edits", "tree", "total"


@dataclass(frozen=True)
class Deviation:
    """What does not follow from the rest of the file: in which version, where, what was expected and what is there."""

    what: str
    version: int
    place: str
    expected: str
    found: str


@dataclass(frozen=True)
class Verdict:
    """`deviation` None if every version follows. `total`, `grade` and digests are those of the last one."""

    deviation: Deviation | None
    versions: int = 0
    total: str = ""
    grade: str = ""
    inputs_digest: str = ""
    tree_sha256: str = ""
    journal_head: str = ""


def export(round: Mapping[str, Any], version: SchemeVersion, results: Sequence[ResultVersion]) -> str:
    """The file, canonical JSON. Evidence stands in it once, as the first version had it; later ones are their edits."""
    first = results[0]
    made = {
        "format": FORMAT,
        "round": dict(round),
        "scheme": {"id": version.id, "text": version.text, "bases": dict(version.bases), "digest": version.digest},
        "evidence": json.loads(first.evidence),
        "results": [_result(result) for result in results],
    }
    return canonical(made).decode()


def _result(result: ResultVersion) -> dict[str, Any]:
    return {
        "number": result.number,
        "reason": result.reason,
        "case": result.case,
        "made_at": result.made_at.isoformat(),
        "edits": [dict(edit) for edit in result.edits],
        "tree": json.loads(result.tree),
        "tree_sha256": text_sha256(result.tree),
        "journal_head": result.journal_head,
    }


def verify(text: str) -> Verdict:
    """Recompute every version of an export from its scheme's text, its evidence and its edits alone.

    Raises Refused("invalid") naming the place for what is no export at all.
    """
    data = _read(text)
    scheme, wrong = _scheme(data["scheme"])
    if scheme is None or wrong is not None:
        return Verdict(wrong)
    evidence = ordered(from_plain(data["evidence"]))
    results = data["results"]
    for at, result in enumerate(results):
        edits = [_edit(each, f"results.{at}.edits.{place}") for place, each in enumerate(result["edits"])]
        if bool(edits) != (at > 0):
            expected = "edits" if at else "no edits"
            return Verdict(Deviation(EDITS, result["number"], "", expected, f"{len(edits)} edits"))
        if edits:
            evidence = ordered(corrected(evidence, edits))
        if (wrong := _compared(scheme, evidence, result)) is not None:
            return Verdict(wrong)
    tree = results[-1]["tree"]
    return Verdict(
        None,
        versions=len(results),
        total=tree["total"],
        grade=tree["grade"]["id"] if tree["grade"] else "",
        inputs_digest=tree["inputs_digest"],
        tree_sha256=results[-1]["tree_sha256"],
        journal_head=results[-1]["journal_head"],
    )


def _read(text: str) -> Mapping[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _no_export("file", "JSON") from error
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _no_export("format", FORMAT)
    _check_shape(data, {"scheme": dict, "evidence": dict, "results": list}, "")
    if not data["results"]:
        raise _no_export("results", "at least one result")
    for at, result in enumerate(data["results"]):
        _check_shape(result, _RESULT, f"results.{at}.")
    return data


_RESULT = {"number": int, "edits": list, "tree": dict, "tree_sha256": str, "journal_head": str}


def _check_shape(data: Any, shape: Mapping[str, type], place: str) -> None:
    for name, kind in shape.items():
        if not isinstance(data, dict) or not isinstance(data.get(name), kind):
            raise _no_export(f"{place}{name}", {dict: "an object", list: "a list", int: "a number"}.get(kind, "a text"))


def _no_export(place: str, expected: str) -> Refused:
    return Refused("invalid", [Fault(place, "wrong_type", {"expected": expected})])


def _scheme(data: Mapping[str, Any]) -> tuple[Scheme | None, Deviation | None]:
    text, bases = data.get("text"), data.get("bases", {})
    if not isinstance(text, str) or not isinstance(bases, dict) or not all(isinstance(b, str) for b in bases.values()):
        raise _no_export("scheme.text", "a text, with the texts of its bases")
    scheme = load_scheme(text, bases)
    if (computed := digest(scheme)) != data.get("digest"):
        return None, Deviation(SCHEME, 0, "digest", computed, str(data.get("digest")))
    return scheme, None


def _edit(data: Any, place: str) -> Edit:
    known = {field.name for field in fields(Edit)}
    needed = {"kind", "node", "field", "value", "reason"}
    if not isinstance(data, dict) or not needed <= set(data) <= known:
        raise _no_export(place, "an edit")
    if not all(isinstance(part, str) for name, part in data.items() if name != "value"):
        raise _no_export(place, "texts")
    return Edit(**data)


def _compared(scheme: Scheme, evidence: Evidence, result: Mapping[str, Any]) -> Deviation | None:
    """Byte for byte; the first node that differs is named, before what follows from it."""
    tree, number = score(scheme, evidence), result["number"]
    text = canonical(tree).decode()
    there, made = result["tree"], json.loads(text)
    if there.get("scheme_digest") != made["scheme_digest"]:
        return Deviation(SCHEME, number, "scheme_digest", made["scheme_digest"], str(there.get("scheme_digest")))
    other_inputs = there.get("inputs_digest") != made["inputs_digest"]
    for place, expected, found in _nodes(made, there):
        return Deviation(EVIDENCE if other_inputs else TREE, number, place, expected, found)
    if other_inputs:
        return Deviation(EVIDENCE, number, "inputs_digest", made["inputs_digest"], str(there.get("inputs_digest")))
    for name in sorted({*made, *there}):
        if made.get(name) != there.get(name):
            return Deviation(TOTAL, number, name, _shown(made.get(name)), _shown(there.get(name)))
    if result["tree_sha256"] != text_sha256(text):
        return Deviation(TREE, number, "tree_sha256", text_sha256(text), result["tree_sha256"])
    return None


def _nodes(made: Mapping[str, Any], there: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(place, expected, found) of what differs in the nodes; leaves before the sums that follow from them."""
    try:
        found = {node["id"]: node for node in nodes_of(there)}
    except (KeyError, TypeError, AttributeError):
        yield "standards", "a tree of nodes", "something else"
        return
    expected = list(nodes_of(made))
    if [*found] != [node["id"] for node in expected]:
        yield "standards", ", ".join(node["id"] for node in expected), ", ".join(map(str, found))
        return
    for node in sorted(expected, key=lambda node: bool(node["children"])):
        for name in ("score", "points", *sorted(node)):
            if name != "children" and node[name] != found[node["id"]].get(name):
                yield f"{node['id']}.{name}", _shown(node[name]), _shown(found[node["id"]].get(name))


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}…"
