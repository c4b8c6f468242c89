from __future__ import annotations

import pytest
from digest_builders import item, story
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.digest.sentences import base_lang, candidates, furniture_of, stands_alone, stems, without_dateline
from monitor.text import squeeze


@pytest.mark.parametrize(
    ("sentence", "lang"),
    [
        ("Customs officers at Alat found 380 kilograms of heroin among pistachios.", "en"),
        ("12 kilograms of gold were found in the frames of two wheelchairs.", "en"),
        ('"We found a second floor beneath the pallets," said Leyla Aliyeva, head of the Alat post.', "en"),
        ("BAKU (Hazar Wire) - The port of Alat opened a second rail scanner on Thursday.", "en"),
        ("В порту Алят сотрудники таможни изъяли 382 килограмма героина.", "ru"),
        ("海关总署今日发布公告，自2026年1月起执行新的申报规则。", "zh"),
        ("Ông Nguyễn Văn Bình cho biết kho hàng sẽ mở cửa vào đầu tháng sau.", "vi"),
        ("ضبط مفتشو الجمارك نحو خمسة ملايين حبة مخبأة داخل لفائف من اللباد.", "ar"),
        ("Die Zollbeamten fanden in dem Container zwei Tonnen Kaffee ohne Papiere.", "de"),
        ("The port of Alat opened a second rail scanner for pistachios on Thursday.", "xx"),
    ],
)
def test_whole_sentences_may_be_quoted(sentence, lang):
    """A sentence that says who did what needs no neighbour, in any language."""
    assert stands_alone(sentence, lang)


@pytest.mark.parametrize(
    ("sentence", "lang", "why"),
    [
        ("He has headed the VAT fraud unit in Nicosia since 2021.", "en", "pronoun"),
        ("In addition, the officers found four hundred cartons of cigarettes.", "en", "connective"),
        ("This brings the number of seizures at the port to seven.", "en", "demonstrative"),
        ("We will not accept any delay of the new duty.", "en", "speaker unknown"),
        ("По его словам, дело уже передано в прокуратуру города.", "ru", "pronoun"),
        ("Il a ajouté que la marchandise serait détruite dans la semaine.", "fr", "pronoun"),
        ("该通道全长1.4公里，车辆依靠磁钉导航完成检查。", "zh", "demonstrative"),
        ("Bununla yanaşı, gömrük postunda yeni skaner quraşdırılacaq və işçilər öyrədiləcək.", "az", "connective"),
        ('"We will not accept any delay of the new duty at all."', "en", "quotation without speaker"),
        ('"We will not accept any delay of the new duty," he said.', "en", "speaker is a pronoun"),
        ("The port will be opened again before the end of the week, she added.", "en", "speaker is a pronoun"),
        ('"We will not accept any delay of the new duty.', "en", "quotation goes on"),
        ("The duty (three euros on each item starts in July.", "en", "bracket goes on"),
        ("found in the frames of two wheelchairs on Thursday night.", "en", "begins in the middle"),
        ("The committee said that the value of the goods was about", "en", "no end"),
        ("The committee said that the value of the goods was ...", "en", "cut off"),
        ("The committee said that the value of the goods was about […].", "en", "cut off"),
        ("What does the new duty mean for small importers of shoes?", "en", "question"),
        ("Two men were held.", "en", "too short"),
        ("The goods " + "and the goods " * 30 + "were seized.", "en", "too long"),
        ("The " + "g" * 600 + " goods were seized at the port of Alat.", "en", "too long"),
        ("Follow us on all platforms for more news about customs.", "en", "invitation"),
        ("Читайте также: в порту Алят открыли второй сканер для вагонов.", "ru", "invitation"),
        ("Write to the editors of this page at desk@ledger.example today.", "en", "contact"),
        ("More photographs of the seizure are at https://ledger.example/photos today.", "en", "contact"),
        ("19.11.2026 14:05 20.11.2026 16:30 Baku, Alat, 12/34/56, 77.", "en", "figures"),
        ("• The committee opened a second rail scanner at the port.", "en", "bullet"),
        ("他说海关已经扣留了三个集装箱的货物并通知警方。", None, "pronoun, language unknown"),
        ("They opened a second rail scanner at the port of Alat.", None, "pronoun, language unknown"),
    ],
)
def test_leaning_broken_and_empty_lines_may_not_be_quoted(sentence, lang, why):
    """What leans on its neighbour, is not whole, or is page furniture is never shown alone."""
    assert not stands_alone(sentence, lang), why


