"""The Makefile and the scripts beside it, run in environments where something is missing."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE)


def run(*command: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    # The suite itself may run under make: its flags are not for the make that is tested.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    environ = env if env is not None else inherited
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def test_make_alone_explains_every_target_and_does_nothing_else():
    listed = run("make", "--no-print-directory")
    assert listed.returncode == 0, listed.stderr
    assert {"demo", "serve", "test", "test-all", "lint", "bench"} <= set(TARGETS)
    for target in TARGETS:
        assert re.search(rf"^ *make {target} +\w", listed.stdout, re.MULTILINE), target
    assert len(listed.stdout.splitlines()) == len(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_is_in_the_documents(target):
    documents = "".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md"))
    assert f"make {target}" in documents


def test_no_target_is_mistaken_for_a_file():
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(phony[1].split()) == set(TARGETS)


@pytest.mark.parametrize("python", ["/nowhere/python3", "false"])
def test_without_a_new_enough_python_make_says_so_and_makes_nothing(tmp_path, python):
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    done = run("make", "-C", str(tmp_path), f"PYTHON={python}", "demo")
    assert done.returncode != 0
    assert "Minyi needs Python 3.11 or newer" in done.stderr
    assert not (tmp_path / ".venv").exists()


def program(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.fixture
def bare(tmp_path) -> Path:
    """A folder for PATH on a machine without browser and fonts, whose user is 1000; apt-get writes down its call."""
    (tmp_path / "sh").symlink_to(shutil.which("sh") or "/bin/sh")
    program(tmp_path, "id", "echo 1000")
    program(tmp_path, "apt-get", f'echo "$@" >> {tmp_path}/apt.log')
    return tmp_path


def test_without_rights_the_browser_setup_names_what_is_missing(bare):
    done = run(shutil.which("sh") or "/bin/sh", "tests/browser-setup", env={"PATH": str(bare)})
    assert done.returncode == 1
    assert "apt-get install chromium-headless-shell fontconfig fonts-noto-cjk" in done.stderr
    assert not (bare / "apt.log").exists()


def test_as_root_the_browser_setup_installs_only_what_is_missing(bare):
    program(bare, "id", "echo 0")
    program(bare, "chromium-headless-shell", "exit 0")
    program(bare, "fc-list", "exit 0")
    done = run(shutil.which("sh") or "/bin/sh", "tests/browser-setup", env={"PATH": str(bare)})
    assert done.returncode == 0, done.stderr
    update, install = (bare / "apt.log").read_text(encoding="utf-8").splitlines()
    assert update.startswith("update")
    assert [word for word in install.split() if not word.startswith("-")] == ["install", "fonts-noto-cjk"]


@pytest.mark.parametrize("browser", ["chromium", "chromium-headless-shell"])
def test_with_everything_there_the_browser_setup_does_nothing(bare, browser):
    program(bare, browser, "exit 0")
    program(bare, "fc-list", 'echo "Noto Sans CJK SC"')
    done = run(shutil.which("sh") or "/bin/sh", "tests/browser-setup", env={"PATH": str(bare)})
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_ci_runs_what_everybody_runs():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail" in text
    assert text.rstrip().endswith("\nmake test")
