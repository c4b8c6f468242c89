"""Names by their sound, which every script keeps: Volgin, Волгин, فولغين and 沃尔金 are all `flkn`.

A name is reduced to its consonants, in classes that do not part what one of the scripts writes alike: b and p are one
letter in Arabic, l and r one sound in Chinese. Case endings are vowels for the most part. Chinese names are the runs of
characters that are used to write foreign ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from itertools import chain

import regex

from monitor.text import WORDS_KEPT, has_uncommon

#: vowels and h are no part of a sound; single letters by class
_LATIN = {"b": "bp", "d": "dðđ", "f": "fvw", "k": "cgjkq", "l": "lrłı", "m": "m", "n": "nŋ", "s": "szßþ", "t": "t"}
_CYRILLIC = {"b": "бп", "d": "д", "f": "вфѳў", "k": "гґкқғжӂҝџђј", "l": "лрљ", "m": "м", "n": "нңњ", "s": "зсцчшщҷҹ",
             "t": "тћ"}  # fmt: skip
_GREEK = {"b": "π", "d": "δ", "f": "βφ", "k": "γκχ", "l": "λρ", "m": "μ", "n": "ν", "s": "ζσς", "t": "τθ"}
_ARABIC = {"b": "بپ", "d": "دضذ", "f": "فڤ", "k": "جغقكکگژ", "l": "لر", "m": "م", "n": "ن", "s": "زسشصچظ", "t": "تطث"}
#: the characters of Chinese with which foreign names are written, by the consonant they begin with
_HAN = {
    "": "阿啊埃艾爱奥欧厄亚雅耶叶伊尤约哈海赫霍胡豪佳娅",
    "b": "巴贝本比波伯布班邦鲍博拜北贲勃柏彼宾玻帕佩皮普平潘庞彭",
    "d": "达大戴丹德登迪蒂杜多敦顿东邓都道代",
    "f": "法菲费芬弗福夫富范佛凡冯瓦韦维文沃乌伍武温威万翁",
    "k": "加盖甘戈格古贡高哥葛冈卡凯坎科克库肯康孔考柯奎昆基金吉杰贾",
    "l": "拉莱兰朗劳勒雷里利林列伦隆卢鲁罗洛吕律莉丽琳蕾尔",
    "m": "马玛迈曼毛梅门蒙米密明莫姆穆默缪",
    "n": "纳娜奈南内尼宁努诺农纽涅妮",
    "s": "萨塞森沙山尚舍申什圣施史斯司苏索桑西希谢辛欣夏肖莎丝扎泽曾宰兹佐祖茨齐奇恰切乔琼丘查柴赞哲朱珠",
    "t": "塔泰坦特滕提廷图托通汤陶",
}
#: those that end in n
_NASAL = (
    "班邦本宾贲丹登敦顿东邓芬范凡冯甘贡冈坎肯康孔昆金兰朗林伦隆琳曼门蒙明南宁农森山尚申圣桑辛欣坦滕廷通汤文温翁"
    "万曾赞琼潘庞彭平安昂恩因延扬汉亨洪"
)
#: groups of Latin letters that are one sound
_GROUPS = (
    ("tsch", "s"), ("sch", "s"), ("tch", "s"), ("sh", "s"), ("ch", "s"), ("cz", "s"), ("ph", "f"), ("kh", ""),
    ("dzh", "k"), ("dj", "k"), ("zh", "k"), ("ts", "s"), ("tz", "s"), ("gn", "n"), ("ce", "s"), ("ci", "s"),
    ("cy", "s"), ("дж", "k"), ("x", "ks"), ("ks", "ks"), ("ξ", "ks"), ("ψ", "bs"),
)  # fmt: skip
_WORD = regex.compile(r"[\p{L}\p{M}]+")
#: the same where letters are Latin, Greek and Cyrillic, at three quarters of the time
_COMMON_WORD = re.compile(r"[^\W\d_]+")
_ARABIC_LETTER = regex.compile(r"\p{Arabic}")
_ARABIC_PREFIX = regex.compile(r"[وف]?[بكل]?(?:ال|لل)?(?=\p{Arabic}{3})")
_DOUBLED = regex.compile(r"(.)\1+")
#: shorter words sound like too many others
SHORTEST_NAME = 4
#: consonants that are looked at together: names that agree in part share some of them
_RUN = 3


@cache
def _classes() -> dict[str, str]:
    """Return the class of each single letter; the others have none."""
    tables = (_LATIN, _CYRILLIC, _GREEK, _ARABIC, _HAN)
    found = {letter: sound for table in tables for sound, letters in table.items() for letter in letters}
    return found | {letter: found.get(letter, "") + "n" for letter in _NASAL}


@cache
def _foreign() -> regex.Pattern[str]:
    """Return the pattern of a foreign name in Chinese."""
    characters = "".join({*_NASAL, *"".join(_HAN.values())})
    return regex.compile(f"[{characters}]{{2,}}")


@cache
def _groups() -> regex.Pattern[str]:
    """Return the pattern of what stands for one sound: groups of letters first, then any letter."""
    return regex.compile("|".join([*(letters for letters, _ in _GROUPS), "."]))


@lru_cache(maxsize=WORDS_KEPT)
def sound(name: str) -> str:
    """Return the consonants of a canonical word by class, a repeated one once; nothing for a word of vowels."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
    classes, groups = _classes(), dict(_GROUPS)
    sounds = (groups.get(part, classes.get(part, "")) for part in _groups().findall(plain))
    return str(_DOUBLED.sub(r"\1", "".join(sounds)))


def sounds(content: str, lang: str | None) -> Counter[str]:
    """Count the sounds of the names in a canonical text: each as a whole, and its runs of three consonants."""
    return Counter(chain.from_iterable(map(_runs, _names(content, lang))))


@lru_cache(maxsize=WORDS_KEPT)
def _runs(name: str) -> tuple[str, ...]:
    """Return the sound of a name and the runs within it, as terms that no word of a text is."""
    heard = sound(name)
    marked = f"^{heard}"
    runs = [f"sound {marked[at : at + _RUN]}" for at in range(len(marked) - _RUN + 1)]
    return (f"sound {heard}$", *runs) if runs else ()


def _names(content: str, lang: str | None) -> list[str]:
    """Return the words of a text that may be names: in scripts without capitals, all that are long enough."""
    if not has_uncommon(content):
        return [word for word in _COMMON_WORD.findall(content) if len(word) >= SHORTEST_NAME and word[0].isupper()]
    found = [
        _ARABIC_PREFIX.sub("", word, count=1)
        for word in _WORD.findall(content)
        if len(word) >= SHORTEST_NAME and (word[0].isupper() or _ARABIC_LETTER.match(word))
    ]
    return found + _foreign().findall(content) if lang == "zh" else found
