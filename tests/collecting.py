"""ODK Collect and KoboCollect as a script: their requests in order, multipart as they write it, and what they decide.

Written after the apps' own behaviour: which headers they look at, how they add `deviceID`, when they split a record,
and what a form list means for what is on the phone.
"""

import csv
import hashlib
import http.client
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring

LIST, MANIFEST = "{http://openrosa.org/xforms/xformsList}", "{http://openrosa.org/xforms/xformsManifest}"
RESPONSE, XFORMS = "{http://openrosa.org/http/response}", "{http://www.w3.org/2002/xforms}"
COLLECT = "org.odk.collect.android/v2026.3.0 Dalvik/2.1.0 (Linux; U; Android 14; Pixel 7)"
DEVICE = "collect%3AAbCdEfGhIjKlMnOp"
MOST_FILES, DEFAULT_LIMIT = 100, 10_000_000


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def message(self) -> str:
        """The first message of the envelope, which the app shows."""
        return next(element.text or "" for element in fromstring(self.body).iter(f"{RESPONSE}message"))


@dataclass
class Form:
    """A form on the phone."""

    form_id: str
    version: str
    hash: str
    content: bytes
    media: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Listed:
    form_id: str
    name: str
    version: str
    hash: str
    download_url: str
    manifest_url: str


