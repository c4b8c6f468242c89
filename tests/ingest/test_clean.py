"""What a page puts around its article is told from the article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.clean import (
    clean_lines,
    clean_title,
    cut_tail,
    guess_title,
    is_furniture,
    is_heading,
    is_site_name,
    is_title,
    repeated_title,
)

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
TITLE = "Port of Larkhaven opens a second scanner hall"
PROSE = [
    "The new hall halves the time that a lorry waits for its inspection, the customs office said on Monday.",
    "Two scanners stand side by side, and their pictures are read in the control room of the old hall.",
    "The work cost nine million and took two years, one more than planned.",
]


def kept(*lines: str) -> list[str]:
    """Return the lines that are kept of some lines."""
    return clean_lines(lines, TITLE, now=NOW).kept


@pytest.mark.parametrize(
    "title",
    [
        TITLE,
        f"{TITLE} [PHOTO]",
        f"{TITLE} (PHOTO/VIDEO)",
        f"[VIDEO] {TITLE}",
        f"{TITLE} - PHOTOS",
        f"{TITLE} – VİDEO",
        f"{TITLE} | Larkhaven Courier",
        f"{TITLE} - Larkhaven Courier",
        f"{TITLE} :: larkhaven-courier.example",
        f"Larkhaven Courier | {TITLE}",
        f"{TITLE} [PHOTO] - Larkhaven Courier",
        f"{TITLE} {TITLE}",
        f"{TITLE} - {TITLE}",
        f"  {TITLE}\n",
    ],
)
def test_titles_are_cleaned(title: str) -> None:
    """A title stands once, without marks for pictures and without its outlet's name."""
    assert clean_title(title, site="Larkhaven Courier", host="www.larkhaven-courier.example") == TITLE


@pytest.mark.parametrize(
    "title",
    [
        "Customs - a history of the harbour",
        "Photo exhibition opens",
        "Customs seizes 40 kg - the most since 2019",
        "Larkhaven Courier",
        "Test Test",
        "",
    ],
)
def test_honest_titles_stay(title: str) -> None:
    """A stroke, the word photo or a name alone is no reason to cut a title."""
    assert clean_title(title, site="Larkhaven Courier", host="larkhaven-courier.example") == title


def test_site_names() -> None:
    """A site is known by what it calls itself and by its host."""
    assert is_site_name("Larkhaven Courier", "LARKHAVEN COURIER", "")
    assert is_site_name("The Courier", None, "courier.example")
    assert is_site_name("news.courier.example", None, "www.news.courier.example")
    assert not is_site_name("Port opens hall", "Courier", "courier.example")
    assert not is_site_name("", "", "")


@pytest.mark.parametrize(
    "line",
    [
        "Related News", "RELATED ARTICLES:", "Latest news", "Похожие новости", "Ən çox oxunan", "Tin liên quan", "À la une",
        "Noticias relacionadas", "أخبار ذات صلة", "相关新闻", "More from Economy", "Comments", "Comments (3)", "3 comments",
        "Leave a Reply", "Leave a reply Cancel reply", "Dodaj komentarz", "Оставить комментарий",
        "Your email address will not be published. Required fields are marked *",
    ],
)  # fmt: skip
def test_headings_of_other_things(line: str) -> None:
    """A heading over other stories or over comments is known in every language."""
    assert is_heading(line)
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Related parties must declare their links.",
        "Comments on the draft may be sent until May.",
        "Latest figures show a rise of four per cent.",
        "Leave a comment on the draft regulation before the ministry closes the list",
        "The latest",
        "",
        "Related " * 30,
    ],
)
def test_sentences_are_no_headings(line: str) -> None:
    """A sentence that begins like a heading is a sentence."""
    assert not is_heading(line)


@pytest.mark.parametrize(
    "line",
    ["Follow us on social media @courier", "Share this article", "Slider Image 1", "Latest See more", "Print", "Share",
     "Подписывайтесь на наш канал", "Bizi izləyin", "Mobile Version", "Зеркало | Печать"],
)  # fmt: skip
def test_calls_and_buttons_are_removed(line: str) -> None:
    """Calls to follow and lines of buttons are not part of an article."""
    expected = [*PROSE, line] if "Зеркало" in line else PROSE
    assert kept(*PROSE, line) == expected


def test_article_of_prose_stays_whole() -> None:
    """A clean article loses nothing."""
    assert clean_lines(PROSE, TITLE, now=NOW) == (PROSE, [], None)


def test_title_header_date_and_byline_are_removed() -> None:
    """What stands above the title, the title itself, its date and byline go; the author is kept."""
    lines = [
        "Customs guards the harbour.",
        "Monday July 15 2024",
        TITLE,
        "9 June 2024 16:52",
        f"{TITLE} [PHOTO]",
        "By Jane Doe",
    ]
    cleaned = clean_lines([*lines, *PROSE, "12 June 2024"], TITLE, now=NOW)
    assert (cleaned.kept, cleaned.author) == (PROSE, "Jane Doe")
    assert cleaned.removed == [*lines, "12 June 2024"]


