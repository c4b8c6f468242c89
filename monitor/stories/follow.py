"""Follow-ups: a new act by another actor that answers an earlier event, such as a lawsuit, an arrest or an audit.

Such a piece repeats the earlier event as background, so it shares its names, but it is an event of its own. A link is
made only where the later piece opens with an act that the earlier one does not have, and both share several rare names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from monitor.stories.features import Features, similarities
from monitor.stories.views import VIEWS
from monitor.text import canonical

#: an answer comes within two months, and at least so long after the first report
REACH_DAYS = 60
LEAST_DAYS = 1.0
#: the title and so many characters say what a piece is about
_OPENING = 600
#: so many names in common, and so alike in names, words and opening. Of the follow-ups of customs_gold one of three
#: reaches that (0.59, 0.26, 0.27); the others name nothing that the earlier pieces name, and at the figures at which
#: they would be found at least seven wrong pairs of events are, too. The closest wrong pair has 0.44, 0.17 and 0.08.
LEAST_NAMES = 3
LEAST = {"named": 0.20, "body": 0.12, "lead": 0.12}

#: what answers an event, as beginnings of words; in Chinese, anywhere
_ACTS = {
    "prosecution": """arrest charged indict prosecut convict sentenced bribe арест обвин прокур приговор взят həbs
        prokuror rüşvət bắt_giữ khởi_tố truy_tố inculp mis_en_examen parquet condamn detenid fiscalía acusad soborno
        اعتقال النيابة رشوة 逮捕 起诉 检察 判刑""",
    "court": """lawsuit sued sues court annulment appeal injunction litigation иск суд_ апелляц обжалов məhkəmə iddia
        tòa_án khởi_kiện tribunal recours plainte demanda recurso sentencia دعوى المحكمة 诉讼 法院 上诉""",
    "audit": """audit inquiry ombudsman аудит счетн ревизи yoxlama kiểm_toán thanh_tra cour_des_comptes auditor
        contraloría تدقيق مراجعة 审计 稽查""",
    "resignation": """resign dismissed sacked отставк уволен istefa từ_chức démission dimit dimisión destituid استقالة
        辞职 免职""",
}


@dataclass(frozen=True, slots=True)
class Tie:
    """What two pieces share: the cosines of the views that tell, and how many names are in both."""

    cosines: Mapping[str, float]
    names: int


def _pattern(words: str) -> re.Pattern[str]:
    """Return the pattern of the beginnings of words."""
    parts = [re.escape(word.replace("_", " ").strip()) for word in words.split()]
    spaced, others = ([p for p in parts if (p >= "\u2e80") is han] for han in (False, True))
    return re.compile("|".join([rf"\b(?:{'|'.join(spaced)})", *others]))


_PATTERNS = {kind: _pattern(words) for kind, words in _ACTS.items()}


def acts(title: str, text: str) -> frozenset[str]:
    """Return the kinds of answering acts that a piece opens with."""
    # small letters and a pattern that tells them apart: a tenth of the time of one that does not
    opening = canonical(f"{title}\n{text[:_OPENING]}").lower()
    return frozenset(kind for kind, pattern in _PATTERNS.items() if pattern.search(opening))


def tie(one: Features, other: Features) -> Tie:
    """Return what two weighed pieces share."""
    all_views = dict(zip(VIEWS, similarities([one], [other])[0, 0].tolist(), strict=True))
    view = VIEWS.index("named")
    names = len(np.intersect1d(one.ids[view], other.ids[view], assume_unique=True))
    return Tie({name: all_views[name] for name in LEAST}, names)


def follows(new: Iterable[str], before: Iterable[str], shared: Tie, days: float) -> frozenset[str]:
    """Return the acts with which a later piece answers an earlier one, none when it does not.

    Args:
        new: the acts of the later piece.
        before: the acts of the earlier one.
        shared: what their names share.
        days: from the earlier to the later one.

    """
    close = all(shared.cosines[name] >= least for name, least in LEAST.items())
    if not LEAST_DAYS <= days <= REACH_DAYS or shared.names < LEAST_NAMES or not close:
        return frozenset()
    return frozenset(new) - frozenset(before)
