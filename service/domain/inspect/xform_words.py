"""Texts of the rows that every auditor's form has: part of the form, so that they change by version only."""

from collections.abc import Mapping
from typing import Final

from service.domain.modes import Text

WORDS: Final[Mapping[str, Text]] = {
    "item": {"zh-Hans": "要核查的记录", "zh-Hant": "要核查的記錄", "en": "Which record is looked up"},
    "details": {"zh-Hans": "已登记的内容：", "zh-Hant": "已登記的內容：", "en": "What is on record:"},
    "place": {"zh-Hans": "您现在的位置", "zh-Hant": "您現在的位置", "en": "Where you are now"},
    "place_hint": {
        "zh-Hans": "没有信号时可以跳过。",
        "zh-Hant": "沒有訊號時可以跳過。",
        "en": "May be left out where there is no signal.",
    },
    "note": {"zh-Hans": "备注", "zh-Hant": "備註", "en": "Remarks"},
    "witness": {
        "zh-Hans": "机构的见证人签字了吗？",
        "zh-Hant": "機構的見證人簽名了嗎？",
        "en": "Did a witness of the provider sign?",
    },
    "witness_signed": {"zh-Hans": "签字", "zh-Hant": "簽名", "en": "Yes, here"},
    "witness_refused": {"zh-Hans": "拒绝签字", "zh-Hant": "拒絕簽名", "en": "No, refused to"},
    "witness_nobody": {"zh-Hans": "没有人在场", "zh-Hant": "沒有人在場", "en": "No, nobody was there"},
    "witness_name": {"zh-Hans": "见证人姓名", "zh-Hant": "見證人姓名", "en": "Name of the witness"},
    "witness_signature": {"zh-Hans": "见证人签字", "zh-Hant": "見證人簽名", "en": "Signature of the witness"},
    "refusal": {
        "zh-Hans": "为什么没有签字？",
        "zh-Hant": "為什麼沒有簽名？",
        "en": "Why was it not signed?",
    },
    "second_signature": {
        "zh-Hans": "第二名核查员签字",
        "zh-Hant": "第二名核查員簽名",
        "en": "Signature of the second auditor",
    },
    "auditor_signature": {"zh-Hans": "您的签字", "zh-Hant": "您的簽名", "en": "Your signature"},
}
