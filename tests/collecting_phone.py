"""The collecting app speaking to the test client, and files as it sends them."""

import io
from collections.abc import Mapping
from urllib.parse import urlsplit

from collecting import Answer, App
from flask.testing import FlaskClient
from PIL import Image

from service.domain.inspect.spot_checks import SpotCheck
from service.store import records

HOST = "http://127.0.0.1:8000"


class Phone(App):
    """The app, speaking to the test client."""

    client: FlaskClient

    def ask(self, method: str, url: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        path = url.partition(urlsplit(url).netloc)[2]
        data = b"".join(body) if hasattr(body, "__next__") else body  # type: ignore[arg-type]
        response = self.client.open(path, method=method, data=data, headers=dict(headers or {}))
        return Answer(response.status_code, dict(response.headers), response.data)


def phone_of(client: FlaskClient, token: str, glued: bool = False) -> Phone:
    made = Phone(f"{HOST}/openrosa/{token}", glued)
    made.client = client
    return made


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(made, "PNG")
    return made.getvalue()


def spots() -> list[SpotCheck]:
    return [spot for spot in records.find(SpotCheck) if spot.source == "openrosa"]
