"""Tests about the code base itself: borders, sizes, documentation and what travels in the wheel."""

import ast
import datetime
import functools
import gettext
import io
import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from pathspec import GitIgnoreSpec

from service.cli import main

ROOT = Path(__file__).parent.parent
LINT = Path(sys.executable).parent / "lint-imports"
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {each["name"]: each for each in PYPROJECT["tool"]["importlinter"]["contracts"]}
SHIPPED = ("service", "schemas", "survey_templates")

MOST_LINES_OF_A_FILE = 400
MOST_LINES_OF_A_FUNCTION = 40
MOST_LINES_OF_A_CONFTEST = 100


@functools.cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root: all that .gitignore lets in (a test machine may lack git)."""
    ignored = GitIgnoreSpec.from_lines(read(".gitignore").splitlines())
    found = []
    for folder, folders, names in os.walk(ROOT):
        here = Path(folder).relative_to(ROOT)
        folders[:] = [name for name in folders if name != ".git" and not ignored.match_file(f"{here / name}/")]
        found += [here / name for name in names if name != ".git" and not ignored.match_file(here / name)]
    return tuple(sorted(found))


def sources(*folders: str) -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.parts[0] in folders]


def read(path: Path | str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@functools.cache
def tree(path: Path) -> ast.Module:
    return ast.parse(read(path), str(path))


def between(text: str, name: str) -> str:
    """The part of a Markdown text between `<!-- name -->` and `<!-- /name -->`."""
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    assert found, f"README.md has no part marked {name}"
    return found[1]


# --- Import contracts


def broken_contracts(folder: Path) -> set[str]:
    """Names of the contracts that do not hold in a copy of the tree; every contract must have been looked at."""
    done = subprocess.run(
        [LINT, "--no-logo", "--no-cache", "--config", "pyproject.toml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = dict(re.findall(r"^(\S+) (KEPT|BROKEN)\b", done.stdout, re.MULTILINE))
    assert set(verdicts) == set(CONTRACTS), done.stdout + done.stderr
    broken = {name for name, verdict in verdicts.items() if verdict == "BROKEN"}
    assert (done.returncode == 0) == (not broken)
    return broken


def copy_with(folder: Path, planted: dict[str, str]) -> Path:
    """A copy of the code in which each planted line stands at the end of its module (made where it does not exist)."""
    for name in ("service", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "static", "templates"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name, line in planted.items():
        with (folder / name).open("a", encoding="utf-8") as module:
            module.write(f"\n\n{line}\n")
    return folder


def test_the_nine_contracts_are_written_down():
    wanted = {"layers", "pure", "verbs", "wire", "driver", "documents", "web-store", "dialects", "acyclic"}
    assert set(CONTRACTS) == wanted


# The contract -> wrong imports, each of which must break this contract and no other.
PLANTED = [
    ("layers", {"service/store/planted.py": "import service.operations"}),
    ("layers", {"service/operations/planted.py": "import service.config"}),
    ("pure", {"service/domain/planted.py": "import flask"}),
    ("pure", {"service/domain/planted.py": "def late():\n    import werkzeug"}),
    # Indirect: through a module of ours that no layer holds.
    ("pure", {"service/domain/planted.py": "import service.planted", "service/planted.py": "import werkzeug"}),
    ("verbs", {"service/operations/planted.py": "from marshmallow import Schema"}),
    ("wire", {"schemas/planted.py": "from flask import request"}),
    ("driver", {"service/web/planted.py": "from bson import ObjectId"}),
    ("documents", {"service/operations/planted.py": "import service.store.documents"}),
    ("web-store", {"service/web/api/planted.py": "import service.store"}),
    ("dialects", {"service/web/api/planted.py": "import service.web.pages"}),
    # Indirect: through a module that both dialects may use.
    (
        "dialects",
        {
            "service/web/pages/planted.py": "import service.web.planted",
            "service/web/planted.py": "import service.web.api",
        },
    ),
    (
        "acyclic",
        {
            "service/domain/planted_a.py": "import service.domain.planted_b",
            "service/domain/planted_b.py": "import service.domain.planted_a",
        },
    ),
    (
        "acyclic",
        {
            "service/operations/planted_a.py": "import service.operations.planted_b",
            "service/operations/planted_b.py": "from service.operations import planted_c",
            "service/operations/planted_c.py": "def late():\n    import service.operations.planted_a",
        },
    ),
]


def test_every_contract_holds_and_each_breaks_alone_with_a_planted_import(tmp_path):
    wanted: list[set[str]] = [set(), *({name} for name, _ in PLANTED)]
    planted: list[dict[str, str]] = [{}, *(lines for _, lines in PLANTED)]
    copies = [copy_with(tmp_path / str(number), lines) for number, lines in enumerate(planted)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(broken_contracts, copies))
    assert list(zip(planted, found, strict=True)) == list(zip(planted, wanted, strict=True))
    assert {name for name, _ in PLANTED} == set(CONTRACTS)


def test_every_part_of_the_service_stands_in_a_layer_and_under_the_driver_contract():
    parts = {f"service.{path.parts[1].removesuffix('.py')}" for path in sources("service") if len(path.parts) > 1}
    parts -= {"service.__init__"}
    layers = {name for line in CONTRACTS["layers"]["layers"] for name in re.split(r" [:|] ", line)}
    assert parts | {"schemas"} == layers
    assert set(CONTRACTS["driver"]["source_modules"]) == layers - {"service.store"}


def test_every_dialect_stands_in_its_contract():
    folders = {path.parts[2] for path in sources("service") if path.parts[1] == "web" and len(path.parts) > 3}
    dialects = folders - {"printing", "charts", "exporting"}  # no dialects: what makes files has no routes of its own
    assert {f"service.web.{name}" for name in dialects} == set(CONTRACTS["dialects"]["modules"])


def test_the_root_of_the_package_does_nothing():
    # Whatever stands there runs on every `import service.domain`.
    assert len(tree(Path("service/__init__.py")).body) == 1


def imported(node: ast.AST) -> list[str]:
    """Top-level names of the packages that a statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [(node.module or "").partition(".")[0]]
    return []


