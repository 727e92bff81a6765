"""The second judge of a workbook: pyxform converts it, and what only a phone would find out is looked for."""

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from service.domain.collect.xlsforms.sheets import SURVEY, Finding, Sheet

_SHEETS: Final = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_SPACES: Final = re.compile(r"[ \t\u00a0]{9,}")  # after a `${` pyxform goes over them in quadratic time
_ROW: Final = re.compile(r"\[row\s*:\s*(\d+)\]\s*")
_SHEET: Final = re.compile(r"'(survey|choices|settings|entities)' sheet")
_TEXTS: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_PATH: Final = re.compile(r"(?:current\(\)/|\./)?(?:\.\./)+[\w.-]+(?:/[\w.-]+)*|(?<![\w)\].])/[\w.-]+(?:/[\w.-]+)*")
_INSTANCE: Final = re.compile(r"instance\(\s*['\"]([^'\"]+)['\"]\s*\)")
_XFORMS: Final = "{http://www.w3.org/2002/xforms}"
_CONDITIONS: Final = ("relevant", "constraint", "calculate", "required", "readonly")
_VALIDATE_SECONDS: Final = 60
_OF_CODES: Final = "machine-readable codes"  # its list of languages has no scripts: it would warn of zh-Hans


def judge(workbook: Sequence[Sheet], *, validate: bool = False) -> list[Finding]:
    """What no phone could load, what pyxform refuses or warns of. `validate`: ask ODK Validate too, where it runs."""
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert

    told: list[str] = []
    try:
        xform = convert(as_pyxform(workbook), warnings=told).xform
    except PyXFormError as error:
        return [_finding(line, warning=False) for line in _lines(str(error))]
    except Exception as error:
        return [_finding(f"{type(error).__name__}: {error}", warning=False)]
    findings = [_finding(line, warning=True) for text in told if _OF_CODES not in text for line in _lines(text)]
    problems = list(_unloadable(xform))
    if validate and not problems:
        problems = [_finding(line, warning=False) for line in _validated(xform)]
    return [*problems, *findings]


def as_pyxform(workbook: Sequence[Sheet]) -> dict[str, Any]:
    """The sheets as pyxform's own reader hands them out, empty rows included: it counts them."""
    book: dict[str, Any] = {"sheet_names": [sheet.name for sheet in workbook]}
    for sheet in workbook:
        name = sheet.name.strip().lower()
        if name in _SHEETS:
            rows: list[Mapping[str, str]] = [{} for _ in range(max((row for row, _ in sheet.rows), default=1) - 1)]
            for number, cells in sheet.rows:
                rows[number - 2] = {
                    key: _SPACES.sub(" ", text.strip()).replace("\u00a0", " ") for key, text in cells.items()
                }
            book[name] = rows
            book[f"{name}_header"] = [dict.fromkeys(sheet.header)]
    return book


def _lines(text: str) -> list[str]:
    """A message for each row that pyxform names."""
    parts = re.split(r"\n(?=\[row)", text.strip())
    return [part for part in parts if part] or ["?"]


def _finding(text: str, *, warning: bool) -> Finding:
    row = _ROW.search(text)
    sheet = _SHEET.search(text)
    clean = " ".join(_ROW.sub("", text).split())[:400]
    return Finding(
        sheet[1] if sheet else SURVEY, int(row[1]) if row else None, "", "xlsform_converter", {"text": clean}, warning
    )


def _unloadable(xform: str) -> Iterator[Finding]:
    """Prefixes that nobody binds, paths and instances that lead nowhere: such a form converts and opens on no phone."""
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(xform)
    except ParseError as error:
        yield Finding(SURVEY, 1, "", "xlsform_xml", {"text": str(error)})
        return
    model = root.find(f".//{_XFORMS}model")
    instances = model.findall(f"{_XFORMS}instance") if model is not None else []
    if not instances or not len(instances[0]):
        return
    known = set(_paths(instances[0][0], ""))
    names = {instance.get("id") for instance in instances}
    for place, text in _expressions(root):
        bare = _TEXTS.sub("''", text)
        for path in _PATH.findall(bare):
            full = _resolved(place, path)
            if full not in known and not _inside_instance(bare, path):
                yield _dead(place, path)
        for name in _INSTANCE.findall(text):
            if name not in names:
                yield _dead(place, f"instance('{name}')")


def _dead(place: str, path: str) -> Finding:
    name = place.rpartition("/")[2]
    return Finding(SURVEY, None, name, "xlsform_dead_path", {"value": path[:80], "name": name[:60]})


def _paths(element: Element, above: str) -> Iterator[str]:
    path = f"{above}/{element.tag.rpartition('}')[2]}"
    yield path
    for child in element:
        yield from _paths(child, path)


def _expressions(root: Element) -> Iterator[tuple[str, str]]:
    """(path of the node that it belongs to, expression)."""
    for bind in root.iter(f"{_XFORMS}bind"):
        for name in _CONDITIONS:
            if text := bind.get(name):
                yield bind.get("nodeset", ""), text
    for output in root.iter(f"{_XFORMS}output"):
        yield "", output.get("value", "")


def _inside_instance(text: str, path: str) -> bool:
    """Steps after `instance(…)` walk another document."""
    return "instance(" in text and re.search(r"instance\(''\)" + re.escape(path), text) is not None


def _resolved(place: str, path: str) -> str:
    if path.startswith("/"):
        return path
    steps = place.split("/")
    for step in path.removeprefix("current()/").removeprefix("./").split("/"):
        if step == "..":
            steps = steps[:-1]
        else:
            steps.append(step)
    return "/".join(steps)


def _validated(xform: str) -> Iterator[str]:
    """The errors of ODK Validate, which pyxform ships and which needs Java; none where there is no Java."""
    from pyxform.validators import odk_validate

    java = shutil.which("java")
    jar = Path(odk_validate.__file__).parent / "bin" / "ODK_Validate.jar"
    if java is None or not jar.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "form.xml"
        file.write_text(xform, encoding="utf-8")
        command = [java, "-Xmx256m", "-Djava.awt.headless=true", "-jar", str(jar), str(file)]
        done = subprocess.run(  # noqa: S603 - no shell; the only argument that varies is our own folder
            command, capture_output=True, text=True, timeout=_VALIDATE_SECONDS, check=False
        )
    if done.returncode:
        yield next((line for line in io.StringIO(done.stderr) if "rror" in line), "ODK Validate refuses it").strip()