def test_note_of_a_change_is_removed() -> None:
    """When a text was updated is not part of it."""
    assert kept(TITLE, "Last updated at 11:24, Tuesday, 18 June 2024", *PROSE) == PROSE


@pytest.mark.parametrize(
    "line", ["© 2026 Courier", "(c) Courier", "Copyright 2026 Courier", "Courier. All rights reserved"]
)
def test_note_of_rights_is_removed(line: str) -> None:
    """Who holds the rights is said at the end of a page, not in the article."""
    assert kept(*PROSE, line) == PROSE
    assert kept(PROSE[0], "Copyright law was changed", PROSE[1])[1] == "Copyright law was changed"


def test_date_inside_the_text_stays() -> None:
    """A day between paragraphs orders a chronicle."""
    lines = [PROSE[0], "5 March 2024", PROSE[1]]
    assert kept(*lines) == lines


def test_other_stories_after_the_text_are_cut() -> None:
    """From the heading on nothing is kept, however much it reads like an article."""
    teasers = [
        "Minister visits the fish market",
        "The minister bought two herrings and promised a new roof for the hall.",
    ]
    assert kept(*PROSE, "Related News", *teasers, "Latest news", *teasers) == PROSE
    assert cut_tail([*PROSE, "Related News", *teasers]) == 3


def test_box_of_other_stories_before_the_text() -> None:
    """A box at the top loses its heading and titles, and the article goes on with its first sentence."""
    assert kept("Latest news", "Minister visits the fish market", "Fog closes airport", *PROSE) == PROSE


@pytest.mark.parametrize(
    "teaser",
    [
        ["READ  Fog closes airport"],
        ["READ ALSO: Fog closes airport"],
        ["Read also: Fog closes airport"],
        ["Читайте также: Туман закрыл аэропорт"],
        ["Đọc thêm: Sương mù đóng cửa sân bay"],
        ["Read more", "Fog closes airport"],
        [f"{TITLE.lower()} Fog closes airport"],
        ["Fog closes airport", "The airport was closed on Sunday because of the fog that had ..."],
        ["The airport was closed on Sunday because of the fog […]"],
    ],
)
def test_teasers_inside_the_text_are_removed(teaser: list[str]) -> None:
    """A line that leads to another story is taken out, with the title that belongs to it."""
    assert kept(PROSE[0], *teaser, PROSE[1]) == PROSE[:2]


@pytest.mark.parametrize(
    "line",
    [
        "See also the decision of the council, which lists the goods that are free of duty.",
        "Read more than one paper and you will find more than one truth about the harbour.",
        "Share prices of forwarders fell by three per cent after the decision was announced.",
        f"{TITLE} and closes the old one, the director said on Monday in Larkhaven.",
        "READING is the name of the ship.",
    ],
)
def test_sentences_that_begin_like_furniture_stay(line: str) -> None:
    """A sentence is kept even when its first words are those of a button or of the title."""
    assert kept(PROSE[0], line, PROSE[1]) == [PROSE[0], line, PROSE[1]]


def test_nothing_but_furniture_is_kept() -> None:
    """When nothing would be left the lines stay, so that a reader can see what came."""
    lines = ["Share", TITLE, "Print"]
    assert clean_lines(lines, TITLE, now=NOW) == (lines, [], None)
    assert clean_lines([], TITLE, now=NOW) == ([], [], None)


def test_title_is_guessed_from_repetition() -> None:
    """A slogan stands once, the title twice; without a repetition the first line that can be one is taken."""
    assert repeated_title(["Safe trade for a safe harbour city", TITLE, TITLE, *PROSE], now=NOW) == TITLE
    assert repeated_title([TITLE, *PROSE], now=NOW) is None
    assert guess_title(["Monday July 15 2024", "By Jane Doe", "Share", "Menu", PROSE[0], TITLE], now=NOW) == TITLE
    assert guess_title(PROSE, now=NOW) is None
    assert not is_title("One two " * 30, now=NOW)


@given(
    st.lists(
        st.sampled_from([*PROSE, TITLE, "Related News", "Share", "READ Fog", "1 June 2024", "Fog ...", "Fog"]),
        max_size=10,
    )
)
@settings(max_examples=200)
def test_lines_are_kept_or_removed(lines: list[str]) -> None:
    """Every line is on exactly one side, in order, and something is always kept."""
    cleaned = clean_lines(lines, TITLE, now=NOW)
    assert sorted([*cleaned.kept, *cleaned.removed]) == sorted(lines)
    assert bool(cleaned.kept) == bool(lines)
    positions = iter(lines)
    assert all(line in positions for line in cleaned.kept)
