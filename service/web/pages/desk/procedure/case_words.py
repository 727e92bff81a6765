"""Words for the codes of notices and follow-ups."""

CASE_WORDS: dict[str, dict[str, str]] = {
    "notice_state": {"draft": "draft", "issued": "issued, not served yet", "served": "served"},
    "channel": {
        "handed_over": "handed over",
        "post": "by post",
        "e_mail": "by e-mail",
        "message": "by the office's message system",
    },
    "case_source": {
        "finding": "finding of a check",
        "deviation": "deviation from the contract",
        "theme": "theme raised by several respondents",
        "individual": "passed on by a respondent",
        "rating": "bad rating of a service",
    },
    "case_state": {
        "open": "waits for the provider",
        "answered": "answered, to be verified",
        "verified": "verified",
        "returned": "returned, waits for the provider",
    },
    "call_back": {
        "satisfied": "called back: satisfied",
        "dissatisfied": "called back: dissatisfied",
        "not_reached": "called back: not reached",
        "no_contact": "no contact was left",
    },
    "look_back": {"held": "it lasted", "fell_back": "it did not last"},
}
