"""The texts of the auditor's app by the names under which its modules ask for them (`say("lock")`)."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "title": "Field checks",
    "app": "The app",
    "needs_https": (
        "Field checks work only over https (or on this machine itself): without it, browsers allow neither work "
        "without network, nor encryption, nor the camera and position. Ask the office for the https address."
    ),
    "too_old": (
        "This browser is too old for field checks. It takes Chrome 103 or later, or an iPhone with iOS 16.4 or "
        "later, and no private window."
    ),
    "paper_instead": "Nothing was lost: nothing has been entered here yet.",
    "other_window": "Field checks are open in another window",
    "other_window_lead": (
        "Two windows would overwrite each other's records. Close the other one, or go on here: the other one is "
        "then locked, and what was entered there is kept."
    ),
    "other_window_took": "You go on in another window. What was entered here is kept.",
    "use_here": "Go on here",
    "update_ready": "A new version of the app is ready. What you have entered stays.",
    "update_now": "Use the new version now",
    "close": "Close",
    "back": "Go back",
    "language": "Language",
    "please_wait": "One moment …",
    "went_wrong": "This view could not be shown",
    "went_wrong_here": "Something went wrong in the app: {why}",
    "unreadable": (
        "{n} records on this phone cannot be read; they stay where they are. Ask the office before you sign out."
    ),
    "not_installed": (
        "The app could not be installed for use without network. Load this page again where there is network, not "
        "in a private window."
    ),
    "phone_full": (
        "The phone is full: the last entry could not be kept. Do not close the app. Delete photos or videos "
        "elsewhere on the phone, or send what waits, then enter it once more."
    ),
    "user_name": "User name",
    "password": "Password",
    "sign_in": "Sign in",
    "sign_in_lead": "Sign in once with network. After that, visits can be worked on without.",
    "sign_in_to_send": "Your session has ended. Sign in again, so that what waits can be sent. Nothing is lost.",
    "sign_in_needs_network": "Signing in needs network. Try again where there is some.",
    "not_you": "These records belong to {name}. Sign in as this person to send them.",
    "whose": "Who are you?",
    "somebody_else": "Somebody else signs in",
    "set_pin": "Choose a PIN",
    "new_pin": "New PIN: at least {n} digits",
    "pin_again": "The same PIN once more",
    "pin_why": (
        "Visits, records and photos lie on this phone encrypted under your PIN. You need it each time you open "
        "the app. More digits protect better if the phone is stolen."
    ),
    "pin_forgotten_warning": (
        "Nobody can reset this PIN, the office neither. Who forgets it loses what this phone has not sent yet."
    ),
    "pin_short": "A PIN has at least {n} digits, and nothing but digits.",
    "pin_simple": "This PIN is among the first that anybody would try. Choose another one.",
    "pins_differ": "The two are not the same.",
    "pin": "PIN",
    "unlock": "Unlock",
    "unlock_of": "Records of {name}",
    "pin_wrong": (
        "This PIN is wrong. Nothing is deleted. After {n} more wrong tries there is a pause before each further one."
    ),
    "pin_wrong_slow": "This PIN is wrong. Nothing is deleted, but there is a pause now before the next try.",
    "pin_wait": "Too many wrong tries. The next one is possible in {n} seconds.",
    "pin_forgotten": "I have forgotten the PIN",
    "pin_forgotten_lead": (
        "Without the PIN nobody can read what lies here, the office neither: it has no key to it. You can sign in "
        "and begin with a new PIN. The old records stay on this phone, locked; should the PIN come back to you, "
        "they can be opened and sent."
    ),
    "pin_forgotten_unsent": (
        "Not sent yet, and lost without the PIN: {n}. What was sent before is safe with the office."
    ),
    "pin_start_anew": "Begin with a new PIN",
    "my_visits": "My visits",
    "fetch_visits": "Fetch visits",
    "fetched": "As of {when}",
    "never_fetched": "Not fetched yet.",
    "no_visits": "No visits are assigned to you.",
    "no_network": "There is no network now. What is shown is what was fetched last.",
    "needs_network": "This needs network: only the server can do it.",
    "signed_out": "Your session has ended. You can go on working; to send and to fetch, sign in again.",
    "other_user": "{name} is signed in on this phone. To send your records, sign in as yourself.",
    "clock_off": (
        "The clock of this phone is off by {n} minutes. Set it to automatic time; records tell the difference."
    ),
    "queue_line": "Not at the office yet: {n}, of which {waiting} wait to be sent",
    "items_done": "{n} of {of} items done",
    "room": "Room left on the phone, as the browser puts it: {left}.",
    "kept_safe": "The browser has promised to keep the records.",
    "not_kept_safe": (
        "The browser may clear records when the phone is full, an iPhone also after seven days without use. "
        "Install the app on the home screen, and send soon."
    ),
    "lock": "Lock",
    "sign_out": "Sign out",
    "sign_out_refused": (
        "You cannot sign out yet: {n} records have not been sent, and signing out removes everything from this "
        "phone. Finish or discard drafts, hand in, and send first."
    ),
    "sign_out_needs_network": (
        "Signing out needs network, so that the session ends on the server too. You can lock the app instead."
    ),
    "visit": "Visit",
    "project": "Project",
    "date": "Date",
    "address": "Address",
    "persons": "Auditors",
    "visit_planned": "planned",
    "visit_started": "under way",
    "visit_finished": "finished",
    "visit_cancelled": "cancelled",
    "visit_gone": "no longer assigned to you",
    "visit_unknown": "This visit is not on this phone.",
    "visit_over": "This visit is not open: nothing new can be begun. What lies here can still be sent.",
    "start_lead": (
        "Starting opens the sealed draw and fetches the drawn items. It needs network for a moment; after that "
        "the visit can go on without."
    ),
    "start_visit": "Start the visit",
    "items": "Drawn items",
    "back_check": "back-check",
    "observations": "Once a visit",
    "new_record": "New record",
    "sign_all": "Sign all complete ones ({n})",
    "hand_in_all": "Hand in all signed ones ({n})",
    "finish_later": "The visit can be finished when nothing of it waits here any more ({n} left).",
    "finish_visit": "Finish the visit",
    "finish_open": "{n} drawn items have no record. What was drawn and is not checked stays listed as missing.",
    "finish_reason": "Why they were not looked at",
    "finish_anyway": "Finish all the same",
    "to_visits": "To my visits",
    "to_visit": "To the visit",
    "to_queue": "See what waits",
    "record": "One record",
    "record_unknown": "This record is not on this phone.",
    "no_checklist": "The checklist of this record is not on this phone yet. Fetch the visits with network.",
    "stratum": "Stratum",
    "record_date": "Date of the record",
    "claimed": "Claimed",
    "began": "Begun {when}",
    "took": "time taken",
    "not_found": "Record not found",
    "required": "(required)",
    "cannot_say": "Cannot be judged",
    "clear_answer": "Clear the answer",
    "place": "Place {n}",
    "take_photo": "Take a photo",
    "remove_photo": "Remove the photo",
    "photo_at_office": "This photo is with the office.",
    "photo_no_room": (
        "There is no room on the phone for another photo. The record and its other photos are safe. Send what "
        "waits, or free some room, and take it again."
    ),
    "photo_unreadable": "This is no picture that the phone can read.",
    "photo_too_many": "A question takes at most {n} photos.",
    "photo_twice": "This photo is already there.",
    "take_position": "Record the position",
    "position_none": "The position has not been recorded yet.",
    "position_is": "Position {latitude}, {longitude}, exact to {m} m, {s} s old.",
    "position_denied": "The phone was not allowed to tell its position; the record says so.",
    "position_unavailable": "The phone knows no position here; the record says so.",
    "position_timeout": "The phone found no position in time; the record says so.",
    "left_open": "{n} points are still open.",
    "to_sign": "Go on to signing",
    "discard": "Discard this draft",
    "discard_really": "The draft and its photos are deleted from the phone and were never sent.",
    "discard_yes": "Yes, discard it",
    "change_needs_reason": "It is signed: every change now needs a reason, which is recorded.",
    "reason_title": "Why is this changed after signing?",
    "keep_change": "Keep the change",
    "undo_change": "Undo the change",
    "hand_in": "Hand in",
    "signed_line": "Signed by {name}, {when}",
    "locked_lead": "It is handed in and cannot be changed while it waits.",
    "stored_lead": "The office has this record and all its photos. Its content is no longer on this phone.",
    "conflict_lead": (
        "The office has this record and all its photos, and somebody there decides about it. Its content is no "
        "longer on this phone."
    ),
    "returned_lead": "The office has given this record back to be corrected.",
    "correct": "Correct it",
    "sign": "Sign",
    "sign_lead": "What is signed: {n}",
    "sign_open": "These are not complete yet:",
    "nothing_to_sign": "There is nothing to sign.",
    "sign_now": "Sign now",
    "auditor": "Auditor",
    "signature_of": "Signature of {name}",
    "auditor_missing": "Your own signature is missing.",
    "witness": "Witness of the organisation",
    "witness_name": "Name and function of the witness",
    "witness_signs": "The witness signs",
    "witness_refuses": "The witness refuses, or nobody is there",
    "witness_name_missing": "The name of the witness is missing.",
    "witness_missing": "The signature of the witness is missing. If it is refused, say so above.",
    "refusal_reason": "What was said or happened",
    "refusal_reason_missing": "Write down why there is no signature of the witness.",
    "second_auditor": "Second auditor",
    "second_missing": "The second auditor's signature is missing.",
    "clear_signature": "Clear",
    "type_instead": "Type the name instead",
    "typed_name": "Name, typed",
    "typed_reason": "Why it is typed",
    "queue": "Not at the office yet",
    "queue_lead": "What is handed in is sent by itself as soon as there is network, while the app is open.",
    "queue_empty": "Everything is with the office.",
    "send_now": "Send now",
    "next_try": "The next try is at {when}.",
    "problem_offline": "The server cannot be reached. Everything stays here and is tried again.",
    "problem_busy": "The server is busy. It is tried again by itself.",
    "problem_signed_out": "Your session has ended. Sign in, then it is sent.",
    "problem_other_user": "Somebody else is signed in on this phone. Sign in as yourself, then it is sent.",
    "problem_forbidden": "You are not allowed to send, or not any more. The records stay here; ask the office.",
    "problem_refused": "The server does not take this.",
    "problem_unexpected": "Something went wrong in the app. Nothing is lost; open it anew and send again.",
    "file_lost": "A file of this record is no longer on the phone. Take it again, or remove it.",
    "state_open": "open",
    "state_draft": "draft",
    "state_signed": "signed",
    "state_waiting": "waits to be sent",
    "state_sending": "sending, file {n} of {of}",
    "state_stored": "at the office",
    "state_conflict": "kept for a decision",
    "state_accepted": "accepted by the office",
    "state_rejected": "rejected by the office",
    "state_returned": "given back",
    "state_refused": "not taken: correct it",
    "fault_required": "Please answer this.",
    "fault_number": "Please give a number.",
    "fault_date": "Please give a date.",
    "fault_below": "At least {limit}, please.",
    "fault_above": "At most {limit}, please.",
    "fault_decimals": "At most {limit} decimal places, please.",
    "fault_long": "At most {limit} characters, please.",
    "fault_exclusive": "One of these can only be chosen alone.",
    "fault_many": "Choose at most {limit}.",
    "fault_few": "Choose at least {limit}.",
}
