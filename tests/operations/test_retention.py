"""Retention: what is due is shown first, deleted with a proof, and chain, tallies and scores stay as they were."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from accounts import As, refusal
from demo_round import AUTHORITY, make_round
from factories import EVALUATOR, KEY, NOW, PROVIDER, make_project, open_campaign
from mixed_scheme import MIXED
from pictures import with_position
from recording import entry, sha, submission, under_way
from self_evaluated import file_it, in_state, open_round
from visiting import FIRST

from service.domain.collect import tallies
from service.domain.errors import Refused
from service.domain.evaluate.rounds import Round
from service.domain.evaluate.schemes import canonical
from service.domain.evaluate.scores import score
from service.domain.inspect.evidence_files import EvidenceFile
from service.domain.journal import first_break
from service.domain.procedure import retention as rules
from service.domain.procedure.objections import Objection
from service.domain.procedure.retention import BEGUN, DONE, RULES, Held, Purge
from service.domain.projects import Project
from service.operations.acts import act, journal_entries
from service.operations.collect import campaigns, responses, seals
from service.operations.collect.responses import Submission
from service.operations.evaluate import results, rounds, schemes, scores
from service.operations.inspect import spot_checks, spot_media
from service.operations.procedure import case_files, retained, retention, self_evaluations
from service.store import records
from service.store.collect import responses as stored_responses
from service.store.collect import seals as stored_seals
from service.store.inspect import evidence_files as stored_files

LATER = NOW + timedelta(days=366 * 2)
SCOPE = "project:project-1"


def closed(count: int = 6) -> tuple[str, list[str]]:
    """A final campaign of no round -> (its id, receipts); the first answer is withdrawn."""
    opened = open_campaign(count=count)
    receipts = []
    for place, code in enumerate(opened.codes):
        sent = Submission(f"submission-{place:04}", {"satisfaction": "High", "influence": "Low", "contact": "Low"})
        receipts.append(responses.submit(code, sent, NOW, [KEY]).receipt)
    responses.withdraw(receipts[0])
    campaigns.change_state(EVALUATOR, NOW, opened.id, "final", campaigns.get(EVALUATOR, opened.id).version)
    return opened.id, receipts


def ended(on: date) -> None:
    there = records.get(Project, "project-1")
    changed = replace(there, ends_on=on, version=there.version + 1)
    act("project.changed", EVALUATOR, NOW, SCOPE, there.id, {}, lambda tx: records.replace(changed, there.version, tx))


def purged(kind: str, now=LATER, terms=RULES) -> list[Purge]:
    shown = retention.plan(now, kind, terms)
    return retention.purge(now, kind, terms, shown.digest)


def chains_hold() -> None:
    chains: dict = {}
    for one in journal_entries():
        chains.setdefault(one.scope, []).append(one)
    assert {scope: first_break(chain) for scope, chain in chains.items()} == dict.fromkeys(chains)


def test_answers_go_when_their_time_is_over_and_every_figure_stays(app):
    """Answers as in the published survey: after the purge score, tallies, recount, result and journal are the same."""
    made = make_round()
    assert [one.kept for one in retention.plan(LATER, rules.RAW_ANSWERS, RULES).kept] == ["not_final"]
    for project, kept in (("project-1", ["not_final"]), ("project-2", [])):
        assert [one.kept for one in retention.plan(LATER, rules.RAW_ANSWERS, RULES, project).kept] == kept
    results.freeze(EVALUATOR, NOW, made.round)
    assert [one.kept for one in retention.plan(LATER, rules.RAW_ANSWERS, RULES).kept] == ["round_open"]
    round = in_state(made.round, "final")
    id, scheme = made.campaign.id, schemes.parsed(round.scheme)
    before = score(scheme, scores.gather(round, scheme))  # from the evidence itself, not from the frozen result
    result, frozen = results.latest(round.id), stored_seals.frozen(id)
    count = 30 + made.waiting
    assert sum(counts["n"] for counts in frozen.values()) == count

    early = retention.plan(NOW, rules.RAW_ANSWERS, RULES)
    assert (early.due, [(one.count, one.kept, one.due_on) for one in early.kept]) == (
        (),
        [(count, "not_due", date(2028, 3, 2))],
    )
    shown = retention.plan(LATER, rules.RAW_ANSWERS, RULES)
    assert [(one.subject, one.count) for one in shown.due] == [(id, count)]
    assert retention.plan(LATER, rules.RAW_ANSWERS, RULES).digest == shown.digest
    assert len(list(stored_responses.each(id))) == count  # a dry run deletes nothing

    [proof] = retention.purge(LATER, rules.RAW_ANSWERS, RULES, shown.digest)
    assert (proof.state, proof.count, proof.before) == (DONE, count, shown.due[0].digest)
    assert proof.after == tallies.digest(frozen)
    assert list(stored_responses.each(id)) == []
    assert canonical(score(scheme, scores.gather(round, scheme))) == canonical(before)
    assert (stored_seals.frozen(id), results.latest(round.id)) == (frozen, result)
    assert (seals.recount(id), seals.recount_receipts()) == ([], [])
    acts = [one for one in journal_entries([SCOPE]) if one.act.startswith("purge.")]
    assert [one.act for one in acts] == ["purge.begun", "purge.done"]
    assert (acts[1].details["before"], acts[1].details["after"]) == (proof.before, proof.after)
    chains_hold()
    with pytest.raises(Refused) as refused:
        retention.purge(LATER, rules.RAW_ANSWERS, RULES, shown.digest)
    assert refused.value.reason == "purge_unplanned"


def test_a_receipt_of_a_deleted_answer_says_so_and_a_withdrawn_one_stays_withdrawn(app):
    id, texts = closed()
    [proof] = purged(rules.RAW_ANSWERS)
    assert proof.count == 5
    for receipt, reason in ((texts[0], "answers_withdrawn"), (texts[1], "kept_long_enough")):
        with pytest.raises(Refused) as refused:
            responses.own(receipt)
        assert refused.value.reason == reason
    responses.withdraw(texts[0])  # a repeat: it is withdrawn
    with pytest.raises(Refused) as refused:
        responses.withdraw(texts[1])
    assert refused.value.reason == "kept_long_enough"
    assert (seals.recount(id), seals.recount_receipts()) == ([], [])


def test_what_a_crash_left_is_named_and_the_next_run_deletes_it(app):
    id, _ = closed()
    shown = retention.plan(LATER, rules.RAW_ANSWERS, RULES)
    handler = retention.HANDLERS[rules.RAW_ANSWERS]
    act("purge.begun", EVALUATOR, LATER, SCOPE, id, {}, lambda tx: handler.begin(tx, shown.due[0], LATER))
    assert seals.recount(id) == ["deleting its answers was cut off: run `minyi purge` again"]
    [proof] = purged(rules.RAW_ANSWERS)
    assert proof.state == DONE
    assert seals.recount(id) == []


def test_tallies_that_do_not_hold_stop_the_purge(app):
    id, _ = closed()
    shown = retention.plan(LATER, rules.RAW_ANSWERS, RULES)
    some = next(stored_responses.each(id))
    act("x", EVALUATOR, NOW, SCOPE, some.final_id, {}, lambda tx: stored_responses.bury(tx, some.final_id))
    with pytest.raises(Refused) as refused:
        retention.purge(LATER, rules.RAW_ANSWERS, RULES, shown.digest)
    assert refused.value.reason == "purge_unplanned"  # the answers are not those that were shown
    again = retention.plan(LATER, rules.RAW_ANSWERS, RULES)
    with pytest.raises(Refused) as refused:
        retention.purge(LATER, rules.RAW_ANSWERS, RULES, again.digest)
    assert refused.value.reason == "purge_broken"


def test_papers_are_kept_for_fifteen_years_and_their_list_for_ever(client):
    round = open_round()
    provider = As(client, "provider")
    sent = provider.post("/rounds/round-1/self-evaluation/files?title=签到表", data=with_position((40, 30)))
    name, path = sent.json["name"], "/rounds/round-1/self-evaluation/files"
    file_it(round)
    records.insert(Objection("o-1", "notice-1", "project-1", "有异议。", "provider-1", NOW))
    objected = case_files.add(PROVIDER, NOW, "o-1", with_position((30, 20)))
    [kept] = retention.plan(LATER, rules.PROCUREMENT_FILE, RULES).kept
    assert kept.kept == "no_start"
    ended(date(2027, 2, 28))
    for year, due in ((2041, 0), (2042, 1)):
        assert len(retention.plan(NOW.replace(year=year), rules.PROCUREMENT_FILE, RULES).due) == due
    [proof] = purged(rules.PROCUREMENT_FILE, NOW.replace(year=2043))
    assert (proof.count, proof.before == proof.after) == (2, True)  # every paper went, and the list names each
    with pytest.raises(Refused, match="time for keeping"):
        case_files.read("o-1", objected.name)
    refusal(provider.get(f"{path}/{name}"), 410, "kept_long_enough")
    assert [one.sha256[:32] for one in self_evaluations.files("round-1")] == [name]
    told = As(client, "authority").get("/projects/project-1/purges").json
    assert [(one["kind"], one["count"], one["state"]) for one in told["purges"]] == [("procurement_file", 2, "done")]
    assert {one["kind"] for one in told["rules"]} == set(rules.KINDS)
    refusal(provider.get("/projects/project-1/purges"), 403, "forbidden")
    assert retention.plan(NOW.replace(year=2043), rules.PROCUREMENT_FILE, RULES).due == ()


def test_photos_go_with_what_their_cameras_told_and_records_stay_received(app):
    [serial, *_] = under_way()
    photo = with_position((60, 40))
    media = (entry(photo, "photo-1.jpg"),)
    spot_checks.receive(FIRST, NOW + timedelta(hours=1), submission(serial, "record-1", media=media))
    spot_media.piece(FIRST, NOW, "record-1", sha(photo), 0, len(photo), photo)
    spot = spot_checks.get(EVALUATOR, "record-1")
    [there] = records.find(EvidenceFile)
    ended(date(2026, 6, 30))
    assert [one.due_on for one in retention.plan(LATER, rules.PHOTOS, RULES).kept] == [date(2029, 6, 30)]
    [proof] = purged(rules.PHOTOS, NOW.replace(year=2030))
    assert (proof.count, proof.after) == (1, proof.before)
    assert stored_files.read(there.file) == b""
    [left] = records.find(EvidenceFile)
    assert (left.sha256, left.file, left.thumbnail, dict(left.facts)) == (there.sha256, "", b"", {})
    for read in (
        lambda: spot_media.content(EVALUATOR, spot, sha(photo)),
        lambda: spot_media.thumbnail(spot, sha(photo)),
    ):
        with pytest.raises(Refused):
            read()
    assert spot_checks.get(EVALUATOR, "record-1") == spot
    assert spot_media.waiting_for(spot) == ()


def test_old_details_of_the_journal_go_and_the_chain_holds(app):
    open_round()
    before = list(journal_entries([SCOPE]))
    [proof] = purged(rules.JOURNAL_DETAILS, NOW.replace(year=2042))
    assert proof.count == len(before)
    after = list(journal_entries([SCOPE]))
    assert [one.hash for one in after[: len(before)]] == [one.hash for one in before]
    assert {(one.salt, one.details) for one in after[: len(before)]} == {(None, None)}
    assert after[-1].details["after"] == proof.after == after[len(before)].hash  # the entry that began it
    chains_hold()


RULES_FILE = """
raw_answers: {years: 1, days: 30, basis: 内部规定第三条}
photos: {years: 5, basis: 内部规定第四条}
"""


def test_terms_are_parameters_with_a_basis_and_never_below_the_law():
    terms = rules.load_rules(RULES_FILE)
    assert (terms[rules.RAW_ANSWERS].years, terms[rules.RAW_ANSWERS].days) == (1, 30)
    assert terms[rules.PROCUREMENT_FILE] == RULES[rules.PROCUREMENT_FILE]
    assert rules.due_on(terms[rules.RAW_ANSWERS], date(2026, 3, 2)) == date(2027, 4, 1)
    assert rules.due_on(RULES[rules.RAW_ANSWERS], date(2024, 2, 29)) == date(2026, 3, 1)
    longer = rules.of_scheme(terms, {rules.RAW_ANSWERS: 4, rules.PHOTOS: 2})
    assert (longer[rules.RAW_ANSWERS].years, longer[rules.PHOTOS].years) == (4, 5)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("procurement_file: {years: 14, basis: x}", "rules.procurement_file.years"),
        ("raw_answers: {years: 1}", "rules.raw_answers.basis"),
        ("raw_answers: {years: 1, basis: x, hours: 2}", "rules.raw_answers"),
        ("raw_answers: {years: true, basis: x}", "rules.raw_answers.years"),
        ("contacts: {years: 1, basis: x}", "rules.contacts"),
        ("answers: {years: 1, basis: x}", "rules.answers"),
        ("[", "rules"),
        ("", "rules"),
    ],
)
def test_terms_that_cannot_be_are_named(text, field):
    with pytest.raises(Refused) as refused:
        rules.load_rules(text)
    assert [fault.field for fault in refused.value.faults] == [field]


def test_a_plan_names_every_piece():
    one = Held("photos", "p", "p", date(2026, 1, 1), date(2027, 1, 1), 2, "d")
    assert rules.due([one, replace(one, kept="round_open"), replace(one, count=0)], date(2027, 1, 1)) == [one]
    assert rules.due([one], date(2026, 12, 31)) == []
    assert rules.plan_digest([one]) != rules.plan_digest([replace(one, digest="e")])
    assert BEGUN != DONE


def test_a_scheme_of_the_projects_rounds_may_set_a_longer_term(app):
    project = make_project()
    terms = "parameters: {retention: {raw_answers: {years: 12, basis: 合同第十条}}}"
    schemes.publish(AUTHORITY, NOW, MIXED.replace("nodes:", f"{terms}\nnodes:", 1))
    rounds.open_round(EVALUATOR, NOW, Round("round-1", project.id, "pre", "前期评估", "mixed@1", "", NOW), False)
    assert retained.scheme_years(project, rules.RAW_ANSWERS) == 12
    assert retained.scheme_years(project, rules.PROCUREMENT_FILE) == 0
