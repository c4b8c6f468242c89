"""Decides what each entry of a feed is to the store: new, revised, to be tried again, the same, or gone; pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import regex
from courlan import normalize_url
from courlan.clean import clean_query

from monitor.ingest.clean import clean_title
from monitor.ingest.mirrors import one_device
from monitor.model import Decision, DecisionKind, Entry, KnownItem
from monitor.text import fold, squeeze, text_hash, words

_ABSOLUTE = regex.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:\S")
#: shorter titles ("Notice", "Exchange rates") name no single piece
_TITLE_WORDS = 4
_NUMERIC = regex.compile(r"\d{2,}")
#: trackers whose values are numbers too
_ALWAYS_TRACKING = regex.compile(r"^(?:utm|mtm|pk|mc|ga|hsa|itm)_", regex.IGNORECASE)


def keys_of(entry: Entry) -> tuple[str, ...]:
    """Return every key under which the item of an entry may be known, the deciding one first: GUID, URL, title.

    A GUID that is no absolute URI (`77`, `post-12`) is only unique on its site, so it goes with the host. A title
    counts together with the second of publication, for publishers that change both others, and alone where they lack.
    """
    keys = []
    if entry.guid:
        keys.append(_guid_key(entry.guid, entry.url))
    if entry.url:
        keys.append(url_key(entry.url))
    if not keys:
        return (f"title:{_title_hash(entry)}",)
    return tuple(dict.fromkeys([*keys, *_dated_key(entry)]))


def lookup_keys(entry: Entry) -> tuple[str, ...]:
    """Return all keys that must be looked up before an entry is decided about."""
    return (*keys_of(entry), *((own_key(entry.url, entry.title),) if entry.url else ()))


def entry_hash(entry: Entry) -> str:
    """Return a hash that changes when title, teaser or text of an entry change."""
    return text_hash(*(squeeze(text) for text in (entry.title, entry.summary, entry.content)))


def canonical_url(url: str) -> str:
    """Return an address in its usual form, without tracking parameters and fragment.

    courlan also takes `ref`, `eid`, `uid` and the like for trackers; some outlets tell articles apart by such a number,
    and merging two articles loses one, so a parameter with a number or without a value stays.
    """
    try:
        parts = urlsplit(url.strip())
        query = urlencode([pair for pair in parse_qsl(parts.query, keep_blank_values=True) if _is_content(*pair)])
        bare = normalize_url(urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")))
    except ValueError:
        return url.strip()
    if "=" not in parts.query:
        query = parts.query  # `?1234` and the like
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return bare + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def decide(entries: Iterable[Entry], known: Mapping[str, KnownItem], *, max_page_attempts: int = 3) -> list[Decision]:
    """Return one decision for each entry, in order.

    `known` maps keys (see `keys_of`) to what the store remembers. An entry that is in the batch already is SAME.
    Entries that share a GUID but not the URL are told apart by the URL, also when they come on different polls.
    """
    batch = list(entries)
    shared = _shared_keys(batch)
    seen: dict[str, str] = {}
    decisions = []
    for entry in batch:
        keys = _reliable_keys(entry, shared)
        item = next((known[key] for key in keys if key in known), None)
        for other in (url_key(entry.url), own_key(entry.url, entry.title)) if entry.url else ():
            # the address may be another's too, who called it the canonical one of all its pages
            if item is not None and _is_another(entry, item):
                keys = (other,)
                item = known.get(other)
        twin = next((seen[key] for key in keys if key in seen), None)
        digest = entry_hash(entry)
        if twin is None:
            kind, reason = _judged(item, digest, max_page_attempts)
        else:
            kind, reason = DecisionKind.SAME, f"stands twice in the feed ({twin})"
        decisions.append(Decision(kind, entry, keys, digest, reason, item))
        seen.update((key, entry.title[:60]) for key in keys if key not in seen)
    return decisions


def _judged(item: KnownItem | None, digest: str, max_page_attempts: int) -> tuple[DecisionKind, str]:
    """Compare an entry with what the store remembers of it."""
    if item is None:
        return DecisionKind.NEW, "not known yet"
    if item.tombstone:
        return DecisionKind.GONE, "its text was removed on purpose"
    if item.dropped:
        return DecisionKind.SAME, "judged before and dropped as not relevant"
    if item.entry_hash is not None and item.entry_hash != digest:
        return DecisionKind.REVISED, "title, teaser or text changed"
    if item.page_pending and item.page_attempts < max_page_attempts:
        return DecisionKind.RETRY, f"its page could not be read yet ({item.page_attempts} attempts)"
    return DecisionKind.SAME, "known and unchanged"


def _shared_keys(batch: Sequence[Entry]) -> set[str]:
    """Return the keys other than addresses that entries with different addresses share, which makes them useless."""
    urls: dict[str, set[str]] = defaultdict(set)
    for entry in batch:
        if entry.url:
            for key in keys_of(entry):
                urls[key].add(url_key(entry.url))
    return {key for key, addresses in urls.items() if len(addresses) > 1}


def _reliable_keys(entry: Entry, shared: set[str]) -> tuple[str, ...]:
    """Return the keys of an entry that it does not share with others."""
    return tuple(key for key in keys_of(entry) if key not in shared or not entry.url)


def _is_another(entry: Entry, item: KnownItem) -> bool:
    """Tell whether an entry only bears the GUID of a known item: both its address and its title are others.

    A new address alone is a mended slug, a new title alone a mended headline. Taking two pieces for one would lose one;
    taking one for two only doubles it, and the copy is recognised as a reprint.
    """
    if not entry.url or not item.url or not item.title:
        return False
    return not same_title(entry.title, item.title) and url_key(entry.url) != url_key(item.url)


def same_title(one: str, other: str) -> bool:
    """Tell whether two titles are the same but for marks, case and spacing."""
    return words(clean_title(one)) == words(clean_title(other))


def _guid_key(guid: str, url: str | None) -> str:
    """Return the key of a GUID."""
    if _ABSOLUTE.match(guid):
        return f"guid:{squeeze(guid)}"
    return f"guid:{_host(url)}:{squeeze(guid)}"


def url_key(url: str) -> str:
    """Return the key of an address; the way to the same page over http, https, www, AMP or a phone is no part of it."""
    bare = regex.sub(r"^https?://(?:www\.)?", "", one_device(canonical_url(url)))
    return f"url:{bare.rstrip('/')}"


def own_key(url: str, title: str) -> str:
    """Return the key of a piece whose address is another item's as well."""
    return f"own:{url_key(url)}:{text_hash(*words(clean_title(title)))}"


def _dated_key(entry: Entry) -> tuple[str, ...]:
    """Return the key by title and second of publication, none for short titles and days."""
    dated = entry.published
    if dated.at is None or not dated.has_time or len(words(entry.title)) < _TITLE_WORDS:
        return ()
    return (f"dated:{_host(entry.url)}:{dated.at:%Y-%m-%dT%H:%M:%S}:{_title_hash(entry)}",)


def _title_hash(entry: Entry) -> str:
    """Return the hash of a title, whatever its case and spacing."""
    return text_hash(squeeze(fold(entry.title)))


def _host(url: str | None) -> str:
    """Return the host of an address, or nothing."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _is_content(name: str, value: str) -> bool:
    """Tell whether a query parameter may say which page is meant."""
    if _ALWAYS_TRACKING.match(name):
        return False
    return not value or bool(_NUMERIC.fullmatch(value)) or bool(clean_query(urlencode({name: value})))
