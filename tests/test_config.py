"""Settings: what starts, what is refused with which words, and that no secret is ever shown."""

import base64
import dataclasses
import random
import secrets
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli.settings import markdown, settings
from service.config import ConfigurationError, Settings, documented

# The same in every process: tests that run side by side must agree on their names.
SECRET, OTHER = random.Random(1).randbytes(32), random.Random(2).randbytes(48)
LEAST = {"MINYI_SECRET": SECRET.hex(), "MINYI_BASE_URL": "https://minyi.example.org"}


def refused(**environ: str) -> dict[str, str]:
    """The variables that keep these settings from starting, with what is said about each."""
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_environ(LEAST | environ)
    return {problem.variable: str(problem) for problem in caught.value.problems}


def test_a_secret_and_a_base_url_are_enough_and_the_rest_has_defaults():
    made = Settings.from_environ(LEAST)
    assert made.secret == SECRET
    assert made.base_url == "https://minyi.example.org"
    assert made.database == "embedded:./minyi-data"
    assert (made.host, made.port, made.trusted_proxies) == ("127.0.0.1", 8000, 0)
    assert (made.default_language, made.max_request_bytes, made.demo) == ("zh-Hans", 1_000_000, False)


def test_without_anything_both_required_settings_are_named_at_once_with_a_remedy():
    with pytest.raises(ConfigurationError) as caught:
        Settings.from_environ({})
    assert [problem.variable for problem in caught.value.problems] == ["MINYI_SECRET", "MINYI_BASE_URL"]
    assert "secrets.token_hex(32)" in str(caught.value)
    assert "minyi settings" in str(caught.value)


def test_all_problems_are_told_together():
    told = refused(MINYI_PORT="http", MINYI_WORKERS="0", MINYI_LOG_LEVEL="loud", MINYI_BASE_URL="minyi.example.org")
    assert set(told) == {"MINYI_PORT", "MINYI_WORKERS", "MINYI_LOG_LEVEL", "MINYI_BASE_URL"}
    assert "from 1 to 65535" in told["MINYI_PORT"]
    assert "DEBUG, INFO" in told["MINYI_LOG_LEVEL"]


def test_a_blank_variable_counts_as_unset():
    assert Settings.from_environ(LEAST | {"MINYI_PORT": " ", "MINYI_OLD_SECRETS": ""}).port == 8000
    assert "is required" in refused(MINYI_SECRET="  ")["MINYI_SECRET"]


@pytest.mark.parametrize(
    "text",
    [
        SECRET.hex(),
        SECRET.hex().upper(),
        base64.urlsafe_b64encode(SECRET).decode(),
        base64.urlsafe_b64encode(OTHER).decode(),
    ],
)
def test_a_secret_may_be_hex_or_base64url(text):
    assert len(Settings.from_environ(LEAST | {"MINYI_SECRET": text}).secret) >= 32


def test_a_base64url_secret_without_padding_is_read_as_its_bytes():
    text = base64.urlsafe_b64encode(SECRET).decode().rstrip("=")
    assert Settings.from_environ(LEAST | {"MINYI_SECRET": text}).secret == SECRET


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SECRET[:31].hex(), "holds 31 bytes"),
        ("changeme", "holds 6 bytes"),
        ("密码" * 40, "neither hex nor base64url"),
        ("not a secret, a sentence that is long enough to be one", "neither hex nor base64url"),
        ("00" * 32, "does not look random"),
        ("abcd1234" * 8, "does not look random"),
    ],
)
def test_a_weak_secret_is_refused_and_not_repeated(text, said):
    told = refused(MINYI_SECRET=text)["MINYI_SECRET"]
    assert said in told
    assert text not in told


@pytest.mark.parametrize("url", ["https://minyi.example.org:8443", "http://localhost:8000", "http://127.0.0.1:8000"])
def test_base_urls_that_fit(url):
    assert Settings.from_environ(LEAST | {"MINYI_BASE_URL": url}).base_url == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://minyi.example.org", "not encrypted"),
        ("http://192.168.1.7:8000", "not encrypted"),
        ("http://127.0.0.1.example.org", "not encrypted"),
        ("https://minyi.example.org/", "no final slash"),
        ("https://minyi.example.org/sub", "no path"),
        ("https://minyi.example.org?x=1", "no path"),
        ("https://user:word@minyi.example.org", "no password"),
        ("https://minyi.example.org:99999", "not an address"),
        ("https://[::1", "not an address"),
        ("ftp://minyi.example.org", "not an http(s) address"),
        ("https://", "not an http(s) address"),
        ("javascript:alert(1)", "not an http(s) address"),
    ],
)
def test_base_urls_that_do_not_fit(url, said):
    assert said in refused(MINYI_BASE_URL=url)["MINYI_BASE_URL"]


@pytest.mark.parametrize("text", ["embedded:", "mysql://host/db", "mongodb://", "./minyi-data", "embedded"])
def test_databases_that_do_not_fit(text):
    assert "not a database address" in refused(MINYI_DATABASE=text)["MINYI_DATABASE"]


