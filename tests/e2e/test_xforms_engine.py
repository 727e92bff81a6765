"""Every form that we serve, loaded by ODK's own engine for web forms, and by ODK Validate where there is Java.

Both are tools of development. The engine is installed by npm into a folder that is thrown away, so the test is one of
the long ones; where there is no Node 20 the test is left out and says so.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from service.domain.inspect import xforms as rules
from service.domain.inspect.checklists import Checklist
from service.domain.inspect.xforms import Item
from service.operations.inspect import checklists, xforms

ENGINE, DOM = "@getodk/xforms-engine@0.22.0", "jsdom@26"
ITEMS = [
    Item("visit:v1", "东站 · 2026-11-24", "东站"),
    Item("a1", "C-1 · 西站", "西站", "C-1", details="hours: 3"),
]
LOADER = """
import { JSDOM } from 'jsdom';
import { readFileSync, writeFileSync } from 'node:fs';

globalThis.__dirname = '/';
const dom = new JSDOM('<!doctype html>', {url: 'http://localhost/'});
globalThis.window = dom.window;
for (const name of Object.getOwnPropertyNames(dom.window))
  if (!(name in globalThis)) try { globalThis[name] = dom.window[name]; } catch { /* not for us */ }
const { createInstance } = await import('@getodk/xforms-engine');
const asked = JSON.parse(readFileSync('asked.json', 'utf-8'));
const told = {};
const is = (node, name) => node.currentState.reference.endsWith('/' + name);
const named = (node, name) => node.currentState.children.find((each) => is(each, name));
for (const [id, form] of Object.entries(asked.forms)) {
  try {
    const fetchFormAttachment = async () => new Response(asked.items, {headers: {'content-type': 'text/csv'}});
    const made = await createInstance(form, {form: {fetchFormAttachment}});
    const item = named(made.root, '_item');
    const items = item.currentState.valueOptions.map((each) => [each.value, each.label.asString]);
    const languages = made.root.languages.map((each) => each.language);
    if (items.length) item.selectValue('a1');
    const details = named(made.root, '_details')?.currentState.value;
    const payload = await made.root.prepareInstancePayload();
    const xml = await payload.data[0].get('xml_submission_file').text();
    told[id] = {status: made.formResult.status, items, languages, details, xml};
  } catch (error) {
    told[id] = {status: 'error', error: String(error?.stack ?? error)};
  }
}
writeFileSync('told.json', JSON.stringify(told));
process.exit(0);
"""


def node() -> int:
    """The version of Node on this machine, 0 without npm."""
    if not (shutil.which("node") and shutil.which("npm")):
        return 0
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    return int(told.removeprefix("v").partition(".")[0])


@pytest.fixture(scope="module")
def forms() -> dict[str, tuple[Checklist, bytes]]:
    """As they are made when they are published; ODK Validate, which pyxform ships, is asked where Java runs."""
    return {each.version_id: (each, xforms.converted(each, validate=True)) for each in checklists.shipped().values()}


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.skipif(node() < 20, reason="ODK's engine needs Node 20 and npm")
def test_odks_own_engine_loads_every_form_with_its_items(
    forms: dict[str, tuple[Checklist, bytes]], tmp_path: Path
) -> None:
    (tmp_path / "package.json").write_text('{"type": "module", "private": true}')
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", ENGINE, DOM], cwd=tmp_path, check=True, timeout=300)
    told = loaded(tmp_path, {id: content.decode() for id, (_, content) in forms.items()}, rules.items_file(ITEMS))
    assert len(told) == len(forms) >= 12
    for id, (checklist, _) in forms.items():
        assert told[id]["status"] == "success", (id, told[id])
        assert told[id]["items"] == [[item.key, item.label] for item in ITEMS]
        assert len(told[id]["languages"]) == len(checklist.questionnaire.languages)
        assert told[id]["details"] == "hours: 3"
        written = fromstring(told[id]["xml"])
        assert (written.get("id"), written.get("version")) == (checklist.id, str(checklist.version))
        assert next(each.text for each in written.iter() if each.tag.endswith("instanceID")).startswith("uuid:")
    empty = loaded(tmp_path, {id: content.decode() for id, (_, content) in forms.items()}, rules.items_file([]))
    assert {one["status"] for one in empty.values()} == {"success"}


def loaded(folder: Path, forms: dict[str, str], items: bytes) -> dict[str, dict]:  # type: ignore[type-arg]
    (folder / "asked.json").write_text(json.dumps({"forms": forms, "items": items.decode()}), encoding="utf-8")
    (folder / "load.mjs").write_text(LOADER, encoding="utf-8")
    subprocess.run(["node", "load.mjs"], cwd=folder, check=True, timeout=300)
    found: dict[str, dict] = json.loads((folder / "told.json").read_text(encoding="utf-8"))  # type: ignore[type-arg]
    return found
