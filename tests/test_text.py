"""Normal form, words, sentences and cleaning of texts in many scripts, and of texts that mean harm."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.text import (
    _COMPATIBLE,
    SPACELESS,
    ByWord,
    canonical,
    character_pairs,
    clean,
    cut_words,
    encoded_words,
    fold,
    paragraphs,
    sentences,
    squeeze,
    text_hash,
    word_count,
    words,
)

#: any character, and often those that normalising, folding and cutting treat in a way of their own
TRICKY = "aIiİıßſΐςΣᾳǰ\u0307\u0301\u0323\u0345\u0344\u3099\u200b\u200d\u00ad\ufe0f\x00\x1c\x85\u2028\u00a0´′″«’–一海カーไทย々01½ﬁ….,!?。։ \t\n\ud800\udc00"
ANY_TEXT = st.text(alphabet=st.one_of(st.characters(), st.sampled_from(TRICKY)), max_size=30)
LANGUAGES = st.sampled_from(
    [None, "", "en", "az", "ru", "vi", "fr", "es", "ar", "zh", "ja", "th", "hi", "hy", "xx", "EN"]
)


# ---------------------------------------------------------------- canonical form


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", ""),
        ("Velmora Customs", "Velmora Customs"),
        ("the 88\u2011th \u2013 and last \u2014 session \u2212 5", "the 88-th - and last - session - 5"),
        ("«Гефест» “seal” „Siegel“ 「封印」", '"Гефест" "seal" "Siegel" "封印"'),
        ("don’t don´t don`t donʼt don＇t", "don't don't don't don't don't"),
        ("5′ 5″", "5' 5\""),
        ("cus\u00adtoms \ufeffpor\u200bt", "customs port"),
        ("\u202bجمارك\u202c \u200fميناء", "جمارك ميناء"),
        ("a\x00b", "ab"),
        ("ＷＣＯ　８８", "WCO 88"),
        ("ﬁne ① ½", "fine 1 1\u20442"),
        ("ｶﾞｽ", "ガス"),
        ("葛\U000e0100城 ☂\ufe0f", "葛城 ☂"),
        ("Ha\u0309i quan Vi\u00eat", "Hải quan Viêt"),
        ("e\u200b\u0301", "é"),
        ("\ud800", "\ud800"),
    ],
)
def test_canonical_form(raw: str, expected: str) -> None:
    """There is one way to write a dash, a quote, an accent and a digit, and case is kept."""
    assert canonical(raw) == expected


def test_invisible_characters_are_left_out() -> None:
    """Joiners, marks of direction and selectors of variants go, their visible neighbours stay."""
    invisible = "\x00\xad\u034f\u061c\u200b\u200f\u202a\u202e\u2060\u2069\ufe00\ufe0f\ufeff\U000e0100\U000e01ef"
    assert canonical(f"a{'b'.join(invisible)}c") == "a" + "b" * (len(invisible) - 1) + "c"
    assert canonical("\u0350\u061b\u200a\u2010\u202f\ufe10") == "\u0350\u061b - ,"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("İSTANBUL", "istanbul"),
        ("Straße", "STRASSE"),
        ("ΤΕΛΩΝΕΊΟΥΣ", "τελωνείους"),
        ("ТАМОЖНЯ", "таможня"),
        ("ՄԱՔՍԱՏՈՒՆ", "մաքսատուն"),
        ("i\u0307\u0307\u0301", "\u00ed"),
        ("Hải", "HA\u0309I"),
    ],
)
def test_fold_unites_cases(one: str, other: str) -> None:
    """Folded texts are equal however their letters are cased or composed."""
    assert fold(one) == fold(other)


@settings(max_examples=400)
@given(ANY_TEXT)
@example("i\u0307\u0307\u0301")
@example("e\u200b\u0301´")
@example("\u03b1\u0345\u0301")
def test_normal_forms_are_final(text: str) -> None:
    """Making a text canonical or folding it twice changes nothing more, and folding needs no canonical text first."""
    assert canonical(canonical(text)) == canonical(text)
    assert fold(fold(text)) == fold(text)
    assert fold(canonical(text)) == fold(text)
    assert words(canonical(text)) == words(text)


def test_signs_that_are_replaced_early_are_those_of_nfkc() -> None:
    """Dots and blanks that most texts have are replaced before the normal form is made, as it would replace them."""
    assert all(unicodedata.normalize("NFKC", chr(code)) == plain for code, plain in _COMPATIBLE.items())


@settings(max_examples=300)
@given(ANY_TEXT, ANY_TEXT)
@example("`", "\u0301´")
def test_canonical_form_of_two_lines_is_that_of_each(one: str, other: str) -> None:
    """Nothing is composed across a line break, so that the lines of a text can be made canonical by themselves."""
    assert canonical(f"{one}\n{other}") == f"{canonical(one)}\n{canonical(other)}"


def test_long_runs_of_marks_are_cut() -> None:
    """A letter under ten thousand accents, whose ordering would take seconds, keeps the first thirty."""
    assert len(canonical("a" + "\u0301\u0316" * 10_000 + "b")) <= 32
    assert canonical("a" + "\u0316" * 30) == "a" + "\u0316" * 30
    assert canonical("a" + "\u200b\u0316" * 100 + "b") == "a" + "\u0316" * 30 + "b"


# ---------------------------------------------------------------- words

WORDS = [
    ("", [], 0),
    ("... — !", [], 0),
    ("Anti-dumping duties: 1,184 t", ["anti", "dumping", "duties", "1", "184", "t"], 6),
    ("L’Étoile d'Or", ["l", "étoile", "d", "or"], 4),
    ("88-я сессия Комиссии", ["88", "я", "сессия", "комиссии"], 4),
    ("ضبطت الجمارك ١٢ كيلوغراماً", ["ضبطت", "الجمارك", "١٢", "كيلوغراماً"], 4),
    ("सीमा शुल्क विभाग", ["सीमा", "शुल्क", "विभाग"], 3),
    ("Ha\u0309i quan thu giữ", ["hải", "quan", "thu", "giữ"], 4),
    ("관세청은 2026년 1월", ["관세청은", "2026년", "1월"], 3),
    ("海关", ["海关"], 1),
    ("海", ["海"], 1),
    ("海关查获", ["海关", "关查", "查获"], 2),
    ("2026年1月海关查获300公斤", ["2026", "年", "1", "月海", "海关", "关查", "查获", "300", "公斤"], 7),
    ("WTO总干事Amina访问", ["wto", "总干", "干事", "amina", "访问"], 4),
    ("コンテナー12本", ["コン", "ンテ", "テナ", "ナー", "12", "本"], 4),
    ("佐々木氏", ["佐々", "々木", "木氏"], 2),
    ("ไทยยึด 5 ตัน", ["ไท", "ทย", "ยย", "ยึ", "ึด", "5", "ตั", "ัน"], 5),
    ("海\u0301关", ["海\u0301", "\u0301关"], 1),
    ("the 12kg ₂ ﬁnd", ["the", "12kg", "2", "find"], 4),
    ("\u0301lone mark", ["lone", "mark"], 2),
    ("\ud800word\udc00", ["word"], 1),
]


@pytest.mark.parametrize(("text", "expected", "count"), WORDS)
def test_words_of_many_scripts(text: str, expected: list[str], count: int) -> None:
    """Words are runs of letters, marks and digits; Chinese, Japanese and Thai fall into pairs wherever they begin."""
    assert words(text) == expected
    assert word_count(text) == count


@settings(max_examples=300)
@given(ANY_TEXT, ANY_TEXT)
def test_words_of_two_lines_are_those_of_each(one: str, other: str) -> None:
    """A line break separates words, so that a text can be read line by line."""
    assert words(f"{one}\n{other}") == words(one) + words(other)
    assert word_count(f"{one}\n{other}") == word_count(one) + word_count(other)


@settings(max_examples=300)
@given(ANY_TEXT)
@example("Gold`s\0 value\x1c12\x7f_A-z")
def test_encoded_words_are_the_words(text: str) -> None:
    """Words cut for hashing are the words of the text, in plain ASCII too, where folding and cutting are one step."""
    plain = "".join(c for c in text if c.isascii())
    for any_text in (text, plain):
        assert [word.decode() for word in encoded_words(any_text)] == words(any_text)
    assert words(plain) == [part.lower() for part in regex.findall("[A-Za-z0-9]+", plain.replace("\0", ""))]


@given(ANY_TEXT, ANY_TEXT)
def test_more_text_never_makes_fewer_words(text: str, more: str) -> None:
    """The words of a beginning are no more than those of the whole, so that a beginning can tell that a text is long."""
    assert word_count(text) <= word_count(text + more)


@given(ANY_TEXT)
def test_every_letter_is_in_a_word_and_nothing_else(text: str) -> None:
    """No letter or digit gets lost, no word is empty, and where words have spaces the count is their number."""
    folded = fold(text)
    found = cut_words(folded)
    assert all(found)
    letters = set(regex.findall(r"[\p{L}\p{N}]", folded))
    assert letters <= set("".join(found))
    assert all(regex.fullmatch(r"[\p{L}\p{M}\p{N}]+", word) for word in found)
    if not regex.search(f"[{SPACELESS}]", folded):
        assert found == regex.findall(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}]*", folded)
        assert word_count(folded) == len(found)
    else:
        assert word_count(folded) <= len(found)


@pytest.mark.parametrize(("run", "expected"), [("海", ["海"]), ("海关", ["海关"]), ("海关官", ["海关", "关官"])])
def test_character_pairs(run: str, expected: list[str]) -> None:
    """A run is cut into its overlapping pairs, a single character is its own."""
    assert character_pairs(run) == expected


# ---------------------------------------------------------------- lines and sentences


@settings(max_examples=300)
@given(ANY_TEXT)
@example("a\x1cb\x85c\u2028d\u3000e")
def test_squeezed_text_is_one_line(text: str) -> None:
    """Squeezing leaves one line with single blanks, loses nothing but white space, and is done after once."""
    squeezed = squeeze(text)
    assert len(squeezed.splitlines()) <= 1
    assert "  " not in squeezed
    assert squeezed == squeezed.strip()
    assert squeezed == " ".join(text.split())
    assert squeeze(squeezed) == squeezed


@settings(max_examples=300)
@given(ANY_TEXT)
def test_paragraphs_hold_the_whole_text(text: str) -> None:
    """Paragraphs are the squeezed lines that are not empty."""
    found = paragraphs(text)
    assert all(found)
    assert found == [squeeze(line) for line in found]
    assert " ".join(found).split() == text.split()


SENTENCES = [
    ("en", "Mr. Smith paid 3.5 million. He left! Why? No.", 4),
    ("en", "No full stop\nanother line\n\n  \nand a last one", 3),
    ("ru", "Таможня изъяла 12 кг золота. Двое задержаны.", 2),
    ("az", "Gömrük 12 kq qızıl tapdı. İki nəfər saxlanıldı.", 2),
    ("vi", "Hải quan thu giữ 12 kg vàng. Hai người bị bắt.", 2),
    ("de", "Der Zoll fand am 3. Mai 12 kg. Zwei Personen wurden verhaftet.", 2),
    ("fr", "La douane a saisi 12 kg d’or. Deux personnes ont été arrêtées.", 2),
    ("zh", "海关查获三百公斤。五人被捕！为什么？", 3),
    ("ja", "税関は金を押収した。二人を逮捕。", 2),
    ("ar", "ضبطت الجمارك ١٢ كيلوغراماً. هل هذا كثير؟ نعم.", 3),
    ("hi", "सीमा शुल्क ने सोना जब्त किया। दो गिरफ्तार।", 2),
    (None, "First one. Second one.", 2),
    ("no-such-language", "First one. Second one.", 2),
    ("en", "", 0),
    ("en", " \n\x00\u2028 ", 0),
]


@pytest.mark.parametrize(("lang", "text", "count"), SENTENCES)
def test_sentences_of_many_languages(lang: str | None, text: str, count: int) -> None:
    """Sentences end where their language says so, and at every line break."""
    assert len(sentences(text, lang)) == count


@settings(max_examples=300)
@given(ANY_TEXT, LANGUAGES)
@example("One \ud83d two. Three \udc00.", "en")
def test_sentences_hold_the_whole_text(text: str, lang: str | None) -> None:
    """Any text falls into squeezed sentences without losing what can be shown, lone surrogates included."""
    found = sentences(text, lang)
    assert all(found)
    assert found == tuple(map(squeeze, found))
    assert "".join("".join(found).split()) == "".join(clean(text).split())


def test_lone_surrogates_are_marked_in_sentences() -> None:
    """What no encoding can carry is replaced where a text is cut into sentences."""
    assert sentences("A \ud83d port. Next one.", "en") == ("A \ufffd port.", "Next one.")


# ---------------------------------------------------------------- hashes and cleaning


def test_hash_is_stable() -> None:
    """The hashes that are stored stay what they are."""
    assert text_hash() == "cae66941d9efbd404e4d88758ea67670"
    assert text_hash("Velmora", "海关", "\ud800") == "f04fe0bdbd4d5652021996d50bc84c74"


@settings(max_examples=300)
@given(st.lists(st.text(st.sampled_from("ab\x1f\x00\ud800é"), max_size=3), max_size=3), st.data())
def test_hash_tells_texts_apart(parts: list[str], data: st.DataObject) -> None:
    """Texts that differ anywhere have other hashes, also when only the border between them moves."""
    other = data.draw(st.lists(st.text(st.sampled_from("ab\x1f\x00\ud800é"), max_size=3), max_size=3))
    assert (text_hash(*parts) == text_hash(*other)) == (parts == other)
    assert regex.fullmatch("[0-9a-f]{32}", text_hash(*parts))


def test_hash_knows_borders() -> None:
    """A separator inside a text does not make two texts look like three."""
    assert len({text_hash("a\x1fb"), text_hash("a", "b"), text_hash("a\x1f", "b"), text_hash("a", "\x1fb")}) == 4


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("", ""),
        ("plain\ttext\n", "plain\ttext\n"),
        ("a\x00b\x07c\x1bd\x7fe\x9ff", "abcdef"),
        ("one\rtwo\x0bthree\x0cfour\x85five\u2028six\u2029seven", "one\ntwo\nthree\nfour\nfive\nsix\nseven"),
        ("1\u00a0184\u202f000\u3000kg", "1 184 000 kg"),
        ("\ud83d lone \udc00", "\ufffd lone \ufffd"),
        ("می\u200cشود cus\u00adtoms \u202bx", "می\u200cشود cus\u00adtoms \u202bx"),
        ("🚢 海关 \ue000", "🚢 海关 \ue000"),
    ],
)
def test_cleaning(raw: str, expected: str) -> None:
    """Control characters go, white space stays white space, and joiners that a script needs are kept."""
    assert clean(raw) == expected


@settings(max_examples=300)
@given(ANY_TEXT)
def test_clean_text_can_be_stored(text: str) -> None:
    """Clean text encodes, holds no control characters, keeps its words' white space, and is clean after once."""
    cleaned = clean(text)
    cleaned.encode()
    assert not {unicodedata.category(c) for c in cleaned if c not in "\n\t"} & {"Cc", "Cs", "Zl", "Zp"}
    assert clean(cleaned) == cleaned
    assert len(cleaned.split()) <= len(text.split())


def test_large_texts_are_read() -> None:
    """Half a million characters without a space or a full stop are no trouble in any script."""
    assert word_count("a" * 500_000) == 1
    assert word_count("海" * 500_000) == 250_000
    assert len(words("海" * 500_000)) == 499_999
    assert len(sentences("." * 500_000, "en")) == 1
    assert "".join(sentences("word " * 100_000, "en")).count("word") == 100_000


@given(st.lists(st.text(max_size=3), max_size=40))
def test_a_table_of_words_gives_what_its_function_gives_and_keeps_no_more_than_its_bound(asked: list[str]) -> None:
    """Whatever is asked for in whatever order, each word is made once until the table is full, and then anew."""
    made: list[str] = []

    def upper(word: str) -> str:
        """Write a word in capitals, and down that it was asked for."""
        made.append(word)
        return word.upper()

    table = ByWord(upper, 5)
    assert [table[word] for word in asked] == [word.upper() for word in asked]
    assert len(table) <= 5
    if len(set(asked)) <= 5:
        assert sorted(made) == sorted(set(asked))
