from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monitor.digest.outside import URL_LENGTH, clean, cut, escape_markdown, markdown_address, safe_lang, safe_url


def as_text(markdown):
    """Return what a reader of rendered Markdown sees, and the names of the elements that are in it."""
    tokens = MarkdownIt("commonmark").parse(markdown)
    leaves = [leaf for token in tokens for leaf in (token.children or [token])]
    return "".join(leaf.content for leaf in leaves), {leaf.tag for leaf in leaves if leaf.tag}


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\0b\x07c\x9fd", "abcd"),
        ("one\r\n two\u2028three\x85four", "one two three four"),
        ("\u202eevil\u202c \u2066x\u2069 \u200fy\u061c", "evil x y"),
        ("soft\u00adhyphen\ufeff\u200b", "softhyphen"),
        ("lone \ud800 surrogate", "lone \ufffd surrogate"),
        ("tag \U000e0041\U000e0042", "tag"),
        ("\ufffe\ufdd0non\uffff-character", "non-character"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("pile a" + "\u0301" * 50, "pile a" + "\u0301" * 4),
        ("Müller café 海关 🇦🇿", "Müller café 海关 🇦🇿"),
    ],
)
def test_clean_takes_what_cannot_be_seen_or_turns_the_line(text, cleaned):
    """Controls, overrides, invisible letters and lone surrogates go; joiners and ordinary letters stay."""
    assert clean(text) == cleaned


@settings(max_examples=100)
@given(st.text(st.characters()))
def test_a_clean_text_is_one_writable_line(text):
    """Cleaning twice is cleaning once, and the result has no control and can be encoded."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not [c for c in cleaned if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}]
    assert json.loads(json.dumps(cleaned)).encode() == cleaned.encode()


def test_cut_keeps_short_texts_and_ends_long_ones_in_an_ellipsis():
    """A cut falls after a word if one ends nearby, and never inside a letter with its marks."""
    assert cut("x" * 300) == "x" * 300
    assert cut("x" * 10_000) == "x" * 299 + "…"
    assert cut("word " * 100, 52) == "word " * 9 + "word…"
    assert cut("e\u0301" * 20, 11) == "e\u0301" * 5 + "…"


@settings(max_examples=60)
@given(st.text(max_size=80), st.integers(2, 40))
def test_a_cut_text_is_never_longer_than_asked(text, length):
    """The ellipsis counts."""
    assert len(cut(text, length)) <= length


@pytest.mark.parametrize(
    "url",
    [
        "https://ledger.example/a?b=1&c=(d)#e",
        "http://ledger.example",
        "https://ledger.example:8443/ä",
        "HTTPS://ledger.example/",
    ],
)
def test_web_addresses_may_be_followed(url):
    """Addresses of the schemes http and https are kept as they are."""
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "JaVaScRiPt://ledger.example/%0aalert(1)",
        "java\nscript:alert(1)",
        " https://ledger.example/",
        "https://ledger.example/a b",
        "https://ledger.example\\@other.example",
        "https://known.example@other.example/",
        "https://\u202eledger.example/",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//ledger.example/x",
        "/relative",
        "https:///nowhere",
        "https://[broken",
        "https://ledger.example/" + "x" * URL_LENGTH,
    ],
)
def test_everything_else_stays_text(url):
    """Other schemes, hidden hosts, odd characters and endless addresses are never linked."""
    assert safe_url(url) is None


def test_only_language_tags_pass():
    """What goes into a lang attribute has the shape of a tag."""
    assert [safe_lang(tag) for tag in ("en", "zh-Hant-TW", 'en" onload="x', "", None, "english")] == [
        "en",
        "zh-Hant-TW",
        None,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[click](javascript:alert(1))",
        "![x](https://other.example/x.png)",
        "[ref]: https://other.example",
        "# heading",
        "- list",
        "+ list",
        "12. list",
        "7) list",
        "> quotation",
        "*a* _b_ **c** `d` ~~e~~",
        "a | b | c",
        "<script>alert(1)</script> <https://other.example>",
        "AT&amp;T &copy; &#60;b&#62; R&D",
        "back\\slash \\*",
        "---",
        "===",
        "```",
        "see https://other.example and www.other.example",
    ],
)
def test_escaped_markdown_reads_as_it_was_written(text):
    """No character of a text from outside acts as markup, also at the beginning of a line or list item."""
    for prefix in ("", "- ", "before "):
        shown, elements = as_text(prefix + escape_markdown(text))
        assert shown.removeprefix("before ") == text
        assert elements <= {"p", "ul", "li"}


@settings(max_examples=150)
@given(st.text(st.sampled_from("ab1. #*_-+=[]()<>!&;:/\\`~|\"'"), max_size=30))
def test_escaping_any_clean_text_keeps_it_literal(text):
    """The rendered text is the clean text, whatever punctuation it holds."""
    shown, elements = as_text("x " + escape_markdown(clean(text)))
    assert shown == ("x " + clean(text)).strip()
    assert elements <= {"p"}


def test_angle_brackets_become_entities():
    """Dialects that ignore a backslash before a bracket show it all the same."""
    assert escape_markdown("<b> &lt;") == "&lt;b&gt; &amp;lt;"


def test_plain_titles_stay_readable():
    """Ordinary punctuation is not littered with backslashes."""
    title = "Customs seize 1,680 kg (1.7 t) of scales - worth $2m, 40% more; who pays?"
    assert escape_markdown(title) == title


@pytest.mark.parametrize(
    "url",
    ["https://ledger.example/a_(b)?c=<d>&copy;=1", 'https://ledger.example/"x"', "https://ledger.example/ä*_[x]"],
)
def test_an_address_survives_between_brackets(url):
    """The link of rendered Markdown leads to the address, percent-encoded where needed."""
    (inline,) = [t for t in MarkdownIt("commonmark").parse(f"[t]({markdown_address(url)})") if t.type == "inline"]
    assert inline.children is not None
    href = str(inline.children[0].attrs["href"])
    assert len(inline.children) == 3
    assert href.startswith("https://ledger.example/")
    assert "copy;" in href or "copy" not in url
