"""Round-ups: a piece whose headline says that it gathers the news of a day or week, and which tells several things.

It is likest to whatever it mentions, and would glue all of that into one story; so it is an event of its own, beside
which only its copies stand.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from monitor.stories.fact_places import read_places
from monitor.stories.mark_templates import TEMPLATE_JACCARD, lead, triples
from monitor.text import canonical, cut_words

#: fewer sentences tell one thing
_FEWEST_SENTENCES = 3
_READ = 3000
_TITLES_KEPT = 5000
#: what such pieces are headed with, in eleven languages; `_` joins the words of a phrase, `*` admits any ending
_HEADS = """
    news_round-up news_roundup trade_round-up trade_roundup customs_round-up customs_roundup
    news_briefs news_brief news_in_brief week_in_brief day_in_brief news_digest
    week_in_review weekly_review news_review weekly_news_summary weekly_summary news_summary news_of_the_week
    week_at_a_glance
    revue_de_presse tour_d'horizon l'actualité_de_la_semaine l'essentiel_de_la_semaine
    résumé_de_la_semaine actualités_de_la_semaine
    resumen_semanal resumen_de_la_semana resumen_del_día resumen_de_noticias noticias_de_la_semana noticias_en_breve
    repaso_semanal titulares_de_la_semana
    resumo_da_semana resumo_semanal resumo_do_dia notícias_da_semana destaques_da_semana giro_de_notícias
    wochenrückblick wochenüberblick kurz_notiert kurzmeldungen nachrichten_der_woche meldungen_der_woche
    nachrichtenüberblick
    дайджест* обзор_новостей обзор_недели обзор_событий обзор_прессы итоги_недели новости_недели события_недели
    главное_за_неделю главное_за_день новости_за_неделю коротко_о_главном
    həftənin_xəbərləri həftənin_icmalı günün_xəbərləri həftəlik_icmal xəbər_icmalı qısa_xəbərlər
    haftanın_özeti haftanın_haberleri günün_özeti günün_haberleri haftalık_özet kısa_haberler haber_turu
    điểm_tin tin_vắn tổng_hợp_tin bản_tin_tuần tin_tức_trong_tuần tin_trong_tuần
    حصاد_الأسبوع موجز_الأنباء موجز_الأخبار أبرز_أخبار أبرز_الأخبار ملخص_الأسبوع نشرة_الأخبار حصاد_اليوم
"""
#: a time and a word for a gathering, in whichever order: "Friday's customs digest", "本周海关要闻"
_TIMES = r"weekly|week(?:'s)?|daily|today's|(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:'s)?|morning|evening"
_KINDS = r"in\sbrief|digest|round-?up|recap|wrap-?up"
#: what stands in headlines of reports as well, but not at their beginning: "officers walk out this week in Lyon"
_OPENINGS = (
    r"(?:the|this)\sweek\sin|en\sbref|brèves|en\sbreve|in\skürze|em\sresumo"
    r"|(?:daily|morning|evening|weekly)\s(?:\S+\s){0,2}(?:briefing|headlines|wrap)"
)
_HAN_HEADS = (
    "(?:一周|本周|上周|每周|今日|昨日).{0,8}(?:要闻|动态|简讯|速览|回顾|盘点|汇总|综述|简报|资讯)"
    "|(?:要闻|新闻|简讯).{0,2}(?:速览|回顾|汇总|简报|集锦)"
)
_WORDS = "|".join(re.escape(w).replace("_", r"\s").replace(r"\*", r"\w*") for w in sorted(_HEADS.split(), reverse=True))
_BETWEEN = r"\s(?:\S+\s){0,3}"
_HEAD = re.compile(
    rf"^\W*(?:{_OPENINGS})\b|{_HAN_HEADS}"
    rf"|\b(?:{_WORDS}|(?:{_TIMES}){_BETWEEN}(?:{_KINDS})|(?:{_KINDS}){_BETWEEN}(?:{_TIMES}))\b"
)
_SENTENCE_END = re.compile(r"[.!?:;](?=\s|$|[\u2e80-\u9fff])|[。！？；؟।]|\n")
#: words of a headline that round-ups share with reports: the text has to tell of many countries, one a sentence
_WEAK = re.compile(
    r"\b(?:live|latest|newsletter|bulletin|week|briefs?|news|today|новости|noticias|nouvelles|actualités|notícias"
    r"|nachrichten|xəbərlər|haberler|tin tức|أخبار)\b|新闻|资讯"
)
#: sentences that name countries, different countries, and the share of such sentences that may name one country. Of the
#: pieces of the labelled corpora eleven reports tell of so many; none has such a headline
_FEWEST_PLACES, _SHARE_OF_ONE = 4, 0.4


@lru_cache(maxsize=_TITLES_KEPT)
def _headed(title: str) -> tuple[bool, bool]:
    """Tell whether a headline is that of a round-up, and whether it may be that of one."""
    plain = canonical(title).casefold()
    return _HEAD.search(plain) is not None, _WEAK.search(plain) is not None


def is_round_up(title: str, text: str, lang: str | None) -> bool:
    """Tell whether a piece gathers news: its headline says so, or leaves it open and the text goes round the world."""
    surely, perhaps = _headed(title)
    if not (surely or perhaps):
        return False
    sentences = _sentences(text)
    return (surely and len(sentences) >= _FEWEST_SENTENCES) or (perhaps and _goes_round(sentences, lang))


def other_kind(one: tuple[str, str, str | None], other: tuple[str, str, str | None]) -> str | None:
    """Name what keeps a round-up from another piece, each title, text and language; None when nothing does.

    Two round-ups are one event when one is a copy of the other.
    """
    gather = [is_round_up(*piece) for piece in (one, other)]
    if not any(gather):
        return None
    if not all(gather):
        return "a round-up of several events"
    left, right = (triples(lead(text)) for _, text, _ in (one, other))
    return None if len(left & right) >= TEMPLATE_JACCARD * len(left | right) else "two round-ups"


def _sentences(text: str) -> list[str]:
    """Return the sentences of the beginning of a text."""
    return [part for part in _SENTENCE_END.split(canonical(text[:_READ])) if part.strip()]


def _goes_round(sentences: list[str], lang: str | None) -> bool:
    """Tell whether many sentences name countries, and hardly two the same."""
    named = [{p for p in read_places(cut_words(s), lang) if p.startswith("in:")} for s in sentences]
    placed = [countries for countries in named if countries]
    counts = Counter(country for countries in placed for country in countries)
    if min(len(placed), len(counts)) < _FEWEST_PLACES:
        return False
    return max(counts.values()) <= _SHARE_OF_ONE * len(placed)
