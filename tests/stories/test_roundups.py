"""Round-ups are events of their own: what gathers the news of a week is told from what reports one thing."""

from __future__ import annotations

import pytest

from monitor.stories.roundups import is_round_up, other_kind

SEVERAL = "Ghana found tramadol in tiles. Brazil ends its duty on panels. Serbia opens a post. Oman links its ports."
ONE = "Ghana found tramadol in tiles. The tiles came by sea. The importer is sought. Police opened a file."


@pytest.mark.parametrize(
    ("title", "lang"),
    [
        ("Customs week in brief: tramadol, panels, a new post", "en"),
        ("Friday's customs digest", "en"),
        ("Trade round-up of the week", "en"),
        ("Resumen semanal de comercio exterior", "es"),
        ("Дайджест таможенных новостей", "ru"),
        ("Điểm tin hải quan tuần này", "vi"),
        ("Həftənin xəbərləri: gömrük", "az"),
        ("Daily customs briefing", "en"),
        ("This week in trade: steel, rice, parcels", "en"),
        ("En bref : douanes et frontières", "fr"),
        ("Customs live: latest from the borders", "en"),
    ],
)
def test_what_gathers_the_news_is_a_round_up(title: str, lang: str) -> None:
    """Its headline says so, or it leaves it open and the text goes round the world."""
    assert is_round_up(title, SEVERAL, lang)


def test_a_chinese_round_up_is_cut_at_its_semicolons() -> None:
    """The parts of one long sentence are told one by one."""
    assert is_round_up("一周海关要闻", "深圳海关查获燕窝；广州海关截获象牙；青岛开通航线。", "zh")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Live: customs officers search the port of Tema", ONE),
        ("Customs finds tramadol in tiles", SEVERAL),
        ("The week in customs", "Nothing happened."),
        ("Officers walk out this week in Lyon", ONE),
        ("Minister defends ban at Tuesday briefing", ONE),
        ("La aduana anunciará en breve nuevas tasas", ONE),
        ("De brèves interruptions au guichet unique", ONE),
        ("Jury hears of damage by Roundup", SEVERAL),
        ("", SEVERAL),
    ],
)
def test_what_reports_one_thing_is_none(title: str, text: str) -> None:
    """A word that reports have in their headlines too does not suffice, nor do many countries, nor does a headline."""
    assert not is_round_up(title, text, "en")


def test_a_round_up_stands_beside_its_copies_only() -> None:
    """It is kept from what it mentions and from other round-ups; two reports are none of its business."""
    week, report = ("The week in customs", SEVERAL, "en"), ("Tramadol in Ghana", ONE, "en")
    other = ("Weekly customs recap", "Peru burns coats. Chad lifts a ban. Malta tests drones. Fiji trains dogs.", "en")
    assert other_kind(week, report) == "a round-up of several events"
    assert other_kind(report, week) == "a round-up of several events"
    assert other_kind(week, other) == "two round-ups"
    assert other_kind(week, ("Customs news of the week", SEVERAL, "en")) is None
    assert other_kind(report, report) is None
