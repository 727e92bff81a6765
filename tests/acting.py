"""For tests of the desk: one act on its page, done or refused, and the page's words."""

import re
from html import unescape

from at_desk import Desk


def saved(desk: Desk, path: str, **fields: object) -> str:
    """Open the page of an act, send its form, and see that it led on. -> the page that follows."""
    assert desk.open(path).status_code == 200, desk.page.text[:600]
    desk.send(path, **fields)
    assert desk.page.status_code == 303, (path, desk.page.status_code, words(desk))
    return desk.follow().text


def refused(desk: Desk, path: str, status: int, told: str, **fields: object) -> None:
    """The form is shown again with the refusal in words."""
    assert desk.open(path).status_code == 200, desk.page.text[:600]
    desk.send(path, **fields)
    assert desk.page.status_code == status, (path, desk.page.status_code, words(desk))
    assert told in words(desk), words(desk)


def words(desk: Desk) -> str:
    """The page without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", desk.page.text.partition("<main")[2])).split())
