"""Templates: questionnaires that come with the product, to begin a draft from."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from service.domain import access
from service.domain.access import Actor
from service.domain.collect.questionnaires import Questionnaire, parse_yaml
from service.domain.errors import Refused


@dataclass(frozen=True)
class Template:
    """`id` is the name of its file, which is the questionnaire's id."""

    id: str
    text: str
    questionnaire: Questionnaire


def templates(actor: Actor) -> list[Template]:
    access.require(actor, "questionnaires.read")
    return list(_all().values())


def get(actor: Actor, id: str) -> Template:
    access.require(actor, "questionnaires.read")
    if id not in _all():
        raise Refused("not_found", noun="template")
    return _all()[id]


@lru_cache(maxsize=1)
def _all() -> dict[str, Template]:
    """They travel with the code, so they are read once a process."""
    found = {}
    for name, text in texts_of("questionnaires").items():
        id = name.removesuffix(".yaml")
        found[id] = Template(id, text, parse_yaml(text))
    return found


def texts_of(folder: str) -> dict[str, str]:
    """The YAML files of a folder that travels with the code: name -> text, by name."""
    found = sorted((files("survey_templates") / folder).iterdir(), key=lambda each: each.name)
    return {file.name: file.read_text(encoding="utf-8") for file in found if file.name.endswith(".yaml")}
