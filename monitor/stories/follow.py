"""Follow-ups: a new act by another actor that answers an earlier event, such as a lawsuit, an arrest or an audit.

Such a piece repeats the earlier event as background, so the score takes both for one; but it is an event of its own.
What its headline names and the earlier piece does not open with, days later, is a new act. A link is made to what both
would be one event with if they had been told on one day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from monitor.stories.features import Features
from monitor.stories.mark_lookup import fold_word, senses
from monitor.stories.views import VIEWS
from monitor.text import canonical

#: an answer comes within two months, and at least so long after the first report
REACH_DAYS = 60
LEAST_DAYS = 1.0
#: from so many days on a new act in a headline is another event: of 7,373 same-event pairs of the four corpora five are
#: so far apart with one, all of ecbplus and of two years
APART_DAYS = 3.0
#: probability that both would be one event on one day. Of the follow-ups of customs_gold it is .93, .83 and .45, of the
#: likeliest other pair with a new act in its headline .36
LEAST_CHANCE = 0.5
#: the title and so many characters say what a piece is about
_OPENING = 600
_OPENINGS_KEPT = 4000
_NAMES_SHOWN = 4
_DAYS_OF_THE_WEEK = frozenset([
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "lundi", "mardi", "mercredi", "jeudi",
    "vendredi", "samedi", "dimanche", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo",
    "понедельник", "вторник", "среда", "четверг", "пятница", "суббота", "воскресенье",
])  # fmt: skip

#: what answers an event, as beginnings of words, with a _ behind it as a whole word; in Chinese, anywhere
_ACTS = {
    "prosecution": """arrest charged_with charged_over pressed_charges face_charges facing_charges indict prosecut
        convict sentenced bribe арест обвин прокур приговор взят həbs prokuror rüşvət bắt_giữ khởi_tố truy_tố inculp
        mis_en_examen parquet condamn detenid fiscalía acusad soborno اعتقال النيابة رشوة 逮捕 起诉 检察 判刑""",
    "court": """lawsuit sued_ sues_ suing_ court_ courts_ annulment appeals_against injunction litigation иск_ иски_
        суд_ суда_ суде_ суду_ судом_ суды_ апелляц обжалов məhkəmə iddia tòa_án khởi_kiện tribunal recours_contre
        plainte demanda_judicial recurso_ sentencia دعوى المحكمة 诉讼 法院 上诉""",
    "audit": """audit inquiry ombudsman аудит счетн ревизи yoxlama kiểm_toán thanh_tra cour_des_comptes auditor
        contraloría تدقيق مراجعة 审计 稽查""",
    "dispute": """retaliat countermeasure to_the_wto at_the_wto wto_dispute wto_panel représailles contre-mesure
        devant_l'omc represalia contramedida ante_la_omc ответные_меры контрмер cavab_tədbir trả_đũa رد_بالمثل
        إجراءات_مضادة 反制 报复""",
    "resignation": """resign dismissed_ sacked_ отставк уволен istefa từ_chức démission dimit dimisión destituid استقالة
        辞职 免职""",
}
#: those that are told as news of their own; who resigns may do so in the midst of an event
_OF_THEIR_OWN = frozenset(["prosecution", "court", "audit", "dispute"])


def _pattern(words: str) -> re.Pattern[str]:
    """Return the pattern of the beginnings of words, and of whole words."""
    parts = [
        (word >= "\u2e80", re.escape(word.strip("_").replace("_", " ")), word.endswith("_")) for word in words.split()
    ]
    begun = "|".join(part + r"\b" * whole for han, part, whole in parts if not han)
    return re.compile("|".join([rf"\b(?:{begun})", *(part for han, part, _ in parts if han)]))


_PATTERNS = {kind: _pattern(words) for kind, words in _ACTS.items()}


@lru_cache(maxsize=_OPENINGS_KEPT)
def acts(title: str, text: str) -> frozenset[str]:
    """Return the kinds of answering acts that a piece opens with, or without its text those of its headline."""
    # small letters and a pattern that tells them apart: a tenth of the time of one that does not
    opening = canonical(f"{title}\n{text[:_OPENING]}").lower()
    return frozenset(kind for kind, pattern in _PATTERNS.items() if pattern.search(opening))


def new_acts(later: str, earlier: tuple[str, str]) -> frozenset[str]:
    """Return the acts that a later headline names and an earlier piece, title and text, does not open with."""
    named = acts(later, "")
    return named - acts(*earlier) if named else named


def another_event(later: str, earlier: tuple[str, str], days: float) -> str | None:
    """Name the new act that makes a later piece another event than an earlier one, None when there is none.

    Args:
        later: the headline of the later piece.
        earlier: title and text of the earlier one.
        days: between the two.

    """
    found = new_acts(later, earlier) & _OF_THEIR_OWN if days >= APART_DAYS else frozenset[str]()
    return f"{' and '.join(sorted(found))}, {days:.0f} days later" if found else None


def follows(new: Iterable[str], chance: float, days: float) -> bool:
    """Tell whether a later piece answers an earlier one.

    Args:
        new: acts of the later one's headline with which the earlier one does not open.
        chance: probability of one event, were both of one day.
        days: from the earlier to the later one.

    """
    return bool(new) and LEAST_DAYS <= days <= REACH_DAYS and chance >= LEAST_CHANCE


def telling_names(one: Features, other: Features, terms: dict[int, str]) -> list[str]:
    """Return the names that two weighed pieces share, the rarest first, without months and days of the week.

    Args:
        one: vectors of one piece.
        other: those of the other.
        terms: the names of the first piece by their ids.

    """
    view = VIEWS.index("named")
    shared, mine, _ = np.intersect1d(one.ids[view], other.ids[view], return_indices=True)
    ranked = sorted(zip(-one.weights[view][mine], shared.tolist(), strict=True))
    names = [terms[term] for _, term in ranked if term in terms and not _is_of_time(terms[term])]
    # "Graz and Vienna" says what "Graz" alone says
    return [name for name in names if not any(name != other and name in other.split() for other in names)][
        :_NAMES_SHOWN
    ]


def _is_of_time(name: str) -> bool:
    """Tell whether a name is that of a month or a day of the week."""
    words = name.casefold().split()
    return all(word in _DAYS_OF_THE_WEEK or "month" in senses(fold_word(word)) for word in words)
