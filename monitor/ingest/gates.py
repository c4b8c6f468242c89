"""Names the gate that stands before the article of a page, a paywall or a consent dialogue; pure.

Both are looked for on short texts only: whole articles are read whatever stands around them.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from monitor.ingest.markup import Element, clean_line
from monitor.ingest.phrases import phrases, plain
from monitor.text import sentences, word_count

#: words from which a text is an article: teasers before paywalls have 30 to 120
ARTICLE_WORDS = 150
_CONSENT_PHRASES = 2
#: words of an element that say something; script places empty ones on every page
_SPOKEN_WORDS = 3
_LOCK = regex.compile(
    r"(?:^|[\s_-])(?:pay-?wall\w*|reg-?wall|meter-?wall|piano-(?:container|offer)|tp-(?:modal|container)|"
    r"(?:subscriber|premium|member)s?-(?:only|content|wall|lock)|locked-content|content-lock(?:ed)?)(?:$|[\s_-])",
    regex.IGNORECASE,
)
_CONSENT = regex.compile(
    r"(?:onetrust|didomi|sp_message|qc-cmp|cookiebot|cybot|usercentrics|truste|trustarc|cookie-?(?:consent|law|notice|"
    r"banner|wall)|consent-?(?:banner|dialog|manager|page|wall)|fc-consent|cmplz|borlabs|klaro|iubenda|axeptio)",
    regex.IGNORECASE,
)


def gate_of(tree: Element, text: str, title: str, *, free: bool | None) -> str | None:
    """Return what stands before an article, or None when nothing does.

    `tree` is the whole page, `text` what was taken for its article, `free` what it says about itself in JSON-LD.
    """
    if word_count(text) >= ARTICLE_WORDS:
        return None
    if is_consent(text, title):
        return "a consent dialogue stands before the page"
    if (why := _paywall(tree, free=free)) is not None:
        return f"the page is behind a paywall ({why})"
    if word_count(text) < _SPOKEN_WORDS and any(True for _ in _named(tree, _CONSENT)):
        return "a consent dialogue stands before the page"
    return None


def is_consent(text: str, title: str) -> bool:
    """Tell whether at least half of the sentences of a text are those of a consent dialogue."""
    known = phrases("consent")
    said = [plain(sentence) for sentence in sentences(text)]
    about = [sentence for sentence in said if any(phrase in sentence for phrase in known)]
    found = {phrase for phrase in known if phrase in plain(f"{title} {text}")}
    return bool(about) and len(found) >= _CONSENT_PHRASES and 2 * len(about) >= len(said)


def _paywall(tree: Element, *, free: bool | None) -> str | None:
    """Return by what a paywall is known: what the page says of itself, a lock with words on it, or a phrase."""
    if free is False:
        return "isAccessibleForFree is false"
    for element in _named(tree, _LOCK):
        if word_count(element.text_content()) >= _SPOKEN_WORDS:
            return f"its element {clean_line(element.get('class') or element.get('id'))[:60]!r}"
    shown = plain(clean_line(" ".join(_texts(tree))))
    phrase = next((phrase for phrase in phrases("paywall") if phrase in shown), None)
    return None if phrase is None else f'it says "{phrase}"'


def _texts(tree: Element) -> Sequence[str]:
    """Return the texts of a page without its scripts and styles."""
    found: Sequence[str] = tree.xpath(".//text()[not(parent::script or parent::style or parent::noscript)]")
    return found


def _named(tree: Element, names: regex.Pattern[str]) -> list[Element]:
    """Return the elements inside the body of a page whose class or id holds one of some names."""
    found = tree.xpath(".//body//*[@class or @id]")
    return [e for e in found if names.search(f"{e.get('class') or ''} {e.get('id') or ''}")]
