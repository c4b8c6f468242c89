"""What notices say: hostile texts come out inert in every form, long ones are cut and counted."""

from __future__ import annotations

from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digest import notice
from monitor.model import StoryNotice, StoryReport

HOSTILE = "Tea\r\nBcc: x@y.example \u202eEvil\x1b[31m <script>alert(1)</script> \x00"
_TEXT = st.text(max_size=60)
_STORY = st.builds(
    StoryNotice, st.integers(1, 9), _TEXT, st.integers(1, 9),
    st.lists(st.builds(StoryReport, _TEXT, _TEXT, st.none() | _TEXT), max_size=3).map(tuple),
    st.lists(st.tuples(_TEXT, _TEXT), max_size=2).map(tuple),
)  # fmt: skip


def test_hostile_texts_are_inert() -> None:
    """No header, escape sequence, direction override, element or script address comes through from a title."""
    reports = (StoryReport(HOSTILE, HOSTILE, "javascript:alert(1)"), StoryReport("Q", "", "https://q.example/?a=1&b=2"))
    told = notice.of_alert(HOSTILE, HOSTILE, [StoryNotice(1, HOSTILE, 2, reports, ((HOSTILE, HOSTILE),))])
    for text in (told.subject, told.brief, told.text, told.html):
        assert not set("\u202e\x1b\x00\r") & set(text)
        assert "javascript:" not in text
    assert "\n" not in told.subject
    assert "<script" not in told.html
    assert 'href="https://q.example/?a=1&amp;b=2"' in told.html
    assert "(untitled)" in told.text


def test_long_lists_are_cut_and_counted() -> None:
    """The short form names ten stories and the long one twelve pieces of each; what is left out is counted."""
    reports = tuple(StoryReport(f"Outlet {n}", "Tea", None) for n in range(15))
    told = notice.of_alert("Wide", "why", [StoryNotice(n, f"Story {n}", 15, reports) for n in range(12)])
    assert told.subject == "Wide: Story 0 and 11 more"
    assert "- and 2 more" in told.brief
    assert told.brief.count("(15 outlets)") == 10
    assert told.text.count("- and 3 more") == told.html.count("and 3 more") == 12


def test_a_long_address_stays_whole() -> None:
    """An address is linked whole or not at all."""
    url = "https://q.example/" + "a" * 1500
    told = notice.of_alert("Wide", "why", [StoryNotice(1, "Tea", 2, (StoryReport("Q", "Tea", url),))])
    assert f'href="{url}"' in told.html
    assert url in told.text


@settings(max_examples=60)
@given(_TEXT, st.lists(_STORY, min_size=1, max_size=3))
def test_any_subject_can_be_a_header(name: str, stories: list[StoryNotice]) -> None:
    """Whatever names and titles hold, the subject is one line of sane length that a mail can carry."""
    told = notice.of_alert(name, "why", stories)
    message = EmailMessage()
    message["Subject"] = told.subject
    assert len(told.subject) <= notice.SUBJECT_LENGTH + 1
    assert told.text.isascii() or told.text.encode()


def test_health_and_trial_name_the_machine() -> None:
    """Who gets word of three monitors knows which one is meant."""
    assert notice.of_health(["no source answers"], "quay").brief == "no source answers"
    assert notice.of_health([], "quay").subject == "The customs news monitor on quay is well again"
    assert "office" in notice.of_test("office", "quay").text
