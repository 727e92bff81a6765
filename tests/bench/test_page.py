"""What an old phone has to fetch: bytes and requests of the phone page with ten questions."""

import gzip

import pytest
from factories import open_campaign

pytestmark = pytest.mark.bench


def test_bytes_and_requests_of_the_phone_page(client, app, capsys) -> None:  # type: ignore[no-untyped-def]
    opened = open_campaign(1, questionnaire="recipients", key=app.extensions["minyi.keys"][0])
    rows = []
    for language in ("zh-Hans", "zh-Hant", "en"):
        page = client.get(f"/s/{opened.codes[0]}?lang={language}")
        packed = client.get(f"/s/{opened.codes[0]}?lang={language}", headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data)
        outside = [
            word for word in (b"<script src", b"<img", b'rel="stylesheet"', b"@import", b"url(") if word in page.data
        ]
        rows.append(f"| {language} | {len(page.data):,} | {len(packed.data):,} | {1 + len(outside)} |")
    with capsys.disabled():
        print("\n| language | bytes | gzipped | requests |\n|---|---|---|---|")
        print("\n".join(rows))
