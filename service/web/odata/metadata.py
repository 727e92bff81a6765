"""The two descriptions of a service: its entity sets (JSON), and their types (CSDL XML)."""

from collections.abc import Iterable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from service.web.odata.model import DECIMAL, EntitySet

EDMX, EDM = "http://docs.oasis-open.org/odata/ns/edmx", "http://docs.oasis-open.org/odata/ns/edm"
NAMESPACE, CONTAINER = "Minyi", "Feed"


def service_document(root: str, sets: Iterable[EntitySet]) -> dict[str, Any]:
    """What is to be had under this address."""
    listed = [{"name": one.name, "kind": "EntitySet", "url": one.name} for one in sets]
    return {"@odata.context": f"{root}$metadata", "value": listed}


def csdl(sets: Iterable[EntitySet]) -> bytes:
    """An entity type a set, with its key; one container."""
    document = Element("edmx:Edmx", {"xmlns:edmx": EDMX, "Version": "4.0"})
    schema = SubElement(SubElement(document, "edmx:DataServices"), "Schema", xmlns=EDM, Namespace=NAMESPACE)
    container = Element("EntityContainer", Name=CONTAINER)
    for one in sets:
        kind = SubElement(schema, "EntityType", Name=f"{one.name}Row")
        SubElement(SubElement(kind, "Key"), "PropertyRef", Name=one.key)
        for each in one.properties:
            told = {"Name": each.name, "Type": each.type, "Nullable": "true" if each.nullable else "false"}
            SubElement(kind, "Property", told | ({"Scale": "variable"} if each.type == DECIMAL else {}))
        SubElement(container, "EntitySet", Name=one.name, EntityType=f"{NAMESPACE}.{one.name}Row")
    schema.append(container)
    return bytes(tostring(document, encoding="UTF-8", xml_declaration=True))
