"""XForms are made once a version of a checklist, when it is published, and kept and served for ever after."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from service.domain import access
from service.domain.access import Actor
from service.domain.collect.questionnaires import in_language
from service.domain.collect.xlsforms.sheets import Sheet
from service.domain.errors import Fault, Refused
from service.domain.inspect import checklists as checklist_rules
from service.domain.inspect import xforms as rules
from service.domain.inspect.checklists import Checklist, ChecklistVersion
from service.domain.inspect.xforms import XForm
from service.operations.inspect import checklists
from service.store import records

PATIENCE: Final = 50  # seconds; a worker of the server is given up after 60


def make(now: datetime, checklist: Checklist) -> XForm:
    """The form of a version, made if it is not there yet: two who make it at once come by the same bytes, the first's.

    Raises Refused("xform_unmade") naming what a phone could not load, "busy" when the converter takes too long.
    """
    there = records.get(XForm, checklist.version_id)
    return there if there is not None else _keep(now, checklist, converted(checklist))


def publish(actor: Actor, now: datetime, definition: Mapping[str, Any]) -> tuple[ChecklistVersion, bool]:
    """Publish a checklist together with its form: nothing is published that no phone could load.

    Raises Refused as checklists.publish and `make`.
    """
    access.require(actor, "checklists.write")
    checklist = checklist_rules.parse(definition)
    there = records.get(XForm, checklist.version_id)
    content = there.content if there else converted(checklist)
    published = checklists.publish(actor, now, definition)
    if there is None:
        _keep(now, checklist, content)
    return published


def publish_text(actor: Actor, now: datetime, text: str) -> tuple[ChecklistVersion, bool]:
    """Publish a checklist from its YAML text. Raises Refused as `publish`; faults name the line."""
    access.require(actor, "checklists.write")
    return publish(actor, now, checklist_rules.to_plain(checklist_rules.parse_yaml(text)))


def publish_shipped(actor: Actor, now: datetime, id: str) -> tuple[ChecklistVersion, bool]:
    """Publish one that comes with the service, by `<checklist>@<number>`. Raises Refused("not_found")."""
    access.require(actor, "checklists.write")
    for checklist in checklists.shipped().values():
        if checklist.version_id == id:
            return publish(actor, now, checklist_rules.to_plain(checklist))
    raise Refused("not_found", noun="checklist")


def _keep(now: datetime, checklist: Checklist, content: bytes) -> XForm:
    made = XForm(
        id=checklist.version_id,
        form_id=checklist.id,
        version=str(checklist.version),
        name=_name(checklist),
        content=content,
        md5=rules.md5(content),
        made_at=now,
    )
    try:
        records.insert(made)
    except records.Duplicate:
        return get(made.id)
    return made


def get(id: str) -> XForm:
    """A form by `<checklist>@<number>`; it never changes. Raises Refused("not_found")."""
    found = records.get(XForm, id)
    if found is None:
        raise Refused("not_found", noun="form")
    return found


def _name(checklist: Checklist) -> str:
    return in_language(checklist.title, checklist.questionnaire.languages[0])


def converted(checklist: Checklist, *, validate: bool = False) -> bytes:
    """The form's bytes, by a child process; `validate`: ask ODK Validate too, where it runs.

    Raises Refused("xform_unmade"), "busy".
    """
    sheets: Sequence[Sheet] = rules.write(checklist.questionnaire, _name(checklist))
    told = {"validate": validate, "sheets": [vars(sheet) for sheet in sheets]}
    command = [sys.executable, "-m", "service.operations.inspect.xform_maker"]
    try:
        done = subprocess.run(  # noqa: S603 - ours
            command, input=json.dumps(told).encode(), capture_output=True, timeout=PATIENCE, check=True
        )
    except (subprocess.SubprocessError, OSError):
        raise Refused("busy") from None
    answer = json.loads(done.stdout)
    if "problems" in answer:
        raise Refused(
            "xform_unmade", [Fault("form", "xlsform_converter", {"text": each}) for each in answer["problems"]]
        )
    content: bytes = answer["xform"].encode()
    return content