def test_domain_needs_nothing_but_the_standard_library_at_its_import():
    # yaml turns text into values: no clock, no file, no network. numpy and scipy are heavy: inside functions only.
    allowed = set(sys.stdlib_module_names) | {"service", "yaml"}
    for path in sources("service"):
        if path.parts[1] != "domain":
            continue
        inside = {id(node) for function in functions(tree(path)) for node in ast.walk(function)}
        for node in ast.walk(tree(path)):
            late = {"numpy", "scipy"} if id(node) in inside else set()
            assert set(imported(node)) <= allowed | late, f"{path}:{getattr(node, 'lineno', 0)}"


def test_only_config_reads_the_environment():
    for path in sources("service", "schemas"):
        for node in ast.walk(tree(path)):
            name = node.attr if isinstance(node, ast.Attribute) else node.name if isinstance(node, ast.alias) else ""
            if name in ("environ", "environb", "getenv", "getenvb"):
                assert path == Path("service/config.py"), f"{path} reads the environment"


def test_survey_templates_hold_data_only():
    assert not sources("survey_templates")


def test_importing_the_app_loads_no_heavy_library():
    heavy = ("scipy", "numpy", "matplotlib", "pandas", "openpyxl", "pyxform", "docx", "lxml")
    program = f"import sys, service.app; print(*[name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


# --- Sizes and docstrings


def functions(module: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_no_file_is_too_long():
    lengths = {str(path): len(read(path).splitlines()) for path in sources("service", "schemas", "tests")}
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FILE} == {}
    assert lengths.get("tests/conftest.py", 0) <= MOST_LINES_OF_A_CONFTEST


def test_no_function_is_too_long():
    lengths = {
        f"{path}: {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in sources("service", "schemas")
        for function in functions(tree(path))
    }
    assert lengths
    assert {name: lines for name, lines in lengths.items() if lines > MOST_LINES_OF_A_FUNCTION} == {}


def test_every_module_says_what_it_holds():
    silent = [str(path) for path in sources("service", "schemas", "tests") if not ast.get_docstring(tree(path))]
    assert silent == []


