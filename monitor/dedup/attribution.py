"""Whom a piece names as the origin of its text: "citing Harbour Wire", "Source: …", "со ссылкой на …", "据…报道".

Evidence of who copied whom, shown beside the order of publication that decides. What merely quotes an authority
("according to the customs service") names no origin of a text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.text import canonical, squeeze

#: so much of a text is read from its beginning and from its end, where the origin is named
_SCANNED = 4000
#: what an origin's name takes at most, and how much of its sentence is kept before it
_NAME = r"[^.\n;!?\u3002\uff0c]{2,80}"
_BEFORE = r"(?:[^.\n;!?]{0,60}?\b)?"
_PHRASES = (
    # English
    rf"{_BEFORE}(?:citing|quoting)\s{_NAME}",
    r"(?:as|was)\s(?:first\s)?reported\s(?:earlier\s)?(?:by|in|on)\s" + _NAME,
    r"according\sto\s(?:a|the)\s(?:report|story|article)\s(?:by|in|on|of|from)\s" + _NAME,
    r"(?:this\s(?:article|story|piece|report|text)\s)?(?:was\s|is\s)?(?:first|originally)\s"
    r"(?:published|appeared|reported|released)\s(?:by|in|on|at)\s" + _NAME,
    r"(?:republished|reprinted|reproduced|taken|adapted)\s(?:with\s(?:the\s)?permission\s)?(?:from|of)\s" + _NAME,
    r"(?:courtesy\sof|with\sinformation\sfrom|with\sreporting\sby)\s" + _NAME,
    # labels in many languages: "Source: X", "Источник: X", "Mənbə: X", "Nguồn: X", "المصدر: X", "来源:X"
    r"(?:source|via|источник|джерело|mənbə|kaynak|nguồn|fuente|fonte|quelle|المصدر|来源|來源|出典)\s?[:\uff1a]\s?"
    + _NAME,
    # Russian, Azerbaijani, Turkish
    r"со\sссылкой\sна\s" + _NAME,
    r"(?:как\s)?(?:сообщает|сообщил[аио]?|передает|передаёт|пишет)\s(?:агентство|газета|портал|издание|телеканал)\s"
    + _NAME,
    rf"{_BEFORE}istinad(?:ən|la|\sedərək)",
    rf"{_BEFORE}atıfta\sbulun(?:arak|du)",
    # Vietnamese
    r"(?:theo\s(?:báo|tờ|trang|hãng\stin)|dẫn\s(?:lại\s)?(?:nguồn|từ|tin))\s" + _NAME,
    # French, Spanish, Portuguese, German
    r"(?:citant|citando\sa|citando|unter\sberufung\sauf)\s" + _NAME,
    r"(?:publié|publicad[oa]|veröffentlicht)\s(?:initialement|à\sl'origine|originalmente|originally|zuerst)\s"
    r"(?:par|dans|sur|en|por|em|von|in|auf)\s" + _NAME,
    r"según\s(?:informa|informó|publica|publicó|recoge)\s" + _NAME,
    # Arabic, Chinese
    r"نقلا\sعن\s" + _NAME,
    r"[据據][^\s\u3002\uff0c]{2,20}?(?:报道|報道|报导|消息)",
    r"(?:转载自|轉載自|转自|援引)[^\u3002\uff0c\n]{2,30}",
)
_PATTERN = re.compile(r"(?<!\w)(?:" + "|".join(_PHRASES) + ")", re.IGNORECASE)
#: a line in which a phrase stands has one of these, in small letters without a dot above: looking for the phrases
#: themselves takes ten times as long (tests/dedup/test_attribution.py holds both together)
_TOLD_BY = (
    "citing", "quoting", "reported", "according", "published", "appeared", "released", "republished", "reprinted",
    "reproduced", "taken", "adapted", "courtesy", "information", "reporting", "source", "via", "источник",
    "джерело", "mənbə", "kaynak", "nguồn", "fuente", "fonte", "quelle", "المصدر", "来源", "來源", "出典", "ссылкой",
    "сообщает", "сообщил", "передает", "передаёт", "пишет", "istinad", "bulun", "theo", "dẫn", "citant", "citando",
    "berufung", "publié", "publicad", "veröffentlicht", "según", "نقلا", "据", "據", "转载自", "轉載自", "转自", "援引",
)  # fmt: skip
_LETTERS = re.compile(r"[^\W_]+")
#: a shorter name would be found in any sentence
_SHORTEST_NAME = 4


def attribution(text: str, origins: Sequence[str] = ()) -> str | None:
    """Return the words in which a text names where it comes from, None when it names nobody.

    Args:
        text: of the piece.
        origins: names of the outlet that it is held to be copied from; words that name it are preferred.

    """
    phrases = _phrases(text)
    return next((phrase for phrase in phrases if names(phrase, origins)), phrases[0] if phrases else None)


def _phrases(text: str) -> list[str]:
    """Return every phrase of a text that names an origin."""
    ends = [text] if len(text) <= 2 * _SCANNED else [text[:_SCANNED], text[-_SCANNED:]]
    lines = (line for end in ends for line in canonical(end).split("\n"))
    return [squeeze(m[0]) for line in lines if _may_tell(line) for m in _PATTERN.finditer(line)]


def _may_tell(line: str) -> bool:
    """Tell whether a line has a word without which it names no origin."""
    plain = line.lower().replace("\u0307", "")
    return any(word in plain for word in _TOLD_BY)


def names(phrase: str, outlets: Sequence[str]) -> bool:
    """Tell whether a phrase names one of some outlets, in whatever spelling of blanks, signs and case."""
    said = _squashed(phrase)
    return any(len(name) >= _SHORTEST_NAME and name in said for name in map(_squashed, outlets))


def _squashed(text: str) -> str:
    """Return the letters and figures of a text, folded, without an article in front."""
    plain = "".join(_LETTERS.findall(canonical(text).casefold()))
    return plain.removeprefix("the") if len(plain) > len("the") + _SHORTEST_NAME else plain
