"""Pieces that one publisher has in several languages: one item's translations, in one story, and no corroboration."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pieces import NOW, piece, roles, sets, take
from pieces import partition as stories_of

from monitor.cli import detail
from monitor.digest.composed import Digest, DigestEntry
from monitor.digest.render import html, json_text, markdown
from monitor.digest.select import compose
from monitor.model import Role, Window
from monitor.store import digests
from monitor.store.storage import Storage

EN = (
    "The customs office of Port Lindow opened a new laboratory on Thursday. Its chemists will test samples of goods "
    "within one day. Importers had waited two weeks for such a test until now."
)
FR = (
    "Le bureau de douane de Port Lindow a ouvert jeudi un nouveau laboratoire. Ses chimistes analyseront les "
    "échantillons de marchandises en un jour. Les importateurs attendaient deux semaines jusqu'à présent."
)
RU = "Таможня порта Линдов открыла в четверг новую лабораторию. Химики будут проверять образцы товаров за один день."
WEB = "https://office.example"
ROWS = [
    piece("en", "New laboratory at Port Lindow", EN, "19 08:00", outlet="Office", url=f"{WEB}/en/news/4711", lang="en"),
    piece("fr", "Un laboratoire à Port Lindow", FR, "19 09:00", outlet="Office", url=f"{WEB}/fr/news/4711", lang="fr"),
    piece("ru", "Лаборатория в порту", RU, "19 10:00", outlet="Office", url=f"{WEB}/ru-ru/news/4711", lang="ru"),
]


@pytest.fixture
def storage(tmp_path: Path):
    """Return a state with one piece in three languages."""
    with Storage(tmp_path, create=True) as opened:
        take(opened, ROWS)
        yield opened


def digest_of(storage: Storage, *languages: str) -> Digest:
    """Return the digest of the day."""
    window = Window(NOW.replace(day=19, hour=0), NOW.replace(day=20, hour=0))
    found = digests.digest_input(storage.db, date(2026, 11, 19), "UTC", window, max_age_days=7)
    return compose(found, languages=languages)


def entry_of(storage: Storage, *languages: str) -> DigestEntry:
    """Return the only story of the digest."""
    (entry,) = [entry for section in digest_of(storage, *languages).sections for entry in section.entries]
    return entry


def test_translations_are_one_story_with_a_role(storage: Storage) -> None:
    """The first one leads, the others are its translations, though they share no words."""
    assert stories_of(storage.db) == sets("en fr ru")
    assert roles(storage.db) == {"en": "lead", "fr": "translation", "ru": "translation"}
    (reason,) = storage.db.execute("select reason from v_story_items where external_id = 'fr'").fetchone()
    assert reason == "the same piece as item 1, in another language"


def test_translation_that_comes_later_joins(tmp_path: Path) -> None:
    """A version that another pass brings stands under the first one; an earlier one takes the lead over."""
    with Storage(tmp_path, create=True) as storage:
        take(storage, ROWS[1:2])
        take(storage, ROWS[2:])
        assert roles(storage.db) == {"fr": "lead", "ru": "translation"}
        take(storage, ROWS[:1])
        assert stories_of(storage.db) == sets("en fr ru")
        assert roles(storage.db) == {"en": "lead", "fr": "translation", "ru": "translation"}


def test_digest_folds_translations_and_counts_one_outlet(storage: Storage) -> None:
    """One line with two translations: one outlet, no copy, and the languages it was reported in."""
    entry = entry_of(storage, "en")
    (line,) = entry.reports
    assert [(copy.kind, copy.lang) for copy in line.copies] == [(Role.TRANSLATION, "fr"), (Role.TRANSLATION, "ru")]
    assert (entry.outlets, entry.own_texts, entry.copies, entry.pieces) == (1, 1, 0, 3)
    assert entry.languages == ("en", "fr", "ru")


def test_story_is_told_in_the_readers_language(storage: Storage) -> None:
    """A translation speaks where the reader prefers its language; the citation leads to the line it is folded under."""
    entry = entry_of(storage, "de", "fr", "en")
    assert (entry.lang, entry.headline) == ("fr", "Un laboratoire à Port Lindow")
    assert entry.sentences
    assert all(sentence.text in FR and sentence.number == 1 for sentence in entry.sentences)
    assert entry.languages == ("fr", "en", "ru")
    assert entry_of(storage, "ru").lang == "ru"


def test_pages_say_it(storage: Storage) -> None:
    """Markdown, HTML and JSON name the languages and the translations."""
    digest = digest_of(storage, "en")
    for written in (markdown(digest), html(digest)):
        assert "in English, French and Russian" in written
        assert "translation (French)" in written
    assert "2 translations" in html(digest)
    assert '"kind": "translation"' in json_text(digest)


def test_story_command_shows_translations(storage: Storage, capsys: pytest.CaptureFixture[str]) -> None:
    """`monitor story` folds them under the piece that they translate."""
    (found,) = digests.stories(storage.db, [1])
    detail.story(found, [], [], asked=1, as_json=False)
    out = capsys.readouterr().out
    assert out.count("translation") == 2
    assert "└ " in out
    assert "3 items, 1 independent outlet" in out
