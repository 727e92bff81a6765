"""What must never stand where others read it: phone numbers, ID numbers and names, recognised by how they look."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

PHONE, ID_NUMBER, NAME = "phone", "id_number", "name"

# 1[3-9] and nine digits, as they are written: with +86, blanks or hyphens (YD/T numbering plan of mobile networks).
_MOBILE = re.compile(r"(?<!\d)(?:(?:\+|00)?86[ -]?)?(1[3-9]\d[ -]?\d{4}[ -]?\d{4})(?!\d)")
_LANDLINE = re.compile(r"\(?0\d{2,3}\)?[ -]\d{7,8}(?:-\d{1,6})?")
_CITIZEN = re.compile(r"(?<![0-9A-Za-z])(\d{17}[0-9Xx])(?![0-9A-Za-z])")
_OLD_CITIZEN = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123])\d{4}(\d{6})\d{3}")
_HONG_KONG = re.compile(r"[A-Z]{1,2}\d{6}\([0-9A]\)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U000323af]{2,4}")
_ETHNIC = re.compile(r"[\u3400-\u9fff]{2,8}(?:[·•・][\u3400-\u9fff]{2,8}){1,3}")
_LATIN = re.compile(r"[^\W\d_]{2,20}(?:(?:, ?|[ '’-])(?:[^\W\d_]{2,20}|[A-Z]\.?)){1,3}")
_DIGITS = re.compile(r"\d[\d ()+-]{9,}")
_DIGIT = re.compile(r"\d")
_NO_DIGIT = re.compile(r"[^0-9]+")
_WORD_END = re.compile(r"[\W\d_A-Za-z]+")

# The surnames of the Hundred Family Surnames and of the censuses since, simplified and traditional.
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫"
    "经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓"
    "牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙"
    "池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向"
    "古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢"
    "关蒯相查后荆红游竺权逯盖益桓公肖闫付代覃佟仝候岳涂税战"
    "趙錢孫鄭馮陳衛蔣韓楊許呂張嚴華謝鄒竇雲蘇魯韋馬鳳鮑費賀湯羅畢鄔樂時齊顧黃蕭貝計談龐紀項藍閔賈婁顏鍾駱盧"
    "經繆應鄧單諸龔陸榮儲靳羅車侯寧厲劉龍葉賴喬陰蒼雙聞黨譚貢勞鄺邊鄭農溫莊閻連習魚廣闕東歐師鞏聶簡饒關後紅遊權蓋"
)
_COMPOUND = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 轩辕 端木 独孤 "
    "南宫 闻人 淳于 单于 申屠 澹台 太史 钟离 呼延 司空 西门 百里 公羊 赫连 拓跋 完颜 "
    "歐陽 司馬 上官 諸葛 東方 皇甫 尉遲 公孫 慕容 令狐 宇文 長孫 司徒 夏侯 軒轅 端木 獨孤 "
    "南宮 聞人 單于 澹臺 鍾離 司空 西門"
)
_COMPOUNDS = frozenset(_COMPOUND.split())
_PINYIN_SURNAME = (
    "zhang|wang|zhao|zhou|chen|yang|huang|zhu|xu|sun|hu|gao|lin|luo|zheng|liang|xie|song|tang|deng|han|feng|cao|peng|zeng|"
    "xiao|tian|dong|pan|yuan|cai|jiang|yu|du|ye|cheng|wei|su|lv|ding|shen|ren|yao|lu|fu|zhong|cui|tan|liao|fan|shi|jia|"
    "xia|fang|zou|xiong|bai|meng|qin|qiu|hou|jin|li|liu|wu|he|ma|guo|ouyang|sima|zhuge"
)
_SYLLABLE = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|iao|ian|uai|uan|ai|ei|ao|ou|an|en|in|un|"
    r"ia|ie|iu|ua|ue|ui|uo|er|a|e|i|o|u|v)"
)
_PINYIN = re.compile(rf"(?:{_PINYIN_SURNAME})(?:{_SYLLABLE}){{1,2}}")

_HEADERS = (
    *("姓名", "身份证", "身份證", "证件号", "證件號", "手机", "手機", "电话", "電話", "联系方式", "聯繫方式"),
    *("住址", "家庭地址", "出生日期", "户籍地址", "戶籍地址", "微信号", "微信號"),
)
_ENGLISH = frozenset({"name", "full name", "phone", "phone number", "mobile", "telephone", "id number", "id card"})
_ENGLISH |= {"address", "date of birth", "birthday", "email", "e-mail"}
_FEW = 5  # so many different names make a column one of names
_MOST = 0.6  # of its cells


def plain(text: str) -> str:
    """The text as it is compared: full-width forms folded, without characters that nobody sees, blanks as one."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        if not text.isprintable():
            text = "".join(char for char in text if unicodedata.category(char) != "Cf")
    return " ".join(text.split())


