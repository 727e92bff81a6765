"""Access as data: a role counts only inside the projects of its organisation, and admin sees no answer."""

import itertools

import pytest

from service.domain.access import ACTIONS, GLOBAL, PARTY_OF_ROLE, ROLES, Actor, may, require
from service.domain.errors import Refused

PARTIES = {"authority": "a", "purchaser": "b", "provider": "c", "evaluator": "e", "witness": "w"}


def actor(role: str, organisation: str) -> Actor:
    return Actor("id", "name", organisation, (role,))


@pytest.mark.parametrize(("role", "action"), [*itertools.product(PARTY_OF_ROLE, sorted(set(ACTIONS) - GLOBAL))])
def test_a_role_acts_only_for_the_organisation_that_has_its_part(role: str, action: str) -> None:
    own = PARTIES[PARTY_OF_ROLE[role]]
    assert may(actor(role, own), action, PARTIES) == (role in ACTIONS[action])
    others = set(PARTIES.values()) - {own} | {"stranger"}
    assert not any(may(actor(role, other), action, PARTIES) for other in others)
    assert not may(actor(role, own), action)


@pytest.mark.parametrize("action", ["responses.read", "satisfaction.read", "scores.read", "tickets.write"])
def test_raw_answers_figures_and_points_are_the_evaluators(action: str) -> None:
    assert ACTIONS[action] == ("evaluator",)


def test_admin_keeps_accounts_and_no_evidence() -> None:
    mine = {action.split(".")[0] for action, roles in ACTIONS.items() if "admin" in roles}
    assert not mine & {"responses", "campaigns", "draws", "spot_checks", "rounds", "scores"}


def test_every_role_of_the_table_exists_and_every_role_may_do_something() -> None:
    assert {role for roles in ACTIONS.values() for role in roles} == set(ROLES)
    assert set(ACTIONS) >= GLOBAL


def test_require_refuses() -> None:
    with pytest.raises(Refused, match="role"):
        require(actor("provider", "c"), "responses.read", PARTIES)
