"""Evidence packages on a laptop: a folder or an archive, read part by part, held to limits."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import click

MOST_BYTES = 512 * 1024 * 1024  # of one part when it is unpacked
ROUND, TALLIES = "round.json", "tallies/"
_PACKED = b"PK\x03\x04"


class BadPackage(click.ClickException):
    """A package that cannot be used: told on stderr, exit code 2 as for wrong options."""

    exit_code = 2


class Package:
    """The parts of a package by name."""

    def __init__(self, path: Path) -> None:
        self._folder = path if path.is_dir() else None
        self._archive = None if self._folder else _archive(path)

    def names(self, beginning: str) -> list[str]:
        """Of the parts that begin so, in order."""
        if self._folder is not None:
            found = [str(one.relative_to(self._folder).as_posix()) for one in self._folder.rglob("*") if one.is_file()]
        else:
            found = self._archive.namelist()  # type: ignore[union-attr]
        return sorted(name for name in found if name.startswith(beginning))

    def data(self, name: str) -> Any:
        """The JSON of a part."""
        try:
            return json.loads(self.read(name).decode())
        except ValueError as error:
            raise BadPackage(f"{name}: this is not JSON in UTF-8") from error

    def read(self, name: str) -> bytes:
        """A whole part. Raises BadPackage."""
        try:
            if self._folder is not None:
                with (self._folder / name).open("rb") as file:
                    return _limited(name, file)
            return part_of(self._archive, name)  # type: ignore[arg-type]
        except (OSError, KeyError) as error:
            raise BadPackage(f"{name} is missing from the package") from error


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise BadPackage(f"{path}: this is neither a folder nor a ZIP archive") from error


def part_of(archive: zipfile.ZipFile, name: str, limit: int = MOST_BYTES) -> bytes:
    """A part of an archive, however much it claims to unpack to. Raises KeyError, BadPackage."""
    try:
        with archive.open(name) as file:
            return _limited(name, file, limit)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise BadPackage(f"{name} cannot be unpacked: {error}") from error


def _limited(name: str, file: IO[bytes], limit: int = MOST_BYTES) -> bytes:
    content = file.read(limit + 1)
    if len(content) > limit:
        raise BadPackage(f"{name} is larger than {limit} bytes")
    return content


def packed(content: bytes) -> bool:
    """Whether a file begins as an archive does."""
    return content.startswith(_PACKED)


def differing(path: Path) -> Iterator[tuple[str, str]]:
    """("", what was recomputed) or (what differs, where) for each tally and each survey of a package."""
    from service.domain.collect import questionnaires, tallies
    from service.domain.collect.tickets import Batch
    from service.domain.evaluate.evidence import from_plain
    from service.domain.evaluate.scheme_loading import load_scheme
    from service.operations.evaluate.survey_evidence import Answers

    package = Package(path)
    round = package.data(ROUND)
    scheme = load_scheme(round["scheme"]["text"], round["scheme"]["bases"])
    counted: dict[str, Answers] = {}
    for name in package.names(TALLIES):
        data = package.data(name)
        tally = tallies.from_plain(data["tally"])
        if (found := tallies.digest(tally)) != data["digest"]:
            yield f"its digest is {found}, not {data['digest']}", name
        batches = [Batch(**one | {"created_at": datetime.fromisoformat(one["created_at"])}) for one in data["batches"]]
        questionnaire = questionnaires.parse(data["questionnaire"])
        counted[data["campaign"]] = Answers(data["campaign"], tally, batches, questionnaire)
    specs = {node.id: node.spec for node in scheme.nodes}
    for survey in from_plain(round["evidence"]).surveys:
        yield _survey(scheme, specs[survey.node], survey, counted.get(survey.campaign))


def _survey(scheme: Any, spec: Any, survey: Any, answers: Any) -> tuple[str, str]:
    """A survey's evidence against what follows from the tally; institutions' signed opinions have none."""
    from service.domain.evaluate.canonical import as_data
    from service.operations.evaluate.survey_evidence import survey_evidence

    if answers is None:
        return "", f"{survey.node}: there is no tally of {survey.campaign}, so its figure was not recomputed"
    made, there = as_data(survey_evidence(scheme, survey.node, spec, answers)), as_data(survey)
    for name in made:
        if made[name] != there.get(name):
            return f"{name} should be {made[name]}, and is {there.get(name)}", survey.node
    return "", f"{survey.node}: {made['figure_value']} follows from {made['n']} answers of {survey.campaign}"
