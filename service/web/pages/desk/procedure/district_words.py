"""Words of a district at the desk: codes in English, which are translated where they are shown."""

DISTRICT_WORDS = {
    "round_state": {
        "opened": "Round opened",
        "self_evaluation": "Self-evaluation",
        "evidence": "Gathering evidence",
        "scoring": "Being scored",
        "reported": "Reported",
        "notified": "Provider notified",
        "appeal": "Under review",
        "final": "Result is final",
        "published": "Result published",
    },
    "aspect": {
        "scheme": "Scheme",
        "questionnaires": "Questionnaire",
        "figures": "Figure",
        "modes": "How answers came",
        "distributions": "How people were reached",
    },
    "district_step": {
        "project": "Project",
        "site": "Site",
        "campaign": "Campaign",
        "batch": "Slips of paper",
        "round": "Round",
        "opening": "Opening of a campaign",
    },
    "district_outcome": {
        "new": "to be made",
        "made": "made",
        "there": "there already",
        "differs": "there already, with other values",
        "waits": "waits for another role",
        "refused": "not accepted",
    },
}
