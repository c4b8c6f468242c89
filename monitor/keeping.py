"""Brings back a piece that the relevance stage refused: its page is read again, and it takes the way of every piece."""

from __future__ import annotations

from datetime import datetime

from monitor.errors import NotFound
from monitor.extraction import Job
from monitor.gathering import PAGE_TYPES
from monitor.ingest.clean import clean_title
from monitor.ingest.dates import decide_date, url_date
from monitor.ingest.decide import canonical_url
from monitor.ingest.language import language_of
from monitor.intake import Piece, take_in
from monitor.model import Article, FetchRequest, ItemData, TextOrigin, Verdict
from monitor.pipeline import Pipeline
from monitor.polling import Unread
from monitor.store import dropped
from monitor.store.dropped import DroppedRow
from monitor.text import word_count


def keep(pipeline: Pipeline, dropped_id: int) -> int:
    """Store a refused piece and settle it; return the id of the item. It stays: its keys are known from now on.

    Raises:
        NotFound: nothing was dropped under that number.

    """
    row = dropped.find(pipeline.storage.db, dropped_id)
    if row is None:
        raise NotFound(f"nothing was dropped under the number {dropped_id}: `monitor dropped` lists what was")
    now = pipeline.clock()
    page = _page(pipeline, row.url) if row.url else None
    with pipeline.storage.transaction() as db:
        (item_id,) = take_in(db, [Piece(_item(row, page, now), row.keys)], now)
    pipeline.settle()
    return item_id


def _page(pipeline: Pipeline, url: str) -> Article | Unread:
    """Fetch and read a page."""
    ((_, answer),) = pipeline.web.ask([FetchRequest(url, accept=PAGE_TYPES)])
    page = pipeline.page(answer)
    return pipeline.extractor.result(page) if isinstance(page, Job) else page


def _item(row: DroppedRow, page: Article | Unread | None, now: datetime) -> ItemData:
    """Return a refused piece and its page as an item; without a page it has the text that it was judged by."""
    article = page if isinstance(page, Article) else None
    is_fuller = article is not None and word_count(article.text) >= word_count(row.text)
    text = article.text if article and is_fuller else row.text
    origin = TextOrigin.PAGE if is_fuller else TextOrigin.FEED if row.source_id else TextOrigin.IMPORT
    published = [article.published] if article else []
    return ItemData(
        key=row.keys[0],
        outlet_id=row.outlet_id,
        title=clean_title(row.title) or (article.title if article else None) or "",
        text=text,
        published=decide_date([*published, url_date(row.url or "", now=now)], now=now),
        first_seen_at=now,
        listed_at=now,
        text_origin=origin if text else TextOrigin.NONE,
        source_id=row.source_id,
        external_id=row.external_id,
        url=canonical_url(row.url) if row.url else None,
        author=article.author if article else None,
        lang=language_of(f"{row.title}\n{text}", article.lang if article else None),
        page_problem=page.problem if isinstance(page, Unread) else None,
        relevance=Verdict(keep=True, score=row.score, terms=row.terms, reason=f"kept by hand; {row.reason}"),
    )