@pytest.mark.parametrize("text", ["-1", "1.5", "８０８０", "0x50", "65536"])
def test_a_port_is_a_plain_whole_number_in_its_range(text):
    assert "whole number" in refused(MINYI_PORT=text)["MINYI_PORT"]


def test_a_misspelt_variable_is_not_a_silent_default():
    told = refused(MINYI_BASEURL="https://x.example.org", MINYI_ZEBRA="1")
    assert "Did you mean MINYI_BASE_URL?" in told["MINYI_BASEURL"]
    assert "Remove it" in told["MINYI_ZEBRA"]


def test_variables_of_the_test_suite_and_of_others_are_left_alone():
    Settings.from_environ(LEAST | {"MINYI_TEST_DATABASE": "mongodb://localhost", "PATH": "/bin"})


def test_languages_and_levels_are_found_in_any_case():
    made = Settings.from_environ(LEAST | {"MINYI_DEFAULT_LANGUAGE": "ZH-hant", "MINYI_LOG_LEVEL": "debug"})
    assert (made.default_language, made.log_level) == ("zh-Hant", "DEBUG")


def test_the_demo_cannot_be_switched_on_by_a_variable():
    assert "not a setting" in refused(MINYI_DEMO="1")["MINYI_DEMO"]


def test_the_demo_makes_its_own_secret_each_time():
    first, second = Settings.for_demo(), Settings.for_demo(port=9000, base_url="http://192.168.1.7:9000")
    assert first.demo
    assert len(first.secret) == 32
    assert first.secret != second.secret
    assert first.base_url == "http://127.0.0.1:8000"
    assert second.base_url == "http://192.168.1.7:9000"


def test_settings_are_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.for_demo().port = 1  # type: ignore[misc]


def test_keys_come_newest_first_and_old_hashes_stay_findable():
    old = secrets.token_bytes(32)
    before = Settings.from_environ(LEAST | {"MINYI_SECRET": old.hex()})
    after = Settings.from_environ(LEAST | {"MINYI_OLD_SECRETS": f"{old.hex()}, {SECRET.hex()},"})
    assert [key.id for key in after.keys()][1:] == [before.keys()[0].id]
    assert after.keys()[1].hash("slip", "ABC") == before.keys()[0].hash("slip", "ABC")
    assert after.keys()[0].hash("slip", "ABC") != before.keys()[0].hash("slip", "ABC")


def test_derived_secrets_differ_by_purpose_and_from_the_keys():
    made = Settings.for_demo()
    several = {made.derived("cookies"), made.derived("forms"), made.secret, made.keys()[0].secret}
    assert len(several) == 4


def test_the_repr_shows_no_secret_and_no_password():
    old = secrets.token_bytes(32)
    made = Settings.from_environ(
        LEAST
        | {
            "MINYI_OLD_SECRETS": old.hex(),
            "MINYI_DATABASE": "mongodb://minyi:pass%40word@db1,db2/minyi?tlsCertificateKeyFilePassword=alsohidden",
        }
    )
    for text in (repr(made), str(made), f"{made}"):
        for hidden in (SECRET.hex(), repr(SECRET), old.hex(), repr(old), "pass%40word", "alsohidden"):
            assert hidden not in text
        assert "secret=set" in text
        assert "mongodb://***@db1,db2/minyi" in text


def test_every_setting_has_a_variable_a_meaning_and_a_check():
    undocumented = {each.name for each in dataclasses.fields(Settings)} - {each.name for each in documented()}
    assert undocumented == {"demo"}
    for each in documented():
        assert each.metadata["env"] == f"MINYI_{each.name.upper()}"
        assert each.metadata["doc"].endswith(".")
        assert callable(each.metadata["parse"])


def test_every_default_passes_its_own_check():
    for each in documented():
        if each.default not in (dataclasses.MISSING, ()):
            assert each.metadata["parse"](str(each.default)) == each.default


def test_the_command_lists_every_setting_and_shows_no_secret():
    environ = LEAST | {"MINYI_DATABASE": "mongodb://minyi:hunter2@db/minyi", "MINYI_PORT": "many"}
    shown = CliRunner().invoke(settings, env=environ)
    assert shown.exit_code == 0, shown.output
    for each in documented():
        assert each.metadata["env"] in shown.output
        assert each.metadata["doc"] in shown.output
    assert "MINYI_SECRET  (default: required; now: set)" in shown.output
    assert "MINYI_OLD_SECRETS  (default: none; now: unset)" in shown.output
    assert "now: wrong: is 'many'" in shown.output
    assert "hunter2" not in shown.output
    assert SECRET.hex() not in shown.output


def test_the_command_does_not_repeat_a_malformed_database_address():
    shown = CliRunner().invoke(settings, env={"MINYI_DATABASE": "mongodb:minyi:hunter2@db"})
    assert "hunter2" not in shown.output
    assert "wrong: is not a database address" in shown.output


def test_the_markdown_table_is_the_one_in_readme():
    readme = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
    assert markdown() in readme, "put the output of `minyi settings --markdown` into README.md"


def test_the_console_script_is_the_one_documented():
    pyproject = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert pyproject["project"]["scripts"] == {"minyi": "service.cli:main"}
