"""A scheme as its base and reasoned deviations from it: replace, remove, add, further mappings (G53, G64, G65)."""

from service.domain.evaluate.marked import Faults, Fields, Item
from service.domain.evaluate.scheme_checks import moved
from service.domain.evaluate.schemes import Change

# Lists of a scheme in which an extension may add entries or change some of an entry's fields -> what names an entry.
LISTS: dict[str, tuple[str, ...]] = {
    "methods_required": ("method", "evidence"),
    "deadlines": ("id",),
    "consequences": ("id",),
    "sources": ("id",),
    "groups": ("id",),
    "links": ("child", "parent"),
    "conflicts": ("a", "b"),
    "tasks": ("id",),
}
HEAD = ("id", "version", "title", "legal_basis", "source", "valid_from", "valid_to")
# What every type of node has; on a change of type only these are kept from the base.
COMMON = ("id", "parent", "label", "description", "weight", "rules", "tags", "methods", "example")


def merged(base: Item, over: Item, faults: Faults) -> tuple[Item, tuple[Change, ...]]:
    """The base document with the deviations of `over` worked in, and their list. Faults go to `faults`."""
    fields = Fields(over, "", faults)
    fields.get("extends")
    whole = {**base.value, **{name: item for name in HEAD if (item := fields.get(name, optional=True)) is not None}}
    for name in ("id", "version"):  # a scheme that deviates is another scheme and must not carry its base's name
        fields.get(name)
    nodes = [dict(node.value) | {"": node} for node in base.value["nodes"].value]
    changes = [*_replace(nodes, fields), *_remove(nodes, fields), *_add(nodes, fields), *_map(whole, fields)]
    changes += _thresholds(whole, fields)
    changes += _laid_over("interviews", whole, fields)
    changes += _laid_over("parameters", whole, fields)
    for name, keys in LISTS.items():
        changes += _listed(name, keys, whole, fields)
    fields.close()
    rows = [Item({key: item for key, item in node.items() if key}, node[""].source, node[""].line) for node in nodes]
    whole["nodes"] = Item(rows, base.value["nodes"].source, base.value["nodes"].line)
    return Item(whole, over.source, over.line), tuple(changes)


def _find(nodes: list[dict[str, Item]], node_id: str, entry: Fields, name: str = "") -> dict[str, Item] | None:
    for node in nodes:
        if node["id"].value == node_id:
            return node
    entry.fault("scheme_node_unknown", name, value=node_id)
    return None


def _replace(nodes: list[dict[str, Item]], fields: Fields) -> list[Change]:
    changes = []
    for node_id, entry in fields.named("replace").items():
        entry.node = node_id
        reason = entry.text("reason")
        node = _find(nodes, node_id, entry)
        if node is None:
            continue
        if "id" in entry.values:
            entry.fault("scheme_unknown_field", "id", word="id")
        _overwrite(node, entry.values)
        changes.append(Change("replace", node_id, reason))
    return changes


def _overwrite(node: dict[str, Item], values: dict[str, Item]) -> None:
    if "type" in values and values["type"].value != node["type"].value:
        for name in [name for name in node if name and name not in COMMON]:
            del node[name]
    for name, item in values.items():
        if item.value is None:
            node.pop(name, None)  # written as null: the field of the base is taken out
        elif name not in ("reason", "id"):
            node[name] = item


def _remove(nodes: list[dict[str, Item]], fields: Fields) -> list[Change]:
    changes = []
    for entry in fields.entries("remove"):
        entry.node = node_id = entry.text("node")
        reason = entry.text("reason")
        entry.close()
        node = _find(nodes, node_id, entry, "node")
        if node is None:
            continue
        nodes.remove(node)
        parent = node["parent"].value if "parent" in node else None
        for sibling in nodes:  # should their weights no longer add up, this removal is the cause
            same = (sibling["parent"].value if "parent" in sibling else None) == parent
            if same and sibling["weight"].source != entry.item.source:
                sibling["weight"] = moved(sibling["weight"], entry.item)
        changes.append(Change("remove", node_id, reason))
    return changes


def _add(nodes: list[dict[str, Item]], fields: Fields) -> list[Change]:
    changes = []
    for entry in fields.entries("add"):
        reason = entry.text("reason")
        named = entry.values.get("id")
        nodes.append({name: item for name, item in entry.values.items() if name != "reason"} | {"": entry.item})
        if named is None:
            entry.fault("scheme_missing", "id")
            nodes.pop()
        else:
            changes.append(Change("add", str(named.value), reason))
    return changes


def _thresholds(whole: dict[str, Item], fields: Fields) -> list[Change]:
    """Thresholds of quality marks, rule by rule in the place of those of the base."""
    return _laid_over("quality", whole, fields)


def _laid_over(name: str, whole: dict[str, Item], fields: Fields) -> list[Change]:
    """Each entry of a mapping in the place of the base's."""
    given = fields.inner(name, optional=True)
    if given is None:
        return []
    base = whole.get(name, Item({}, given.item.source, given.item.line))
    whole[name] = Item({**base.value, **given.values}, given.item.source, given.item.line)
    return [Change(name, entry, "") for entry in given.values]


def _listed(name: str, keys: tuple[str, ...], whole: dict[str, Item], fields: Fields) -> list[Change]:
    """Entries of a list: one that the base has gets the fields that are given anew, others are added; with reasons."""
    changes: list[Change] = []
    given = fields.entries(name)
    base = whole.get(name, Item([], fields.item.source, fields.item.line))
    rows = list(base.value)
    for entry in given:
        reason, key = entry.text("reason"), tuple(entry.text(one) for one in keys)
        values = {field: item for field, item in entry.values.items() if field != "reason"}
        places = [place for place, row in enumerate(rows) if _key(row, keys) == key]
        for place in places:
            kept = {field: item for field, item in rows[place].value.items() if field not in values}
            rows[place] = Item({**kept, **_written(values)}, entry.item.source, entry.item.line)
        if not places:
            rows.append(Item(values, entry.item.source, entry.item.line))
        changes.append(Change(name, " ".join(key), reason))
    if given:
        whole[name] = Item(rows, base.source, base.line)
    return changes


def _key(row: Item, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(row.value[one].value) if one in row.value else "" for one in keys)


def _written(values: dict[str, Item]) -> dict[str, Item]:
    """Without what is written as null: such a field of the base is taken out."""
    return {field: item for field, item in values.items() if item.value is not None}


def _map(whole: dict[str, Item], fields: Fields) -> list[Change]:
    """Further mappings; one of the base may not be redefined, or a figure would change without being named."""
    given = fields.inner("mappings", optional=True)
    if given is None:
        return []
    base = whole.get("mappings", Item({}, given.item.source, given.item.line))
    for name in given.values:
        if name in base.value:
            given.fault("scheme_duplicate", name, value=name)
    whole["mappings"] = Item({**base.value, **given.values}, given.item.source, given.item.line)
    return [Change("mapping", name, "") for name in given.values]
