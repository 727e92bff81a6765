"""The two lists of OpenRosa as XML: forms, and the files of one form."""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, tostring

from flask import Response

LIST, MANIFEST = "http://openrosa.org/xforms/xformsList", "http://openrosa.org/xforms/xformsManifest"
TYPE = "text/xml; charset=utf-8"  # the app refuses application/xml


def listed(root: str, entry: str, namespace: str, entries: Iterable[Mapping[str, str]]) -> Response:
    """`<root xmlns=…><entry><field>value</field>…</entry>…</root>`; an empty field would spoil the list: left out."""
    document = Element(root, xmlns=namespace)
    for values in entries:
        element = SubElement(document, entry)
        for name, value in values.items():
            if value:
                SubElement(element, name).text = value
    return Response(tostring(document, encoding="UTF-8", xml_declaration=True), content_type=TYPE)
