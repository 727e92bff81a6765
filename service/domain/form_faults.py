"""What may be wrong in what people fill in at the desk or send for it; a part of the catalogue in `errors`."""

FORM_FAULTS: dict[str, str] = {
    "no_organisation": "There is no organisation {value}.",
    "no_site": "The project has no site {value}.",
    "is_past": "This is past. Name a time to come.",
    "window_shortened": "An opened window is never shortened: it closes at {at}.",
    "provider_number": "This is the provider's number. Name an official one.",
    "session_printed": "Codes were printed for {value}. Keep these sessions and their times, or void the codes.",
    "password_wrong": "This is not the present password.",
    "not_a_moment": "Please give the time as 2026-05-31 18:00.",
    "choose_one": "Please choose one of what is offered.",
    "length_between": "This must have {lower} to {upper} characters.",
    "not_more": "This must be more than {lower}.",
    "only_characters": "At most {limit} characters, and only these: {allowed}",
    # a year's working days
    "calendar_header": "The first row must be: date,day",
    "calendar_cells": "A row is a date and one of: off, work.",
    "other_year": "{value} is not in {year}.",
    "weekday_anyway": "{value} is a weekday anyway: look at the announcement again.",
    "weekend_anyway": "{value} is on a weekend anyway: look at the announcement again.",
}
