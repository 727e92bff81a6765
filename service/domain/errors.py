"""The one error of the product, `Refused`, and the catalogue of everything that may be refused."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.evaluating_refusals import EVALUATING, EVALUATING_FAULTS
from service.domain.file_faults import FILE_FAULTS
from service.domain.form_faults import FORM_FAULTS
from service.domain.refusal_kinds import Entry, Kind

__all__ = ["CATALOGUE", "FAULTS", "Entry", "Fault", "Kind", "Refused", "invalid", "problem"]


@dataclass(frozen=True)
class Fault:
    """One thing wrong at one place. `field` is a path such as `answers.q1`; `params` fill the message."""

    field: str
    reason: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def message(self) -> str:
        return self.told()

    def told(self, translated: Callable[[str], str] = str) -> str:
        """The message in the language of `translated`; a `problem` brings its own words."""
        if self.reason != "problem":
            return translated(FAULTS[self.reason]).format(**self.params)
        text, values = translated(self.params["text"]), self.params.get("values")
        return text.format(**values) if values else text


def problem(field: str, text: str, /, **values: Any) -> Fault:
    """A fault that only one place tells. `text` is written out there, so that it is translated; `values` fill it."""
    return Fault(field, "problem", {"text": text, "values": values} if values else {"text": text})


class Refused(Exception):
    """A refusal with a stable `reason` from CATALOGUE, the parameters of its message and the faults by field."""

    def __init__(self, reason: str, faults: Sequence[Fault] = (), **params: Any) -> None:
        self.entry = CATALOGUE[reason]
        self.reason = reason
        self.faults = tuple(faults)
        self.params = params
        super().__init__(reason, self.faults, params)

    @property
    def message(self) -> str:
        return self.entry.message.format(**self.params)

    def __str__(self) -> str:
        return "; ".join([self.message, *(f"{fault.field}: {fault.message}" for fault in self.faults)])


def invalid(field: str, text: str, /, **values: Any) -> Refused:
    """The refusal of one `problem`."""
    return Refused("invalid", [problem(field, text, **values)])


CATALOGUE: dict[str, Entry] = {
    # The words are stable for ever: clients branch on them. A retired one stays listed.
    "invalid": Entry(Kind.INVALID, "Some of what was sent does not fit. See the fields named."),
    "answers_invalid": Entry(Kind.INVALID, "Some answers do not fit the questions."),
    "unsealable": Entry(Kind.CONFLICT, "This was encrypted under a secret that the service does not have any more."),
    "contacts_purged": Entry(Kind.GONE, "The personal columns of this list were deleted on {on}, as was said."),
    "scheme_invalid": Entry(Kind.INVALID, "The scheme does not hold together."),
    "questionnaire_invalid": Entry(Kind.INVALID, "The questionnaire does not hold together."),
    "checklist_invalid": Entry(Kind.INVALID, "The checklist does not hold together."),
    "frame_invalid": Entry(Kind.INVALID, "The list cannot be drawn from."),
    "draw_too_large": Entry(
        Kind.INVALID, "The draw takes {take}, but there are only {available} to draw from (stratum: {stratum})."
    ),
    "draw_order": Entry(Kind.CONFLICT, "This is not the draw's next step: it is {state}."),
    "draw_void": Entry(Kind.CONFLICT, "This draw is void ({why}). What is drawn instead is a redraw."),
    "draw_not_ready": Entry(Kind.CONFLICT, "The draw cannot be opened yet; it waits for: {parties}."),
    "commitment_fixed": Entry(Kind.CONFLICT, "{party} has deposited its commitment. It cannot be replaced."),
    "commitment_late": Entry(Kind.CONFLICT, "Commitments are closed: a late one could be chosen by what others did."),
    "commitments_missing": Entry(
        Kind.CONFLICT, "Nothing is revealed before all commitments are deposited. Missing: {parties}."
    ),
    "reveal_late": Entry(Kind.CONFLICT, "The time to reveal is over."),
    "secret_differs": Entry(Kind.CONFLICT, "This is not the secret that {party} committed to. Look for its file."),
    "secret_sealed": Entry(
        Kind.CONFLICT, "This secret lies sealed on the server, which opens it when the visit starts."
    ),
    "public_unnamed": Entry(
        Kind.CONFLICT, "No public value can be added: its source was not named before the commitments."
    ),
    "public_fixed": Entry(Kind.CONFLICT, "The public value is entered. It cannot be replaced."),
    "redraw_not_agreed": Entry(
        Kind.CONFLICT, "A redraw needs the agreement of two organisations before anybody deposits a commitment."
    ),
    "redraw_needed": Entry(
        Kind.CONFLICT,
        "Several parties have drawn from this list. Drawing again is a redraw: it needs a reason "
        "and two organisations.",
    ),
    "top_up_unplanned": Entry(
        Kind.CONFLICT,
        "Taking more after looking at the first ones is no test any more, unless the stages were planned before. "
        "Record it as descriptive, or make a new draw.",
    ),
    "top_up_late": Entry(
        Kind.CONFLICT, "The seed is known to the parties, so the next records are too. Make a new draw."
    ),
    "plan_risk": Entry(
        Kind.INVALID,
        "The stages together accept a bad list with probability {total}, more than the risk {risk}. Take more in each "
        "stage, or allow fewer errors.",
    ),
    "notice_empty": Entry(Kind.CONFLICT, "No check of these draws is accepted yet: there is nothing to notify."),
    "window_open": Entry(Kind.CONFLICT, "Ratings are released after the campaign is closed, not while people answer."),
    "not_passed_on": Entry(Kind.CONFLICT, "This person has not allowed that the answer is passed on to the provider."),
    "draw_sealed": Entry(
        Kind.FORBIDDEN, "The draw {id} is sealed. Its parties can verify it once the visits are over."
    ),
    "import_invalid": Entry(Kind.INVALID, "The file cannot be taken in as it is. See the rows named."),
    "import_unchecked": Entry(Kind.CONFLICT, "Only a list that was checked without a fault can be frozen."),
    "campaign_incomplete": Entry(Kind.INVALID, "The campaign lacks facts that respondents must be told."),
    "file_differs": Entry(
        Kind.INVALID, "The file that arrived is not the one that the record names. Send it again from the beginning."
    ),
    "name_taken": Entry(Kind.CONFLICT, "Another file of this record already has the name {name}."),
    "checklist_unknown": Entry(Kind.MISSING, "The checklist {id} was never published. Load the work of today again."),
    "picture_invalid": Entry(
        Kind.INVALID, "This is no picture that can be read. Please send a JPEG, PNG or WebP file."
    ),
    "picture_too_large": Entry(Kind.TOO_LARGE, "The picture is larger than {limit} MB. Please send a smaller one."),
    "pictures_spent": Entry(Kind.SLOW_DOWN, "More pictures were sent with this code than one answer needs."),
    "query_invalid": Entry(Kind.INVALID, "The query option {option} cannot be read: {detail}."),
    "query_unsupported": Entry(Kind.INVALID, "The feed does not know {option}; it knows {known}."),
    "filter_unavailable": Entry(Kind.INVALID, "Figures cannot be filtered by {name}: it is not in the tally key."),
    "not_scorable": Entry(Kind.INVALID, "The round cannot be scored yet: {why}."),
    "draft_faulty": Entry(
        Kind.INVALID, "The draft still has faults. Mend them first; they are listed with their places."
    ),
    "not_joinable": Entry(
        Kind.INVALID,
        "These figures cannot be joined: what was asked is not the same ({question}). See the fields named.",
    ),
    "xlsform_invalid": Entry(Kind.INVALID, "The file cannot be taken over as a questionnaire."),
    "xform_unmade": Entry(Kind.INVALID, "No form for phones can be made of this checklist."),
    "record_unreadable": Entry(Kind.INVALID, "The record cannot be read."),
    "unauthenticated": Entry(Kind.UNAUTHENTICATED, "Sign in first, or send a valid token."),
    "credentials_wrong": Entry(Kind.UNAUTHENTICATED, "User name or password is wrong."),
    "last_admin": Entry(
        Kind.CONFLICT, "This is the last administrator. Make another account of an administrator first."
    ),
    "forbidden": Entry(Kind.FORBIDDEN, "Your role may not do this."),
    "field_token_unknown": Entry(
        Kind.FORBIDDEN, "This app is not set up here, or no longer. Ask the evaluator for a new code and scan it."
    ),
    "csrf": Entry(Kind.FORBIDDEN, "The form has expired. Load the page again."),
    "session_of_another": Entry(
        Kind.CONFLICT, "Somebody else is signed in on this phone. Sign in as yourself to send."
    ),
    "not_found": Entry(Kind.MISSING, "There is no such {noun}."),
    "code_mistyped": Entry(Kind.MISSING, "Please check the code: a character is wrong or missing."),
    "code_unknown": Entry(Kind.MISSING, "This code is not known. Please check it."),
    "receipt_unknown": Entry(Kind.MISSING, "This receipt is not known. Please check it."),
    "id_taken": Entry(Kind.CONFLICT, "The id {id} is already used for something else."),
    "submission_differs": Entry(Kind.CONFLICT, "Other answers were already sent under this submission id."),
    "record_edited": Entry(
        Kind.CONFLICT, "A record that was sent stays as it is: it cannot be replaced by an edited one."
    ),
    "record_differs": Entry(
        Kind.CONFLICT, "Another record was already received under this number. Both are kept; please tell the office."
    ),
    "state_conflict": Entry(Kind.CONFLICT, "This cannot be done while the {noun} is {state}."),
    "not_of_visit": Entry(Kind.FORBIDDEN, "Only those who make this visit may do this."),
    "visit_not_today": Entry(
        Kind.CONFLICT, "The visit starts on its day, {on}; today is {today}. Have its date changed if need be."
    ),
    "visit_items_open": Entry(
        Kind.CONFLICT, "{count} drawn items of this visit are still open. Look them up, or give the reason."
    ),
    "nothing_to_check_again": Entry(
        Kind.CONFLICT, "Nothing of this draw is finished that has not been drawn for a second look before."
    ),
    "conflict_of_interest": Entry(Kind.CONFLICT, "These persons may not look at this provider. See the fields named."),
    "undeclared": Entry(
        Kind.CONFLICT, "Some persons have not declared yet whether they have a conflict of interest. Have them do so."
    ),
    "code_attended": Entry(Kind.GONE, "This code works on the evaluator's tablet only."),
    "code_elsewhere": Entry(Kind.GONE, "This code belongs to another place. Please check it."),
    "tablet_ended": Entry(Kind.UNAUTHENTICATED, "This tablet is not set up, or no longer."),
    "campaign_paused": Entry(Kind.BUSY, "This survey is paused."),
    "quota_full": Entry(Kind.GONE, "Enough answers have been given here. Thank you."),
    "not_tried": Entry(
        Kind.CONFLICT, "Only a draft that has been tried out as it stands can be published. Send a test answer first."
    ),
    "trials_full": Entry(Kind.CONFLICT, "There are already {limit} test answers. Delete them first."),
    "release_unsafe": Entry(
        Kind.CONFLICT, "No release can be made: even the total would tell something about fewer than {minimum} persons."
    ),
    "release_too_soon": Entry(
        Kind.CONFLICT,
        "Since the last release {cells} cells changed by fewer than {minimum} answers. Wait for more, or for the end.",
    ),
    "interview_unfinished": Entry(
        Kind.CONFLICT, "You still have another person in hand. Record how that call ended first."
    ),
    "nobody_in_hand": Entry(Kind.CONFLICT, "You have nobody in hand. Ask for the next person."),
    "nobody_to_call": Entry(Kind.CONFLICT, "There is nobody to be asked just now ({why})."),
    "too_few_tries": Entry(
        Kind.CONFLICT,
        "Nobody is given up before {attempts} tries on {days} days in {bands} bands of hours. So far: {done}.",
    ),
    "answers_withdrawn": Entry(Kind.GONE, "These answers have been withdrawn."),
    "code_spent": Entry(Kind.GONE, "This code has already been used."),
    "batch_voided": Entry(Kind.GONE, "This code has been withdrawn from use."),
    "session_not_begun": Entry(Kind.GONE, "This code does not work yet. It works from {at} on."),
    "session_over": Entry(Kind.GONE, "This code no longer works. It worked until {at}."),
    "font_missing": Entry(Kind.CONFLICT, "The sheet cannot be set in type: {problem}. {remedy}"),
    "campaign_closed": Entry(Kind.GONE, "This survey is closed."),
    "campaign_not_open": Entry(Kind.GONE, "This survey has not been opened."),
    "institutions_frozen": Entry(
        Kind.CONFLICT, "Opinions have come in, so nothing leaves the list. Institutions can be added, with a reason."
    ),
    "not_for_institutions": Entry(
        Kind.CONFLICT, "This campaign asks persons. Institutions are listed in a campaign of the institutions' form."
    ),
    "not_for_persons": Entry(
        Kind.CONFLICT, "This campaign asks institutions: their signed opinions are entered, no codes are issued."
    ),
    "stale": Entry(Kind.STALE, "Somebody else changed it meanwhile (now version {version}). Load it again."),
    "too_large": Entry(Kind.TOO_LARGE, "What was sent is larger than the limit of {limit} bytes."),
    "unconditional": Entry(Kind.UNCONDITIONAL, "Send If-Match with the version that you read."),
    "slow_down": Entry(Kind.SLOW_DOWN, "Too many wrong tries in a row. Wait {seconds} seconds and try again."),
    "busy": Entry(Kind.BUSY, "The service is busy. Please try again in a moment; nothing is lost."),
    **EVALUATING,
}

# Messages of single faults; the reader's language is put in by the writers.
FAULTS: dict[str, str] = {
    "required": "Please answer this question.",
    "missing": "This is required.",
    "unknown_field": "There is no such field.",
    "unknown_question": "This question was not asked.",
    "not_an_option": "{value} is not one of the options: {options}.",
    "cannot_say_not_offered": "“Cannot say” is not offered here.",
    "wrong_type": "This must be {expected}.",
    "too_long": "This is longer than {limit} characters.",
    "too_short": "This is shorter than {limit} characters.",
    "control_characters": "This contains control characters or text-direction overrides. Remove them.",
    "empty": "This must not be empty.",
    "duplicate": "{value} stands here more than once.",
    "below": "This must be at least {lower}.",
    "above": "This must be at most {upper}.",
    "not_a_number": "Please enter a number in digits, such as 12.",
    "too_many_decimals": "Please give at most {limit} places after the point.",
    "not_a_date": "Please give a day as year, month, day, such as 2026-05-01.",
    "not_a_picture": "There is no such picture. Please choose it again.",
    "too_few_chosen": "Please choose at least {limit}.",
    "too_many_chosen": "Please choose at most {limit}.",
    "exclusive": "{value} cannot be chosen together with others.",
    "not_ascending": "These must go upwards.",
    "levels_out_of_range": "There must be {lower} to {upper} levels.",
    "too_many_options": "There are more than {limit} options in all questions together.",
    "only_notes": "There must be something to answer, not notes alone.",
    "not_in_order": "Sections must hold the questions in their order: here stands {value}, but {expected} comes next.",
    "not_in_a_section": "{value} stands in no section. Sections must hold every question once.",
    "constraint": "{text}",
    "expr_unreadable": "Column {column}: {value} cannot be understood here.",
    "expr_ends": "Column {column}: something is missing at the end.",
    "expr_too_deep": "Column {column}: this is nested more than {limit} levels deep.",
    "expr_type": "Column {column}: here stands {found}, but it must be {expected}.",
    "expr_not_compared": "Column {column}: {found} cannot be compared. Use selected(…), count(…) or answered(…).",
    "expr_no_order": "Column {column}: only numbers and dates are more or less; here stands {found}.",
    "expr_no_code": "Column {column}: {value} is none of the codes of {question}: {options}.",
    "code_unfinished": "The short name {value} cannot be changed while a condition with it is unfinished: {names}. "
    "Finish this condition or take it out first.",
    "code_calculated": "The short name {value} cannot be changed: conditions of {names} calculate with this answer or "
    "compare it with another one. Change these first.",
    "expr_no_date": "Column {column}: {value} is no day such as 2026-05-01.",
    "expr_no_question": "Column {column}: there is no question {value} to refer to.",
    "expr_own": "Column {column}: {value} is the own answer, which only a constraint has.",
    "expr_today": "Column {column}: only a constraint may use today; who was asked must not change overnight.",
    "expr_itself": "Column {column}: {value} refers to itself. In a constraint, write . for the own answer.",
    "expr_later": "Column {column}: {value} comes later. Refer to earlier questions only.",
    "expr_shuffled": "Column {column}: {value} may come later, because its section is shuffled.",
    "never_true": "This can never be true, given the conditions on the questions that it refers to.",
    "pipe_no_question": "There is no question {value} whose answer could stand here.",
    "pipe_later": "The answer to {value} is not known here: it is asked here, later, or in a shuffled section.",
    "out_of_range": "This must be between {lower} and {upper}.",
    "no_such_picture": "This picture is not there. Please add it again.",
    "picture_unreadable": "This is no picture that can be read. Please send a JPEG, PNG or WebP file.",
    "picture_too_large": "The picture is larger than {limit} MB. Please send a smaller one.",
    "pictures_spent": "More pictures were sent with this code than one answer needs.",
    "nothing_answered": "Please answer at least one question.",
    "bad_name": "{value} does not fit: allowed are {allowed}.",
    "reserved": "{value} is reserved: codes do not begin with an underscore.",
    "unknown_kind": "{value} is not a kind of question; there are: {kinds}.",
    "no_such_item": "{value} is not an item of this questionnaire that is answered by options.",
    "too_many": "There may be at most {limit} here.",
    "not_last": "The help question must be a single choice and the last question.",
    "codes_among": "The codes must be among: {codes}.",
    "too_few_behind": "Fewer than {limit} answers stand behind this theme. It would be about single persons.",
    "tells_time": "This names a time ({value}). Whoever knows who was there then would know who answered.",
    "tells_session": "This names a session ({value}). Whoever was there could be found out.",
    "tells_wording": "These are words of an answer. Put them in your own, so that nobody is known by them.",
    "codes_differ": "The codes must be exactly: {codes}.",
    "not_top": "Satisfied must be the best levels, without a gap, and not all of them.",
    "yaml": "Not readable as YAML: {text}",
    "repeats_row": "{value} already stands in row {row}. Each id may stand once only.",
    "not_utf8": "This is not UTF-8 text. Save the list again as “CSV UTF-8”.",
    "header_missing": "There is no header. The first row must name the columns, the first of them that of the ids.",
    "not_commas": "The columns are not separated by commas. Save the list again as comma-separated CSV.",
    "column_unknown": "There is no column {name}. The columns are: {columns}.",
    "row_ragged": "This row has {found} cells, the header {expected}. Put a cell that holds a comma in double quotes.",
    "csv_broken": "This cannot be read as CSV ({detail}). Look for a double quote that is not closed.",
    "too_many_rows": "There are more than {limit} rows. Split the list.",
    "stratum_unknown": "The list has no such stratum.",
    "stratum_too_small": "The stratum holds {available}, the draw takes {take}. Take fewer, or merge strata.",
    "secret_too_short": "A secret needs at least {limit} bytes.",
    "secret_repeated": "Two parties have the same secret; one may have copied the other's commitment.",
    "void_when_not_found": "What was not found cannot be judged. Leave this out, or say that it was found.",
    "unknown_attribute": "This is not one of the attributes checked: {attributes}.",
    "not_drawn": "{value} was not drawn.",
    "not_published": "This version was never published.",
    "bad_file_name": "This must be the name of a file alone: no folder, no control characters.",
    "other_kind": "This checklist is for {found}; here {expected} is looked at.",
    "not_a_witness": "Say why the signature was refused, and have the second auditor sign.",
    "differs_from_checklist": "This must be left out, or be the same as the checklist's own.",
    "no_such_choice": "{value} is not a question of this checklist that is answered by one option.",
    "no_such_number_question": "{value} is not a question of this checklist that is answered by a number.",
    "must_be_required": "{value} is judged, so it must be required: silence must not pass for “no error”.",
    "cannot_fail": "Every option means that this holds or does not apply. One must mean that it fails.",
    "not_deciding": "{value} must be an attribute of this checklist whose core is {core}.",
    "core_missing": "No attribute has the core {core}.",
    "asked_though_lost": "{value} is asked although {code} means not found. Give it a condition.",
    "too_few_tickets": "The stratum {stratum} has {n} drawn tickets, and {wanted} interviews are wanted. Draw more.",
    "not_told_linked": "In {campaign} people were not told that answers stay linked. Say so in its notice (linked).",
    "scan_unreadable": "This must be a whole PDF, JPEG or PNG file. Scan the form again, or save it in one of these.",
    "too_few_persons": "At least {limit} persons are needed.",
    "no_such_person": "There is no active account {value} of the evaluator.",
    "conflict_provider": "{value} belongs to the provider.",
    "conflict_declared": "{value} has declared a conflict of interest.",
    "person_undeclared": "{value} has not declared yet.",
    "nobody_else": "Nobody is left who may look up {value} again: who took part in the first look may not.",
    "same_pair": "{value} made the visit that is to be checked.",
    "no_such_site": "There is no site {value} in this project.",
    "no_such_draw": "There is no draw {value} in this project.",
    "not_assigned": "{value} was handed to somebody else. Have it reassigned first.",
    "other_trigger": "{value} was drawn for another reason than this visit is made.",
    "no_such_checklist": "There is no checklist {value} that is filled in once a visit.",
    "reason_needed": "Say why: opinions have come in already, and a change of what they rest on is recorded.",
    "day_to_come": "This day is still to come; today is {today}.",
    "row_without_code": "Give the slip's code; or a row id and the batch of a poster or tablet code.",
    "batch_of_slips": "This batch holds slips: give each slip's code, so that it counts once.",
    "formula": "This cell holds a formula. Put its value in its place.",
    "header_personal": "The first row holds somebody's number, so it is no header. Put the names of the columns there.",
    "column_twice": "The column {name} already has another meaning. Give each column one.",
    "use_twice": "{a} and {b} are taken for the same. Choose one of them.",
    "column_personal": (
        "The column {name} holds phone numbers, ID numbers or names. Map it as personal, so that it is encrypted, "
        "or leave it out."
    ),
    "cell_personal": (
        "This cell holds a phone or ID number. Map the column as personal, leave it out, or remove the number."
    ),
    "serial_is_phone": "This is a phone number, no opaque serial. Choose another column, or have serials made.",
    "serial_is_id_number": "This is an ID number, no opaque serial. Choose another column, or have serials made.",
    "serial_is_name": "This is a person's name, no opaque serial. Choose another column, or have serials made.",
    "serials_too_long": "All serials and strata together exceed {limit} MB. Have serials made, or split the list.",
    "total_row": "This row is a total, no record. Remove it.",
    "site_unknown": "{value} is no site of the project: {options}. Correct the cell, or add the site.",
    "outside_contract": "{value} lies outside the contract ({lower} to {upper}).",
    "no_id_number": "This is no valid ID number: a digit is wrong, or the spreadsheet has rounded it.",
    "no_phone": "This is no phone number that could be called.",
    "sum_differs": "The claim is {claimed}, but the list adds up to {found}.",
    "nothing_to_match": "Name a column of phones, ID numbers, names with days of birth, or ids to match by.",
    "merged_cells": (
        "The sheet {sheet} has merged cells, of which only the first has a value. Unmerge them and fill each cell."
    ),
    "workbook_unreadable": "This is no XLSX workbook that can be read. Save it again as XLSX or as “CSV UTF-8”.",
    "no_such_number": "{value} is not the number of an option: 1 to {last}, or - for left blank.",
    "problem": "{text}",
    "not_in_both": "Only one of {a} and {b} has this.",
    "changed_between": "This differs between {a} and {b}: {what}.",
    "draft_id": "The draft is called {id}: the definition must have the same id.",
    "xml_doctype": "This holds a document type or entities, which records never do.",
    "xml_broken": "This is no valid XML: {text}.",
    "xml_too_deep": "This is nested more than {limit} levels deep.",
    "instance_id": "There must be one instanceID of letters, digits and : . _ -; here stands {value}.",
    "file_name": "{value} is no plain file name.",
    **FORM_FAULTS,
    **FILE_FAULTS,
    **EVALUATING_FAULTS,
}
