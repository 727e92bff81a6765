"""Which language a page is in: the reader's choice, else the browser's, else the default."""

from collections.abc import Mapping, Sequence

from flask import g, request

from service.web.extensions import settings

NAMES: Mapping[str, str] = {"zh-Hans": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
_TRADITIONAL = ("hant", "tw", "hk", "mo")


def language(offered: Sequence[str] = tuple(NAMES)) -> str:
    """One of `offered`: `?lang=`, Accept-Language in the reader's order, the settings' default, else the first."""
    # Not from the form: a form that is too large to be read still gets its answer in a language.
    asked = request.args.get("lang", "")
    wanted = [asked] if asked else [tag for tag, _ in request.accept_languages]
    for tag in wanted:
        found = _closest(tag, offered)
        if found:
            return found
    default = settings().default_language
    return default if default in offered else offered[0]


def _closest(tag: str, offered: Sequence[str]) -> str | None:
    parts = tag.replace("_", "-").lower().split("-")
    if parts[0] == "zh":
        name = "zh-Hant" if set(parts) & set(_TRADITIONAL) else "zh-Hans"
        return name if name in offered else None
    return next((name for name in offered if name.lower().split("-")[0] == parts[0]), None)


def speak(name: str) -> None:
    """Fix the language of this request; gettext and error pages follow."""
    g.language = name


def spoken() -> str:
    found: str = g.get("language") or language()
    return found


def babel_locale() -> str:
    """The language of our own texts as Babel spells it: zh_Hans. English where a questionnaire speaks none of ours."""
    name = spoken()
    return name.replace("-", "_") if name in NAMES else "en"