def test_every_public_function_of_the_domain_has_a_docstring():
    silent = [
        f"{path}: {node.name}"
        for path in sources("service")
        if path.parts[1] == "domain"
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


# --- Documentation


def test_the_map_in_readme_is_the_tree():
    # A line of the map: a folder with its final slash or a file at the top, two spaces or more, what it holds.
    lines = [line for line in between(read("README.md"), "map").splitlines() if line and not line.startswith("```")]
    mapped = [line.split()[0] for line in lines]
    assert all(re.match(r"\S+ {2,}\S", line) for line in lines), "every line of the map says what is there"
    assert len(mapped) == len(set(mapped))
    folders = {f"{parent}/" for path in files() for parent in path.parents if parent != Path(".")}
    top = {path.name for path in files() if len(path.parts) == 1}
    missing, stale = (folders | top) - set(mapped), set(mapped) - (folders | top)
    assert not missing, f"add to the map in README.md: {sorted(missing)}"
    assert not stale, f"no longer there, but in the map of README.md: {sorted(stale)}"


def commands(group: click.Group, prefix: str = "minyi") -> dict[str, str]:
    """Full name of every command -> the first sentence of its help."""
    found: dict[str, str] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            found |= commands(command, f"{prefix} {name}")
        elif not command.hidden:
            found[f"{prefix} {name}"] = command.get_short_help_str(limit=200)
    return found


def test_every_command_is_documented_in_readme():
    table = "\n".join(
        ["| command | what it does |", "|---|---|", *(f"| `{n}` | {h} |" for n, h in commands(main).items())]
    )
    assert all(commands(main).values()), "every command has a help text"
    assert between(read("README.md"), "commands").strip() == table


def test_links_between_the_documents_lead_somewhere():
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        for target in re.findall(r"\]\((?!https?://)([^)#]+)", read(name)):
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_the_changelog_is_dated_newest_first():
    headings = re.findall(r"^## (.+)$", read("CHANGELOG.md"), re.MULTILINE)
    assert headings
    released = headings[1:] if headings[0] == "Unreleased" else headings
    dates = []
    for heading in released:
        found = re.fullmatch(r"\d+\.\d+\.\d+ \((\d{4}-\d{2}-\d{2})\)", heading)
        assert found, heading
        dates.append(datetime.date.fromisoformat(found[1]))
    assert dates == sorted(dates, reverse=True)
    assert headings[0] == "Unreleased" or headings[0].startswith(PYPROJECT["project"]["version"])


def test_the_decisions_are_dated():
    headings = re.findall(r"^### (.+)$", between(read("CONTRIBUTING.md"), "decisions"), re.MULTILINE)
    assert len(headings) >= 10
    for heading in headings:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2} \S.*", heading), heading


# --- What travels


def test_the_wheel_holds_every_file_of_the_product_and_no_other(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", tmp_path],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    held = {name for name in names if ".dist-info/" not in name}
    wanted = {path.as_posix() for path in files() if path.parts[0] in SHIPPED}
    assert held == wanted
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {Path(name).suffix for name in held} >= {".py", ".yaml", ".csv"}


TRANSLATIONS = [path for path in files() if path.suffix == ".po"]


def test_both_written_forms_of_chinese_are_there():
    assert {path.parts[-3] for path in TRANSLATIONS} >= {"zh_Hans", "zh_Hant"}


@pytest.mark.parametrize("path", TRANSLATIONS, ids=str)
def test_compiled_translations_are_fresh_and_complete(path):
    with (ROOT / path).open("rb") as source:
        catalogue = read_po(source)
    untranslated = [message.id for message in catalogue if message.id and (not message.string or message.fuzzy)]
    assert untranslated == []
    fresh = io.BytesIO()
    write_mo(fresh, catalogue)
    fresh.seek(0)

    def texts(compiled: io.BufferedIOBase | io.BytesIO) -> dict:
        # The header names the tool's version; it is not a text.
        return {key: text for key, text in gettext.GNUTranslations(compiled)._catalog.items() if key}  # type: ignore[attr-defined, arg-type]

    with (ROOT / path).with_suffix(".mo").open("rb") as stored:
        assert texts(stored) == texts(fresh), "run `make translations`"


def test_every_translated_text_keeps_its_parameters():
    for path in TRANSLATIONS:
        with (ROOT / path).open("rb") as source:
            catalogue = read_po(source)
        for message in catalogue:
            originals = [message.id] if isinstance(message.id, str) else list(message.id)
            given = [message.string] if isinstance(message.string, str) else list(message.string)
            allowed = set(itertools.chain.from_iterable(parameters(text) for text in originals))
            for text in given:
                assert parameters(text) <= allowed, f"{path}: {text}"


def parameters(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[a-z]|(?<!\{)\{\w+\}", text))
