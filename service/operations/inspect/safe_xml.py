"""Reading XML that strangers send: no document type, no entities, nothing from outside, bounded in every direction."""

from typing import Final
from xml.etree.ElementTree import Element, ParseError

from service.domain.errors import Fault, Refused

LARGEST: Final = 1_000_000  # bytes
MOST_ELEMENTS: Final = 20_000
DEEPEST: Final = 30
WHERE: Final = "xml_submission_file"


def parsed(content: bytes) -> Element:
    """The root element. Raises Refused("record_unreadable") naming what is wrong, "too_large"."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(content) > LARGEST:
        raise Refused("too_large", limit=LARGEST)
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException:
        raise _unreadable("xml_doctype") from None
    except (ParseError, ValueError, LookupError) as error:  # LookupError: an encoding that does not exist
        raise _unreadable("xml_broken", text=str(error)[:200]) from None
    _bound(root)
    return root


def _bound(root: Element) -> None:
    """Level by level, so that no depth can exhaust the stack."""
    level, count = [root], 0
    for _ in range(DEEPEST):
        count += len(level)
        if count > MOST_ELEMENTS:
            raise _unreadable("too_many", limit=MOST_ELEMENTS)
        level = [child for element in level for child in element]
        if not level:
            return
    raise _unreadable("xml_too_deep", limit=DEEPEST)


def _unreadable(reason: str, **params: object) -> Refused:
    return Refused("record_unreadable", [Fault(WHERE, reason, params)])
