"""The files in docker/: linted, checked against rules that no linter knows, and the entrypoint run for real."""

import fnmatch
import http.server
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml

from service.config import documented

ROOT = Path(__file__).parent.parent
DOCKER = ROOT / "docker"
BIN = Path(sys.executable).parent

SECRET_NAME = re.compile(r"secret|password|passwd|token|key", re.IGNORECASE)


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile as (instruction, rest) pairs, comments dropped and continued lines joined."""
    lines = [line for line in (DOCKER / "Dockerfile").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line.strip())]


def having(word: str) -> list[str]:
    return [rest for instruction, rest in instructions() if instruction == word]


def last_stage() -> list[tuple[str, str]]:
    start = max(place for place, (word, _) in enumerate(instructions()) if word == "FROM")
    return instructions()[start:]


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))


# --- Dockerfile


def test_hadolint_finds_nothing():
    found = subprocess.run(
        [BIN / "hadolint", "--no-color", "--failure-threshold", "style", DOCKER / "Dockerfile"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stdout + found.stderr


def test_hadolint_would_find_something(tmp_path):
    bad = tmp_path / "Dockerfile"
    bad.write_text("FROM python:latest\nADD . /\nCMD python\n", encoding="utf-8")
    found = subprocess.run([BIN / "hadolint", "--no-color", bad], capture_output=True, text=True, check=False)
    assert {"DL3007", "DL3020", "DL3025"} <= set(re.findall(r"DL\d+", found.stdout))


def test_two_stages_on_one_pinned_base():
    bases = {rest.split()[0] for rest in having("FROM")}
    assert len(having("FROM")) == 2
    assert bases == {"python:3.11-slim-bookworm"}


def test_the_service_runs_as_a_number_that_is_not_root():
    users = [rest for word, rest in last_stage() if word == "USER"]
    assert users
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", users[-1])
    # Nothing may run as root after it.
    words = [word for word, _ in last_stage()]
    assert "RUN" not in words
    assert words.index("USER") < words.index("ENTRYPOINT")


def test_what_is_copied_is_owned_by_a_named_user_and_nothing_is_added():
    assert not having("ADD")
    assert having("COPY")
    for rest in having("COPY"):
        assert "--chown=" in rest, rest


def test_no_cache_and_no_package_lists_are_left():
    for rest in having("RUN"):
        if "pip" in rest.split():
            assert "--no-cache-dir" in rest, rest
        if "apt-get" in rest:
            assert "rm -rf /var/lib/apt/lists/*" in rest, rest


def test_start_and_check_run_without_a_shell():
    for word in ("ENTRYPOINT", "CMD"):
        for rest in having(word):
            assert all(isinstance(each, str) for each in json.loads(rest)), rest
    assert json.loads(having("ENTRYPOINT")[0]) == ["minyi-entrypoint"]


def test_no_secret_is_baked_into_the_image():
    baked = {name for word in ("ENV", "ARG") for rest in having(word) for name in re.findall(r"(\w+)=", rest)}
    assert baked
    assert not {name for name in baked if SECRET_NAME.search(name)}
    settings = {each.metadata["env"]: each for each in documented()}
    for name in baked:
        if name.startswith("MINYI_"):
            assert not settings[name].metadata["secret"]


def test_the_image_has_all_that_the_wheel_is_built_from_and_nothing_else():
    ignored = (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    copied = {
        source
        for rest in having("COPY")
        if "--from=" not in rest
        for source in [part for part in rest.split() if not part.startswith("--")][:-1]
    }
    assert copied == let_in
    for name in copied:
        assert (ROOT / name).exists(), name


def test_the_product_can_be_built_from_what_reaches_the_builder(tmp_path):
    for line in (DOCKER / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines():
        source = ROOT / line.removeprefix("!")
        if line.startswith("!") and source.is_dir():
            shutil.copytree(source, tmp_path / source.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif line.startswith("!"):
            (tmp_path / line[1:]).parent.mkdir(exist_ok=True)
            shutil.copy(source, tmp_path / line[1:])
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", "built"]
    done = subprocess.run(build, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = (tmp_path / "built").glob("minyi-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert "service/config.py" in names
    assert any(name.startswith("survey_templates/") for name in names)


@pytest.fixture
def ready() -> Iterator[tuple[int, list[str], list[int]]]:
    """A server on a free port that answers /readyz with the status in the list; the paths asked for are kept."""
    asked: list[str] = []
    status = [200]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status[0])
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port, asked, status
        server.shutdown()
        thread.join()


def test_the_health_check_asks_readyz_and_tells_ready_from_not_ready(ready):
    port, asked, status = ready
    command = json.loads(having("HEALTHCHECK")[0].partition("CMD ")[2])
    assert command[:2] == ["python", "-c"]

    def check(environ: dict[str, str]) -> int:
        return subprocess.run(
            [sys.executable, *command[1:]], env=environ, stderr=subprocess.DEVNULL, check=False
        ).returncode

    environ = {"MINYI_PORT": str(port), "no_proxy": "127.0.0.1"}
    assert check(environ) == 0
    assert asked == ["/readyz"]
    status[0] = 503
    assert check(environ) != 0


# --- compose.yaml


def test_the_compose_file_fits_the_compose_specification(tmp_path):
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.compose-spec"]
    good = subprocess.run([*command, DOCKER / "compose.yaml"], capture_output=True, text=True, check=False)
    assert good.returncode == 0, good.stdout + good.stderr
    bad = tmp_path / "compose.yaml"
    bad.write_text("services: {service: {image: minyi, depend_on: [database]}}", encoding="utf-8")
    assert subprocess.run([*command, bad], capture_output=True, check=False).returncode == 1


def test_every_secret_must_be_given_and_none_stands_in_the_file(compose):
    for name, service in compose["services"].items():
        for variable, value in service["environment"].items():
            if variable == "MINYI_OLD_SECRETS":
                assert value == "${MINYI_OLD_SECRETS:-}"
            elif SECRET_NAME.search(variable) or "://" in value:
                assert re.search(r"\$\{\w+:\?[^}]+\}", value), f"{name}: {variable}"
            assert not re.search(r"://[^$]*:[^$]*@", value), f"{name}: {variable}"


def test_the_service_is_given_known_settings_only_and_all_required_ones(compose):
    given = set(compose["services"]["service"]["environment"])
    known = {each.metadata["env"] for each in documented()}
    assert given <= known
    assert {"MINYI_SECRET", "MINYI_BASE_URL", "MINYI_DATABASE"} <= given


def test_images_are_pinned_and_the_image_has_the_version_of_the_package(compose):
    for service in compose["services"].values():
        assert re.fullmatch(r"[\w./-]+:\d+\.\d+(\.\d+)?", service["image"])
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.+)"$', pyproject, re.MULTILINE)
    assert version
    assert compose["services"]["service"]["image"] == f"minyi:{version[1]}"
    build = compose["services"]["service"]["build"]
    assert (DOCKER / build["context"] / build["dockerfile"]).resolve() == DOCKER / "Dockerfile"


def test_the_database_is_a_replica_set_with_a_key_out_of_reach_from_outside(compose):
    service, database = compose["services"]["service"], compose["services"]["database"]
    assert "ports" not in database
    assert set(database["networks"]) == {"back"}
    assert compose["networks"]["back"]["internal"] is True
    start = "\n".join(database["entrypoint"])
    name = re.search(r"--replSet (\w+) --keyFile (\S+)", start)
    assert name
    assert f"> {name[2]}" in start
    check = database["healthcheck"]["test"][1]
    assert f'rs.initiate({{_id: "{name[1]}"' in check
    assert f"replicaSet={name[1]}" in service["environment"]["MINYI_DATABASE"]
    assert service["depends_on"]["database"]["condition"] == "service_healthy"


def test_data_lie_in_named_volumes_and_mounted_files_exist(compose):
    mounts = [mount for service in compose["services"].values() for mount in service.get("volumes", [])]
    named = {mount.split(":")[0] for mount in mounts if not mount.startswith(".")}
    assert named == set(compose["volumes"])
    assert "database:/data/db" in mounts
    for mount in mounts:
        if mount.startswith("."):
            assert (DOCKER / mount.split(":")[0]).is_file()
            assert mount.endswith(":ro")


def test_the_containers_hold_no_more_rights_than_they_need(compose):
    for service in compose["services"].values():
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["pids_limit"] > 0
        assert not {"privileged", "network_mode", "pid", "devices"} & set(service)
    assert compose["services"]["service"]["read_only"] is True
    assert "cap_add" not in compose["services"]["service"]
    for port in compose["services"]["service"]["ports"]:
        assert fnmatch.fnmatch(port, "127.0.0.1:*:*"), "only a proxy on the same host may reach the service unencrypted"


def test_the_shell_in_the_compose_file_is_sound(compose):
    script = compose["services"]["database"]["entrypoint"][-1].replace("$$", "$")
    assert subprocess.run(["bash", "-n"], input=script, text=True, check=False).returncode == 0
    probe = compose["services"]["database"]["healthcheck"]["test"][1].replace("$$", "$")
    assert subprocess.run(["sh", "-n"], input=probe, text=True, check=False).returncode == 0


# --- entrypoint


@pytest.fixture
def recorder(tmp_path) -> dict[str, str]:
    """An environment in which `minyi` is a program that prints what it was called with."""
    program = tmp_path / "minyi"
    program.write_text('#!/bin/sh\nprintf "%s|" "$@"\necho "$PPID"\n', encoding="utf-8")
    program.chmod(0o755)
    return {"PATH": f"{tmp_path}:{os.environ['PATH']}"}


@pytest.mark.parametrize(
    ("given", "called"),
    [
        ([], "serve|"),
        (["serve"], "serve|"),
        (["--port", "8080"], "serve|--port|8080|"),
        (["recompute", "--check"], "recompute|--check|"),
        (["export", "a file.csv"], "export|a file.csv|"),
    ],
)
def test_the_entrypoint_hands_its_words_on_and_leaves_no_shell_in_front(recorder, given, called):
    answer = subprocess.run(
        [DOCKER / "entrypoint", *given], env=recorder, capture_output=True, text=True, check=True
    ).stdout.strip()
    words, _, parent = answer.rpartition("|")
    assert words + "|" == called
    assert int(parent) == os.getpid()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def wait_until_ready(url: str, process: subprocess.Popen, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, f"the service ended with {process.returncode}"
        try:
            if httpx.get(f"{url}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"not ready after {seconds} s")


def test_the_entrypoint_starts_the_service_and_a_signal_ends_it(tmp_path):
    port = free_port()
    environ = {
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "MINYI_DATABASE": f"embedded:{tmp_path / 'data'}",
        "MINYI_SECRET": secrets.token_hex(32),
        "MINYI_BASE_URL": f"http://127.0.0.1:{port}",
        "MINYI_PORT": str(port),
        "MINYI_WORKERS": "1",
    }
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen([DOCKER / "entrypoint"], env=environ, cwd=tmp_path, stdout=log, stderr=log)
        try:
            wait_until_ready(environ["MINYI_BASE_URL"], process)
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=40) == 0
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            sys.stdout.write((tmp_path / "log").read_text(encoding="utf-8"))
    assert environ["MINYI_SECRET"] not in (tmp_path / "log").read_text(encoding="utf-8")


def test_the_entrypoint_refuses_to_start_without_a_secret_and_says_why(tmp_path):
    environ = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(tmp_path), "LANG": "C.UTF-8"}
    refused = subprocess.run(
        [DOCKER / "entrypoint"], env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert 0 < refused.returncode < 128
    assert "MINYI_SECRET is required" in refused.stderr
    assert "MINYI_BASE_URL is required" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not list(tmp_path.iterdir()), "nothing is made before the settings are right"


@pytest.mark.parametrize("script", ["docker/entrypoint", "tests/browser-setup", ".ci/run"])
def test_shellcheck_finds_nothing(script):
    found = subprocess.run([BIN / "shellcheck", ROOT / script], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