def test_a_sentence_is_offered_once_with_its_position():
    """A line that the text repeats counts once, at its first place."""
    line = "The port of Alat opened a second rail scanner on Thursday."
    text = f"Photo gallery\n{line}\n{line}\nThe scanner reads forty wagons in an hour."
    found = candidates(item(1, text=text), frozenset())
    assert [(c.position, c.text) for c in found] == [(1, line), (3, "The scanner reads forty wagons in an hour.")]


def test_what_several_stories_share_is_furniture():
    """A slogan on the pages of two stories is told by neither of them, one in two pieces of a story is."""
    slogan, shared = "Customs is the mirror of the economy of the state.", "The port of Alat opened a new scanner."
    one = story(1, item(1, text=f"{slogan}\n{shared}"), item(2, text=shared))
    two = story(2, item(3, text=slogan.upper()))
    assert furniture_of([one, two]) == {slogan.lower()}
    assert [c.text for c in candidates(one.items[0], furniture_of([one, two]))] == [shared]


def test_stems_are_first_letters_of_telling_words_and_whole_figures():
    """Inflected forms meet, stop words go, figures stay exact."""
    assert stems("The containers and the container of 1234567 manats", "en") == {"contai", "1234567", "manats"}
    assert stems("Таможня и таможни", "ru") == {"таможн"}


def test_language_tags_lose_their_region():
    """Only the language decides which list applies."""
    assert [base_lang(tag) for tag in ("en-GB", "zh_Hant", "RU")] == ["en", "zh", "ru"]
    assert {base_lang(tag) for tag in (None, "", "<b>")} == {None}


@settings(max_examples=60)
@given(st.text(max_size=300), st.sampled_from([None, "en", "ru", "ar", "zh", "xx"]))
def test_any_text_gives_sentences_of_that_text(text, lang):
    """Whatever comes in, candidates are word for word in it."""
    for candidate in candidates(item(1, text=text, lang=lang), frozenset()):
        assert candidate.text in squeeze(text)


@pytest.mark.parametrize(
    ("dateline", "sentence"),
    [
        ("ASTRAVA, 19 November (Harbour Wire) - ", "Velmora will open a single window for permits."),
        ("Geneva, 19 June 2026 – ", "The council adopted the amendments on Friday."),
        ("PORT MAREN, Nov. 19 — ", "Officers found tobacco in a lorry."),
        ("LISSHOLM (Harbour Wire) -- ", "Nine members took the floor."),
        ("Лисхольм, 19 ноября (Вестник) — ", "Таможенники изъяли тонну табака."),
        ("BRUXELLES, le 3 mars (Dépêche) - ", "La commission a adopté le règlement."),
        ("HẢI PHÒNG (Thông tấn) - ", "Hải quan phát hiện thuốc lá lậu."),
        ("海事社利斯霍尔姆11月19日电(记者王)", "海关查获走私香烟。"),
        ("", "The EU – Vietnam trade pact enters into force in May."),
        ("", "EU – Vietnam trade pact enters into force in May."),
        ("", "The European Union (EU) - Vietnam pact was signed on 3 May - at last."),
        ("", "On Friday, 19 lorries - all of them empty - left the port."),
        ("", "COTIF 1999 - the convention on carriage by rail - was amended."),
    ],
)
def test_datelines_are_not_quoted(dateline: str, sentence: str) -> None:
    """Place, date and agency are taken off, and nothing of a sentence that has a dash of its own."""
    assert without_dateline(dateline + sentence) == sentence
