"""How an answer reached us: modes, distributions of tickets, who helped (design §5, §6). Codes are stored for ever."""

from typing import Final

Text = dict[str, str]  # language (BCP 47) -> text

MODES: Final[dict[str, Text]] = {
    "own_phone": {"zh-Hans": "本人手机", "zh-Hant": "本人手機", "en": "own phone"},
    "shared_tablet": {"zh-Hans": "评估方平板", "zh-Hant": "評估方平板", "en": "evaluator's shared tablet"},
    "staff_assisted": {"zh-Hans": "工作人员协助", "zh-Hant": "工作人員協助", "en": "assisted by staff"},
    "paper": {"zh-Hans": "纸质问卷", "zh-Hant": "紙本問卷", "en": "paper"},
    "interview": {"zh-Hans": "访谈", "zh-Hant": "訪談", "en": "interview"},
}

DISTRIBUTIONS: Final[dict[str, Text]] = {
    "drawn_persons": {"zh-Hans": "随机抽取的对象", "zh-Hant": "隨機抽取的對象", "en": "persons drawn at random"},
    "all_present_evaluator": {
        "zh-Hans": "在场全员，评估方发放",
        "zh-Hant": "在場全員，評估方發放",
        "en": "all present, handed out by the evaluator",
    },
    "all_present_provider": {
        "zh-Hans": "在场全员，服务机构发放",
        "zh-Hant": "在場全員，服務機構發放",
        "en": "all present, handed out by the provider",
    },
    "free_choice": {"zh-Hans": "自愿领取", "zh-Hant": "自願領取", "en": "taken by free choice"},
    "poster": {"zh-Hans": "海报二维码", "zh-Hant": "海報二維碼", "en": "poster"},
}

CARRIES_POINTS: Final = frozenset({"drawn_persons", "all_present_evaluator"})
"""Distributions that carry a response rate, bounds and points (design §6)."""

CARRIES_INTERVAL: Final = frozenset({"drawn_persons"})
"""Distributions whose figures may claim a confidence interval (design §6)."""

HELP_CODES: Final[dict[str, str]] = {
    "no": "none",
    "family": "family",
    "volunteer": "volunteer",
    "service_staff": "service_staff",
    "other": "other",
}
"""Option codes of the help question -> assistance."""

ASSISTANCE: Final[dict[str, Text]] = {
    "none": {"zh-Hans": "无人协助", "zh-Hant": "無人協助", "en": "nobody helped"},
    "family": {"zh-Hans": "家人", "zh-Hant": "家人", "en": "family"},
    "volunteer": {"zh-Hans": "志愿者", "zh-Hant": "志願者", "en": "volunteer"},
    "service_staff": {"zh-Hans": "本服务的工作人员", "zh-Hant": "本服務的工作人員", "en": "staff of this service"},
    "other": {"zh-Hans": "其他人", "zh-Hant": "其他人", "en": "somebody else"},
    "unknown": {"zh-Hans": "未说明", "zh-Hant": "未說明", "en": "not said"},
}

OUT_OF_POINTS: Final = frozenset({"service_staff"})
"""Assistance whose answers carry no points by default and are shown apart (design §6)."""
