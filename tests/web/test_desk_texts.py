"""Every text of the desk is there in Chinese, and every code it may have to name has a word."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from service.domain.collect import campaigns
from service.domain.collect.quality import EXCLUDE, KEEP, RULES
from service.domain.collect.satisfaction import REASONS
from service.domain.evaluate import evidence, rounds, schemes
from service.domain.evaluate.node_scores import REMARKS, SCORERS, Remark
from service.domain.inspect import spot_checks
from service.domain.organisations import KINDS
from service.web.pages.desk.words import PHRASES, WORDS, remark

WEB = Path(__file__).parent.parent.parent / "service" / "web"


def words() -> Iterator[str]:
    """The tables of words; what stands in templates and code is extracted by test_translations."""
    for family in WORDS.values():
        yield from family.values()
    for table in (PHRASES, REMARKS, REASONS):
        yield from table.values()


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_every_word_is_translated(language):
    with (WEB / "translations" / language / "LC_MESSAGES/messages.po").open("rb") as file:
        known = {message.id for message in read_po(file) if message.string}
    texts = set(words())
    assert len(texts) > 200
    assert texts - known == set()


@pytest.mark.parametrize(
    ("family", "codes"),
    [
        ("kind", rounds.KINDS),
        ("type", (*SCORERS, "composite")),
        ("state", (campaigns.DRAFT, campaigns.OPEN, campaigns.CLOSING, campaigns.FINAL)),
        ("attribute", spot_checks.ATTRIBUTES),
        ("method", schemes.METHODS),
        ("nature", schemes.NATURES),
        ("view", schemes.VIEWS),
        ("object", schemes.OBJECTS),
        ("figure", schemes.FIGURES),
        ("if_below", schemes.IF_BELOW),
        ("aggregate", schemes.AGGREGATES),
        ("raters", schemes.RATERS),
        ("level", schemes.LEVELS),
        ("denominator", schemes.DENOMINATORS),
        ("decision", evidence.DECISIONS),
        ("mark", RULES),
        ("verdict", (KEEP, EXCLUDE)),
        ("party", KINDS),
    ],
)
def test_every_code_has_a_word(family, codes):
    assert set(codes) == set(WORDS[family])


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("distribution_left_out", "poster", "发放方式为“海报二维码”的答卷在此不计分：7份。"),
        ("mode_left_out", "staff_assisted", "填写方式为“工作人员协助”的答卷在此不计分：7份。"),
        ("assistance_left_out", "service_staff", "由“本服务的工作人员”协助填写的答卷在此不计分：7份。"),
    ],
)
def test_answers_left_out_are_named_in_the_readers_language(app, code, value, text):
    with app.test_request_context("/"):
        assert remark(Remark("x", code, {"value": value, "count": 7})) == text
