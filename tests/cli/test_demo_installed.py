"""`minyi demo` from the installed package alone: no checkout, an empty folder, every data file out of the wheel."""

import json
import os
import subprocess
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 180


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_installed_package_alone_plays_the_demo(tmp_path):
    (empty := tmp_path / "empty").mkdir()
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"
    # What a developer's shell may have set must not lend the installed package the checkout.
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    install = [binaries / "python", "-m", "pip", "install", "--quiet", f"{ROOT}[embedded,server]"]
    subprocess.run(install, cwd=empty, env=environ, capture_output=True, check=True)
    demo = [binaries / "minyi", "demo", "--exit", "--json", "facts.json"]
    done = subprocess.run(
        demo, cwd=empty, env=environ, capture_output=True, text=True, check=False, timeout=MOST_SECONDS
    )
    assert done.returncode == 0, done.stdout + done.stderr
    facts = json.loads((empty / "facts.json").read_text(encoding="utf-8"))
    assert facts["responses"] == 1681
    assert facts["server"]["phone_url"] in done.stdout
    assert [path.name for path in empty.iterdir()] == ["facts.json"]
    assert str(ROOT) not in loaded_from(binaries, environ, empty)


def loaded_from(binaries: Path, environ: dict[str, str], folder: Path) -> str:
    """Where the installed interpreter finds the product."""
    command = [binaries / "python", "-c", "import service, schemas; print(service.__file__, schemas.__file__)"]
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=True).stdout
