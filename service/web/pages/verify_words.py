"""What the verifier's page says: the texts of its steps and of everything that can fail, in the reader's language."""

from typing import Any

from flask_babel import gettext

from service.domain.inspect.published_draws import REASONS, REMARKS


def _(text: str) -> str:
    return text  # marks a text for translation; it is translated when it is shown


# step -> (what holds there, how to do it by hand)
STEPS = {
    "file": (_("The file can be read"), ""),
    "frame": (
        _("The list is the one that was frozen"),
        _(
            "By hand: write the list into a text file, one serial a line, each line ended by a line feed; with strata "
            "each line is the serial, a tab and the stratum. Then:"
        ),
    ),
    "reveal": (_("Every party has revealed its secret"), ""),
    "commitment": (
        _("Each secret is the one that its party had committed to before"),
        _("By hand, for each party: the SHA-256 of the secret's bytes is its commitment."),
    ),
    "seed": (
        _("The seed follows from the list and the secrets"),
        _("By hand: the seed is the SHA-256 of these lines, with a line feed between them and none at the end."),
    ),
    "allocation": (_("The number to be drawn was fixed by stratum"), ""),
    "drawn": (
        _("The drawn items are those with the smallest tickets"),
        _(
            "By hand: an item's ticket is 0. followed by the decimal digits, last digit first, of the SHA-256 of two "
            "texts written together: the SHA-256 of the seed (64 hexadecimal digits) and the serial. For the first "
            "ticket of the table:"
        ),
    ),
}
TEXTS = {
    "working": _("Verifying …"),
    "verified": _("The draw holds: {drawn} items drawn from {listed}."),
    "failed": _("The draw does not hold. Step {number} fails: {reason}"),
    "broken": _("The check itself has stopped; that says nothing about the draw. {detail}"),
    "took": _("Computed in this browser in {seconds} s; nothing was sent."),
    "ok": _("holds"),
    "bad": _("does not hold"),
    "open": _("not reached"),
    "show": _("Show the numbers of this step"),
    "first_lines": _("First lines"),
    "lines": _("Lines"),
    "published": _("As published"),
    "computed": _("Computed here"),
    "expected": _("Should be"),
    "found": _("Is"),
    "nothing": _("nothing"),
    "earlier": _("First in line"),
    "party": _("Party"),
    "secret": _("Secret"),
    "commitment": _("Commitment"),
    "none": _("none"),
    "stratum": _("Stratum"),
    "all": _("all"),
    "size": _("Items"),
    "skip": _("Passed over (drawn before)"),
    "take": _("To be drawn"),
    "seed_hash": _("SHA-256 of the seed"),
    "serial": _("Serial"),
    "ticket": _("Ticket"),
    "part": _("Result"),
    "drawn": _("drawn"),
    "skipped": _("passed over"),
    "next": _("next, not drawn"),
    "place_file": _("Part of the file"),
    "place_frame": _("Line"),
    "place_reveal": _("Party"),
    "place_commitment": _("Party"),
    "place_seed": "",
    "place_allocation": _("Stratum"),
    "place_drawn": _("Place in the order drawn"),
}


def words() -> dict[str, Any]:
    """All texts in the reader's language."""
    return {
        "steps": {step: [gettext(text) if text else "" for text in texts] for step, texts in STEPS.items()},
        "reasons": {code: gettext(text) for code, text in REASONS.items()},
        "remarks": {code: gettext(text) for code, text in REMARKS.items()},
        "texts": {name: gettext(text) if text else "" for name, text in TEXTS.items()},
    }
