"""Publications: drafted from the frozen result, signed by two heads, read by everybody, withdrawn with a reason."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from service.domain import access
from service.domain.access import Actor
from service.domain.days import day_of
from service.domain.errors import Fault, Refused, problem
from service.domain.evaluate.results import ResultVersion
from service.domain.evaluate.rounds import FINAL, PUBLISHED, Round
from service.domain.organisations import Organisation
from service.domain.procedure import publications as rules
from service.domain.procedure.appeals import DECIDED, Appeal
from service.domain.procedure.publications import Publication, PublicationContent, Signatories
from service.domain.projects import Project
from service.operations import projects
from service.operations.acts import act, load, plain
from service.operations.evaluate import results, rounds, schemes
from service.operations.procedure import moves, public_results
from service.store import Tx, journal, records

FRESH = timedelta(seconds=10)
_kept: dict[str, tuple[datetime, list[Publication]]] = {}


@dataclass(frozen=True)
class Draft:
    """What the drafter says; the rest follows from the result. `note` is a short text for the public, if any."""

    id: str
    disclosure: str
    legal_basis: str
    note: str = ""


def draft(actor: Actor, now: datetime, round_id: str, asked: Draft) -> tuple[Publication, bool]:
    """Write down what the public would read of the result as it stands, for the heads to sign.

    Raises Refused: not_lead, result_not_final, publication_exists, publication_basis, publication_secrets, invalid.
    """
    round = rounds.get(actor, round_id, "publications.write")
    project = rounds.require_lead(actor, round)
    if round.state not in (FINAL, PUBLISHED):
        raise Refused("result_not_final", state=round.state)
    result = results.latest(round.id)
    if result is None:
        raise Refused("result_not_final", state=round.state)
    if (there := records.get(Publication, asked.id)) is not None:
        return _repeated(there, round, result), False
    _require_none(round, result)
    _check(round, project, result, asked)
    made, text = _made(actor, now, round, project, result, asked)
    check = rounds.still(round.id, FINAL, PUBLISHED)

    def write(tx: Tx) -> None:
        check(tx)
        _require_none(round, result, tx)
        records.insert(made, tx)
        records.insert(PublicationContent(made.id, text), tx)

    try:
        act("publication.drafted", actor, now, projects.scope(project.id), made.id, _told(made), write)
    except records.Duplicate:
        return _repeated(load(Publication, made.id, "publication"), round, result), False
    return made, True


def _require_none(round: Round, result: ResultVersion, tx: Tx | None = None) -> None:
    """No other publication of this result is under way or out. Raises Refused("publication_exists")."""
    found = records.find(Publication, tx, round=round.id)
    if any(one.result == result.id and one.state in rules.LIVE for one in found):
        raise Refused("publication_exists")


def redraft(actor: Actor, now: datetime, id: str, version: int, asked: Draft) -> tuple[Publication, bool]:
    """Another draft in the place of one that was not published yet: a draft never changes, its signatures fall.

    Raises Refused as `draft`, and state_conflict, stale.
    """
    there = _of_actor(actor, id, "publications.write")
    round = load(Round, there.round, "round")
    project, result = rounds.require_lead(actor, round), results.latest(round.id)
    if result is None:
        raise Refused("result_not_final", state=round.state)
    _check(round, project, result, asked)
    returned = rules.moved(there, rules.RETURNED, actor.id, now, (), f"→ {asked.id}")
    made, text = _made(actor, now, round, project, result, asked)

    def write(tx: Tx) -> None:
        records.replace(returned, version, tx)
        records.insert(made, tx)
        records.insert(PublicationContent(made.id, text), tx)

    try:
        act("publication.drafted", actor, now, projects.scope(project.id), made.id, _told(made) | {"of": id}, write)
    except records.Duplicate:
        raise Refused("id_taken", id=made.id) from None
    return made, True


def _told(made: Publication) -> dict[str, Any]:
    told = {key: value for key, value in vars(made).items() if key not in ("head", "withheld")}
    details: dict[str, Any] = plain(told)
    return details


def _repeated(there: Publication, round: Round, result: ResultVersion) -> Publication:
    if (there.round, there.result) != (round.id, result.id):
        raise Refused("id_taken", id=there.id)
    return there


def _check(round: Round, project: Project, result: ResultVersion, asked: Draft) -> None:
    if asked.disclosure not in rules.CLASSES:
        options = {"value": asked.disclosure, "options": ", ".join(rules.CLASSES)}
        raise Refused("invalid", [Fault("disclosure", "not_an_option", options)])
    scheme = schemes.parsed(result.scheme)
    reviewed = bool(records.find(Appeal, round=round.id, state=DECIDED))
    basis, allowed = str(scheme.parameter("publication_basis")), bool(scheme.parameter("publish_unappealed"))
    rules.check_basis(asked.legal_basis, reviewed, basis, allowed)
    texts = {
        "note": asked.note,
        "legal_basis": asked.legal_basis,
        "round.name": round.name,
        "project.name": project.name,
    }
    rules.check_texts(texts, public_results.names_of(round, result), public_results.own_names(project))


def _made(
    actor: Actor, now: datetime, round: Round, project: Project, result: ResultVersion, asked: Draft
) -> tuple[Publication, str]:
    names = {id: load(Organisation, id, "organisation").name for id in set(project.parties.values())}
    head = {
        "id": asked.id,
        "round": {"id": round.id, "name": round.name, "kind": round.kind},
        "project": {"id": project.id, "name": project.name},
        **{part: {"id": organisation, "name": names[organisation]} for part, organisation in project.parties.items()},
        "lead": round.lead,
        "remedy": dict(round.review_body or {}),
        "legal_basis": asked.legal_basis.strip(),
        "disclosure": asked.disclosure,
        "note": asked.note.strip(),
    }
    before = {node for one in of_round_id(round.id) if one.published_at is not None for node in one.withheld}
    found = public_results.of_result(result, head, before)
    whole = json.loads(found.text)
    shown = {name: whole[name] for name in ("round", "project", "provider", "purchaser", "total", "grade")}
    made = Publication(
        id=asked.id,
        round=round.id,
        project=project.id,
        provider=project.provider,
        result=result.id,
        disclosure=asked.disclosure,
        legal_basis=asked.legal_basis.strip(),
        digest=found.digest,
        drafted_at=now,
        drafted_by=actor.id,
        head=shown,
        withheld=found.withheld,
    )
    return made, found.text


def of_round_id(round_id: str) -> list[Publication]:
    return records.find(Publication, round=round_id)


def of_round(actor: Actor, round_id: str) -> list[Publication]:
    """All drafts and publications of a round, for those who sign and those who work with them."""
    return of_round_id(rounds.get(actor, round_id, "publications.read").id)


def one(actor: Actor, id: str) -> tuple[Publication, Mapping[str, Any]]:
    """(the publication, what the public would read of it)."""
    there = _of_actor(actor, id, "publications.read")
    return there, json.loads(load(PublicationContent, id, "publication").text)


def _of_actor(actor: Actor, id: str, action: str) -> Publication:
    there = load(Publication, id, "publication")
    parties = load(Project, there.project, "project").parties
    if not access.may(actor, "projects.read", parties):
        raise Refused("not_found", noun="publication")
    access.require(actor, action, parties)
    return there


def move(
    actor: Actor,
    now: datetime,
    id: str,
    to: str,
    version: int,
    looked_for: Collection[str] = (),
    reason: str = "",
) -> Publication:
    """Sign, return, publish or withdraw. Publishing a final result moves its round to `published`.

    Raises Refused: not_lead, signatory_unknown, not_signatory, same_person, publication_exempt, publication_outdated,
    publication_secrets (in the reason of a withdrawal), state_conflict, stale, invalid.
    """
    there = _of_actor(actor, id, "publications.write")
    round = load(Round, there.round, "round")
    rounds.require_lead(actor, round)
    if to in (rules.OFFICE_HEAD, rules.APPROVED):
        _require_signatory(actor, to)
    changed = rules.moved(there, to, actor.id, now, looked_for, reason)
    if to == rules.WITHDRAWN:  # the public reads why
        names = public_results.names_of(round, load(ResultVersion, there.result, "result"))
        own = public_results.own_names(load(Project, there.project, "project"))
        rules.check_texts({"reason": reason}, names, own)
    try:
        return _moved(actor, now, round, changed, version, looked_for)
    finally:
        forget_list()


def _moved(
    actor: Actor, now: datetime, round: Round, changed: Publication, version: int, looked_for: Collection[str]
) -> Publication:
    to, id = changed.state, changed.id
    details = {"to": to, "reason": changed.reason, "digest": changed.digest, "looked_for": list(looked_for)}
    if to == rules.PUBLISHED:
        return _publish(actor, now, round, changed, version, details)
    scope = projects.scope(changed.project)
    act(f"publication.{to}", actor, now, scope, id, details, lambda tx: records.replace(changed, version, tx))
    return changed


def _require_signatory(actor: Actor, to: str) -> None:
    there = records.get(Signatories, actor.organisation)
    if there is None or not there.of(to):
        raise Refused(
            "signatory_unknown", organisation=load(Organisation, actor.organisation, "organisation").name, step=to
        )
    if actor.id not in there.of(to):
        raise Refused("not_signatory", step=to)


def _publish(
    actor: Actor, now: datetime, round: Round, made: Publication, version: int, details: Mapping[str, Any]
) -> Publication:
    """What was published before of the same round gives way, its address telling where the new one is."""
    latest = results.latest(round.id)
    if latest is None or latest.id != made.result:
        raise Refused("publication_outdated")
    before = [one for one in of_round_id(round.id) if one.state == rules.PUBLISHED and one.id != made.id]
    replaced = [
        replace(one, state=rules.WITHDRAWN, withdrawn_at=now, withdrawn_by=actor.id, reason=f"→ /results/{made.id}",
                version=one.version + 1)
        for one in before
    ]  # fmt: skip

    def write(tx: Tx) -> None:
        records.replace(made, version, tx)
        for one in replaced:
            records.replace(one, one.version - 1, tx)

    scope = projects.scope(made.project)
    if round.state != FINAL:
        act("publication.published", actor, now, scope, made.id, details, write)
        return made

    def with_journal(tx: Tx) -> None:
        write(tx)
        journal.append(tx, scope, "publication.published", actor.id, now, made.id, plain(details))

    facts = {"reason": f"publication {made.id}"}
    moves.move(actor, now, round.id, PUBLISHED, round.version, facts, by="publication", also=with_journal)
    return made


def signatories(actor: Actor, organisation: str) -> Signatories:
    """Who may sign for an organisation; nobody, until the administrator has named them."""
    access.require(actor, "signatories.read")
    if "admin" not in actor.roles and actor.organisation != organisation:
        raise Refused("not_found", noun="organisation")
    load(Organisation, organisation, "organisation")
    return records.get(Signatories, organisation) or Signatories(organisation, version=0)


def name_signatories(actor: Actor, now: datetime, named: Signatories, version: int) -> Signatories:
    """Raises Refused: invalid (somebody else's person), stale."""
    access.require(actor, "signatories.write")
    load(Organisation, named.id, "organisation")
    there = public_results.people_of(named.id)
    faults = [
        problem(f"{field}.{place}", "{user!r} is no active account of this organisation", user=user)
        for field in ("office_heads", "unit_heads")
        for place, user in enumerate(getattr(named, field))
        if user not in there
    ]
    if faults:
        raise Refused("invalid", faults)
    stored = replace(named, version=version + 1)

    def write(tx: Tx) -> None:
        if version:
            records.replace(stored, version, tx)
        else:
            records.insert(stored, tx)

    try:
        act("signatories.named", actor, now, f"organisation:{named.id}", named.id, plain(vars(stored)), write)
    except records.Duplicate:
        raise Refused("stale", version=signatories(actor, named.id).version) from None
    return stored


def listed(now: datetime) -> list[Publication]:
    """What is published, the latest first; withdrawn ones only in the history of their provider.

    What is open on request is listed without figures (O05). Anybody may ask for this list as often as he likes, so it
    is read anew a few times a minute at most; what this process publishes or withdraws shows at once.
    """
    kept = _kept.get("list")
    if kept is None or not timedelta(0) <= now - kept[0] < FRESH:
        kept = (now, rules.history(records.find(Publication, state=rules.PUBLISHED)))
        _kept["list"] = kept
    return kept[1]


def forget_list() -> None:
    """Drop what is kept of the list: it has changed."""
    _kept.clear()


def public(id: str) -> tuple[Publication, Mapping[str, Any]]:
    """(the publication, its content). Raises Refused: not_found, publication_withdrawn, publication_on_request."""
    there = records.get(Publication, id)
    if there is None or there.published_at is None:
        raise Refused("not_found", noun="published result")
    if there.state == rules.WITHDRAWN:
        on = day_of(there.withdrawn_at or there.published_at)
        raise Refused("publication_withdrawn", on=on.isoformat(), why=there.reason)
    if there.disclosure == rules.ON_REQUEST:
        raise Refused("publication_on_request")
    return there, json.loads(load(PublicationContent, id, "published result").text)