def number_in(text: str) -> str | None:
    """`phone` or `id_number` when the text holds one, in whatever way it is written; else None."""
    if not _DIGIT.search(text):
        return None
    text = plain(text)
    if not _DIGITS.search(text) and not _HONG_KONG.fullmatch(text):
        return None
    if any(is_citizen_number(found) for found in _CITIZEN.findall(text)) or is_citizen_number(_joined(text)):
        return ID_NUMBER
    if _HONG_KONG.fullmatch(text):
        return ID_NUMBER
    return PHONE if _MOBILE.search(text) or _LANDLINE.fullmatch(text) else None


def _joined(text: str) -> str:
    return text.replace(" ", "").replace("-", "")


def is_citizen_number(text: str) -> bool:
    """Is it a citizen's identity number of 18 characters: a day of birth and the check character of GB 11643-1999?"""
    if len(text) != 18 or not (text[:17].isascii() and text[:17].isdigit()):
        return False
    month, day = int(text[10:12]), int(text[12:14])
    if not ("1800" <= text[6:10] <= "2100" and 1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False))
    return _CHECK[total % 11] == text[17].upper()


def mobile_of(text: str) -> str:
    """The eleven digits of a mobile number, however it is written; otherwise the digits alone (a landline, say)."""
    text = plain(text)
    found = _MOBILE.search(text)
    return _NO_DIGIT.sub("", found[1] if found else text)


def is_name(text: str) -> bool:
    """Does the whole text look like a person's name: Chinese with a surname, with a middle dot, or Latin words?"""
    text = plain(text)
    if _HAN.fullmatch(text):
        return text[0] in _SURNAMES or (len(text) > 2 and text[:2] in _COMPOUNDS)
    if _ETHNIC.fullmatch(text):
        return True
    if not text.isascii() or " " in text or "," in text:
        return bool(_LATIN.fullmatch(text)) and (text.istitle() or text.isupper() or "," in text)
    return bool(len(text) >= 5 and _PINYIN.fullmatch(text.lower()))


def kind_of(text: str) -> str | None:
    """What a single text looks like: `phone`, `id_number`, `name` or None."""
    return number_in(text) or (NAME if is_name(text) else None)


def kind_of_column(cells: Iterable[str]) -> str | None:
    """What a column as a whole looks like, where no single cell is certain.

    Old identity numbers of 15 digits in most cells; different names, perhaps with numbers added, in most cells.
    """
    old = names = total = 0
    found = set()
    for text, times in Counter(cells).items():
        text = plain(text)
        if not text:
            continue
        total += times
        match = _OLD_CITIZEN.fullmatch(text)
        old += times * bool(match and 1 <= int(match[1][2:4]) <= 12 and 1 <= int(match[1][4:]) <= 31)
        core = text if text.isascii() else _WORD_END.sub("", text)
        if is_name(core):
            names += times
            found.add(core)
    if total and old >= _FEW and old > _MOST * total:
        return ID_NUMBER
    # The names of places and services begin with surnames too, but they repeat.
    return NAME if names > _MOST * total and len(found) >= max(_FEW, 0.3 * total) else None


def header_kind(name: str) -> bool:
    """Does the name of a column say that it is about a person?"""
    name = plain(name).lower()
    return name in _ENGLISH or any(word in name for word in _HEADERS)
