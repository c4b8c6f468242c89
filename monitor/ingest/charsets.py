"""Tells in which encoding a text is written whose declaration is missing or wrong; pure.

What decodes as UTF-8 is UTF-8, whatever is said about it: letters of other encodings hardly ever form it by chance.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable

import charset_normalizer
import regex

#: the longer marks first: that of UTF-32 begins with that of UTF-16
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
#: Python knows these, no page is written in them, and the time of some grows with the square of the size
_NOT_WRITTEN = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined"})
#: the old encodings of each language that the web uses
_OF_LANGUAGE = {
    **dict.fromkeys(("ru", "be", "bg", "sr", "mk", "kk", "ky", "tg", "mn"), ("cp1251", "koi8_r")),
    "uk": ("cp1251", "koi8_u"),
    **dict.fromkeys(("tr", "az", "uz", "tk"), ("cp1254",)),
    "vi": ("cp1258",),
    "zh": ("gb18030", "big5"),
    "ja": ("shift_jis", "euc_jp"),
    "ko": ("cp949",),
    **dict.fromkeys(("ar", "fa", "ur", "ps"), ("cp1256",)),
    "he": ("cp1255",),
    "el": ("cp1253",),
    "th": ("cp874",),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "bs", "sq", "ro"), ("cp1250",)),
    **dict.fromkeys(("lt", "lv", "et"), ("cp1257",)),
    **dict.fromkeys(("en", "de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "nb", "fi", "is", "ca"), ("cp1252",)),
}
_ANY = list(dict.fromkeys(name for names in _OF_LANGUAGE.values() for name in names))
#: Vietnamese encodings that Python does not know (RFC 1456; TCVN 5712:1993), from byte 128 on
_VISCII = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâã"
    "ảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_TCVN = (
    "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ\u00a0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴẮẦẨẪẤỀ"
    "ặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịòỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
)
_ASCII = "".join(map(chr, range(128)))
_VIETNAMESE = {
    **dict.fromkeys(("viscii", "csviscii", "viscii1.1-1"), _VISCII),
    **dict.fromkeys(("tcvn", "tcvn-5712", "tcvn5712", "tcvn5712-1", "tcvn5712-1:1993", "x-viet-tcvn5712"), _TCVN),
}
#: what is named and what is written (WHATWG Encoding Standard, 4.2)
_MEANT = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
#: of the letters beyond ASCII; in a wrong encoding nearly all are broken
_BROKEN_SHARE = 0.2
_JAPANESE_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J")
#: bytes without markup around one that is not ASCII
_FOREIGN = regex.compile(rb"[^<>\x00-\x1f]{0,200}[\x80-\xff][^<>\x00-\x1f]{0,200}")
#: so many bytes are looked at
_SAMPLE = 4000
_HEAD = 64
_KANA = regex.compile("[ぁ-ゖァ-ヺ]")
_KANA_SHARE = 0.2
_ZEROS = 0.6


def text_of(body: bytes, *, named: Iterable[str] = (), lang: str | None = None) -> str:
    """Return the text of a body.

    A byte order mark outranks what is `named` (the most trusted first), and so does UTF-8, with a few cut letters too:
    .NET declares UTF-16 and Apache ISO-8859-1 for it. What fits nothing is told by its letters, because old software
    declares UTF-8 and writes what it always wrote; `lang` (a language tag) helps.
    """
    if (text := with_mark(body)) is not None:
        return text
    names = ["utf-8", *named]
    if b"\x1b" in body:  # as ISO-2022 has it, all of whose bytes pass for UTF-8
        names = [name for name in names if not name.strip().lower().startswith("utf")]
    found = (text for name in names if (text := fitting(body, name)) is not None)
    return next(found, None) or guessed(body, lang)


def with_mark(body: bytes) -> str | None:
    """Return the text of a body that begins with a byte order mark, without it, or that is UTF-16 or UTF-32 without.

    Markup of these begins with ASCII, so most of its bytes in certain places are zero.
    """
    mark = next((known for known in MARKS if body.startswith(known)), b"")
    name = MARKS[mark] if mark else _wide(body[:_HEAD])
    return body[len(mark) :].decode(name, "replace") if name else None


def _wide(head: bytes) -> str | None:
    """Return which encoding of two or four bytes a letter the first bytes of some markup are in, if any."""
    places = [head[n::4] for n in range(4)]
    if not all(places):
        return None
    zeros = "".join("0" if place.count(0) >= _ZEROS * len(place) else "." for place in places)
    return {".000": "utf-32-le", "000.": "utf-32-be", ".0.0": "utf-16-le", "0.0.": "utf-16-be"}.get(zeros)


def fitting(body: bytes, name: str) -> str | None:
    """Return the text of a body in an encoding that was named, with gaps for a few cut letters; None if it is another.

    Accents that an encoding writes apart are joined to their letters.
    """
    key = name.strip().lower()
    if table := _VIETNAMESE.get(key):
        return unicodedata.normalize("NFC", codecs.charmap_decode(body, "replace", _ASCII + table)[0])
    if not _is_written(key):
        return None
    known = codecs.lookup(key).name
    text = body.decode(_MEANT.get(known, known), "replace")
    if text.count("\ufffd") > _BROKEN_SHARE * (len(text) - len(text.encode("ascii", "ignore"))):
        return None
    return unicodedata.normalize("NFC", text) if known == "cp1258" else text


def _is_written(name: str) -> bool:
    """Tell whether a name is that of an encoding in which pages are written."""
    try:
        known = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return known.name.replace("_", "-") not in _NOT_WRITTEN and getattr(known, "_is_text_encoding", True)


def guessed(body: bytes, lang: str | None = None) -> str:
    """Return the text of a body that is no UTF-8 and whose declaration is missing or wrong, by its letters.

    `lang` (a language tag) narrows down what it may be. What cannot be told is read as UTF-8 with gaps.
    """
    if any(escape in body for escape in _JAPANESE_ESCAPES) and (text := fitting(body, "iso2022_jp")):
        return text
    sample = b" ".join(_samples(body))
    known = _OF_LANGUAGE.get((lang or "").lower()[:2], ())
    name = known[0] if len(known) == 1 else _japanese(sample) or _likeliest(sample, known or _ANY)
    return unicodedata.normalize("NFC", body.decode(name or "utf-8", "replace"))


def _samples(body: bytes) -> Iterable[bytes]:
    """Yield the parts of a body that tell most, as many as are looked at."""
    size = 0
    for found in _FOREIGN.finditer(body):
        yield found[0]
        size += len(found[0])
        if size > _SAMPLE:
            return


def _japanese(sample: bytes) -> str | None:
    """Return the encoding in which a sample is full of kana, which no other language has, or None."""
    for name in _OF_LANGUAGE["ja"]:
        text = sample.decode(name, "replace")
        if len(_KANA.findall(text)) > _KANA_SHARE * (len(text) - len(text.encode("ascii", "ignore"))):
            return name
    return None


def _likeliest(sample: bytes, names: Iterable[str]) -> str | None:
    """Return the encoding in which a sample reads most like a language, or None."""
    best = charset_normalizer.from_bytes(sample, cp_isolation=list(names), enable_fallback=False).best()
    return best.encoding if best else None