@dataclass
class App:
    """An app that was set up with a server's URL. `glued`: KoboCollect's way of adding the device's id."""

    server_url: str
    glued: bool = False
    forms: dict[tuple[str, str], Form] = field(default_factory=dict)

    # Requests

    def get(self, url: str) -> Answer:
        return self.ask("GET", self._with_device(url))

    def ask(self, method: str, url: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        always = {
            "X-OpenRosa-Version": "1.0",
            "User-Agent": COLLECT,
            "Date": "Tue, 24 Nov 2026 01:30:00 GMT",  # after noon the app writes the hour from 1 to 12
            "Accept-Encoding": "identity",
        }
        target = url.partition(parts.netloc)[2]
        chunked = headers is not None and headers.get("Transfer-Encoding") == "chunked"
        try:
            connection.request(method, target, body, always | dict(headers or {}), encode_chunked=chunked)  # type: ignore[arg-type]
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def _with_device(self, url: str) -> str:
        glue = "?" if self.glued or "?" not in url else "&"
        return f"{url}{glue}deviceID={DEVICE}"

    # Forms

    def list_forms(self) -> list[Listed]:
        """As the app reads the list: one bad entry spoils all of it."""
        answer = self.get(f"{self.server_url.rstrip('/')}/formList")
        assert answer.status == 200, answer
        assert answer.headers["X-OpenRosa-Version"] == "1.0"
        assert "text/xml" in answer.headers["Content-Type"]
        root = fromstring(answer.body)
        assert root.tag == f"{LIST}xforms"
        return [self._listed(entry) for entry in root.iter(f"{LIST}xform")]

    def _listed(self, entry: Element) -> Listed:
        values = {child.tag.removeprefix(LIST): child.text or "" for child in entry}
        assert values["formID"]
        assert values["name"]
        assert values["hash"].startswith("md5:")
        names = ("formID", "name", "version", "hash", "downloadUrl")
        return Listed(*(values[name] for name in names), values.get("manifestUrl", ""))

    def files_of(self, listed: Listed) -> dict[str, tuple[str, str]]:
        """{file name: (hash, address)}; an answer that is no manifest installs the form without files, unseen."""
        if not listed.manifest_url:
            return {}
        answer = self.get(listed.manifest_url)
        assert (answer.status, answer.headers["X-OpenRosa-Version"]) == (200, "1.0")
        assert "text/xml" in answer.headers["Content-Type"]
        found = {}
        for entry in fromstring(answer.body).iter(f"{MANIFEST}mediaFile"):
            values = {child.tag.removeprefix(MANIFEST): child.text or "" for child in entry}
            found[values["filename"].rpartition("/")[2]] = (values["hash"], values["downloadUrl"])
        return found

    def decide(self, listed: Listed) -> str:
        """What the app does about one entry: the table in its source."""
        same_id = [form for form in self.forms.values() if form.form_id == listed.form_id]
        if not same_id:
            return "New"
        if any(form.hash == listed.hash for form in same_id):
            (mine,) = [form for form in same_id if form.hash == listed.hash]
            there = {f"md5:{md5(content)}" for content in mine.media.values()}
            new = [hash for name, (hash, _) in self.files_of(listed).items() if not name.endswith(".zip")]
            return "OnDevice" if set(new) <= there else "UpdatedMedia"
        return "UpdatedHash" if (listed.form_id, listed.version) in self.forms else "UpdatedVersion"

    def update(self) -> dict[str, str]:
        """Mode match_exactly: download what is new, drop what is not listed. -> what was decided of each form."""
        listing = self.list_forms()
        decisions = {listed.form_id: self.decide(listed) for listed in listing}
        for listed in listing:
            if decisions[listed.form_id] != "OnDevice":
                self.download(listed)
        listed_ids = {listed.form_id for listed in listing}
        self.forms = {key: form for key, form in self.forms.items() if key[0] in listed_ids}
        return decisions

    def download(self, listed: Listed) -> Form:
        answer = self.get(listed.download_url)
        assert answer.status == 200
        assert f"md5:{md5(answer.body)}" == listed.hash
        form = Form(listed.form_id, listed.version, listed.hash, answer.body)
        for name, (hash, address) in self.files_of(listed).items():
            file = self.get(address)
            assert (file.status, f"md5:{md5(file.body)}") == (200, hash)
            form.media[name] = file.body
        root = fromstring(form.content)
        (instance,) = [element for element in root.iter(f"{XFORMS}instance") if element.get("id") is None]
        assert (instance[0].get("id"), instance[0].get("version")) == (listed.form_id, listed.version)
        self.forms[listed.form_id, listed.version] = form
        return form

    # Records

    def send(self, xml: bytes, files: Mapping[str, bytes], chunked: bool = False) -> list[Answer]:
        """HEAD, then as many POSTs as the app would make; it stops at the first that is not taken."""
        head = self.ask("HEAD", self._with_device(f"{self.server_url}/submission"))
        limit = int(head.headers.get("X-OpenRosa-Accept-Content-Length", DEFAULT_LIMIT)) if head.status == 204 else 0
        answers = [head]
        parts = list(split(len(xml), files, limit or DEFAULT_LIMIT))
        for number, part in enumerate(parts, 1):
            chosen = {each: files[each] for each in part}
            answers.append(self.post(xml, chosen, incomplete=number < len(parts), chunked=chunked))
            if answers[-1].status not in (201, 202):
                break
        return answers

    def post(
        self,
        xml: bytes,
        files: Mapping[str, bytes],
        name: str = "表单_2026-11-24_10-00-00",
        incomplete: bool = False,
        chunked: bool = False,
    ) -> Answer:
        boundary = secrets.token_hex(16)
        body = multipart(boundary, xml, files, f"{name}.xml", incomplete)
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        url = self._with_device(f"{self.server_url}/submission")
        if not chunked:
            return self.ask("POST", url, body, headers)
        pieces = (body[place : place + 4096] for place in range(0, len(body), 4096))
        return self.ask("POST", url, pieces, headers | {"Transfer-Encoding": "chunked"})


def multipart(boundary: str, xml: bytes, files: Mapping[str, bytes], name: str, incomplete: bool) -> bytes:
    """As OkHttp 5 writes it: names in raw UTF-8 with quotes as %22, no Content-Length in the parts."""
    body = b""
    for part, file, kind, content in [
        ("xml_submission_file", name, "text/xml", xml),
        *((each, each, kind_of(each), files[each]) for each in files),
    ]:
        names = [text.replace('"', "%22") for text in (part, file)]
        head = f'Content-Disposition: form-data; name="{names[0]}"; filename="{names[1]}"\r\nContent-Type: {kind}'
        body += f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"
    if incomplete:
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="*isIncomplete*"\r\n\r\nyes\r\n'.encode()
    return body + f"--{boundary}--\r\n".encode()


def kind_of(name: str) -> str:
    kinds = {"jpg": "image/jpeg", "png": "image/png", "csv": "text/csv"}
    return kinds.get(name.rpartition(".")[2], "application/octet-stream")


def split(xml: int, files: Mapping[str, bytes], limit: int) -> Iterator[list[str]]:
    """Names by POST: at most 100 files, and XML, files and the next file below the limit; a big one goes alone."""
    part: list[str] = []
    size = xml
    for name, content in files.items():
        if part and (len(part) >= MOST_FILES or size + len(content) > limit):
            yield part
            part, size = [], xml
        part.append(name)
        size += len(content)
    yield part


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def record(
    form: Form, values: Mapping[str, str], instance_id: str = "", meta: Mapping[str, str] | None = None
) -> bytes:
    """A filled record of a form: `values` by question; what stands in a group of the form is put there."""
    root = fromstring(form.content)
    (instance,) = [element for element in root.iter(f"{XFORMS}instance") if element.get("id") is None]
    made = Element("data", {"id": form.form_id, "version": form.version})
    left = dict(values)
    _fill(instance[0], made, left)
    assert not left, f"the form has no {sorted(left)}"
    inner = SubElement(made, "meta")
    for name, text in {"instanceID": instance_id or f"uuid:{secrets.token_hex(16)}", **(meta or {})}.items():
        SubElement(inner, name).text = text
    return b"<?xml version='1.0' ?>" + tostring(made, encoding="unicode").encode()


def _fill(template: Element, made: Element, values: dict[str, str]) -> None:
    for child in template:
        name = child.tag.rpartition("}")[2]
        if name == "meta":
            continue
        element = SubElement(made, name)
        if len(child):
            _fill(child, element, values)
        elif name in values:
            element.text = values.pop(name)


def choices(form: Form) -> Sequence[Mapping[str, str]]:
    """The rows of the form's list of items."""
    return list(csv.DictReader(form.media["items.csv"].decode().splitlines()))
