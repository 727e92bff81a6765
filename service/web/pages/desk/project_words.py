"""Words of projects at the desk: codes in English, which are translated where they are shown."""

PROJECT_WORDS = {
    "period": {"running": "under way", "coming": "to come", "past": "over"},
    "funding": {"public": "public money", "partly": "partly public money", "other": "other money"},
    "found": {
        "project": "Projects",
        "site": "Sites",
        "campaign": "Campaigns",
        "round": "Rounds",
        "questionnaire": "Questionnaires",
        "case": "Follow-ups",
        "notice": "Notices",
        "objection": "Objections",
        "appeal": "Appeals",
    },
    "layer": {"with": "counted in", "without": "not counted", "both": "both, side by side"},
    "basis": {"applies": "apply", "by_reference": "are followed by agreement"},
}
