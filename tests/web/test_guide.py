"""The guide: there for everybody in three languages, true to the words of the pages, with its pictures and links."""

import re

import pytest
from babel.messages.pofile import read_po

from service.web.pages.guide import PICTURED, PICTURES, TASKS, TEXTS, WEB, written

LANGUAGES = tuple(PICTURED)
EMPHASIS = {"zh-Hans": 2, "zh-Hant": 2, "en": 2}  # sentences in bold of each text at most, which are no labels


def text(language: str, task: str) -> str:
    return (TEXTS / language / f"{task}.md").read_text(encoding="utf-8")


def labels(language: str) -> set[str]:
    """What the pages call things in a language."""
    if language == "en":
        with (WEB / "translations/zh_Hans/LC_MESSAGES/messages.po").open("rb") as source:
            return {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(source)}
    with (WEB / f"translations/{language.replace('-', '_')}/LC_MESSAGES/messages.po").open("rb") as source:
        return {message.string if isinstance(message.string, str) else message.string[0] for message in read_po(source)}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_a_page(client, language, task):
    answer = client.get(f"/docs/{task}?lang={language}")
    assert answer.status_code == 200
    page = answer.text
    assert f'<html lang="{language}">' in page
    assert page.count("<h1>") == 1
    head, _, sections = written(language, task)
    assert head in page
    assert len(sections) >= 4
    for anchor, heading in sections:
        assert f'href="#{anchor}">{heading}<' in page
        assert f'id="{anchor}">' in page


def test_the_contents_lead_to_each_task_and_an_unknown_one_is_not_found(client):
    page = client.get("/docs/?lang=en").text
    for task in TASKS:
        assert f'href="/docs/{task}?lang=en"' in page
    assert client.get("/docs/nobody").status_code == 404
    assert client.get("/docs/../app").status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_in_bold_are_those_of_the_pages(language):
    known = labels(language)
    found = [(task, word) for task in TASKS for word in re.findall(r"\*\*(.+?)\*\*", text(language, task))]
    strange = [(task, word) for task, word in found if word.rstrip("。.") not in known]
    assert len(found) > 15
    sentences = [pair for pair in strange if len(pair[1]) > (12 if language != "en" else 40)]
    assert strange == sentences, "name pages and buttons as they are named there"


@pytest.mark.parametrize("task", TASKS)
def test_the_languages_tell_the_same(task):
    shapes = [
        (
            re.findall(r"!\[[^\]]+\]\(([a-z-]+)\)", text(language, task)),
            len(re.findall(r"^## ", text(language, task), re.M)),
            len(re.findall(r"^\d\. ", text(language, task), re.M)),
            len(re.findall(r"^- ", text(language, task), re.M)),
            re.findall(
                r"`([^`\n]*[A-Z_/][^`\n]*)`", text(language, task).replace("文件`", "FILE`").replace("檔案`", "FILE`")
            ),
        )
        for language in LANGUAGES
    ]
    assert shapes[0] == shapes[2]
    assert shapes[1] == shapes[0]


def test_every_picture_is_used_and_every_one_used_is_there():
    named = {name for task in TASKS for name in re.findall(r"\]\(([a-z-]+)\)", text("en", task))}
    for language in set(PICTURED.values()):
        assert {path.stem for path in (PICTURES / language).glob("*.webp")} == named
        assert max(path.stat().st_size for path in (PICTURES / language).glob("*.webp")) < 150_000


def test_links_lead_somewhere(client):
    for language in LANGUAGES:
        for task in TASKS:
            for address in re.findall(r'<a href="(/[^"#]*)"', client.get(f"/docs/{task}?lang={language}").text):
                assert client.get(address).status_code in (200, 303), (task, address)
