from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import date
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from digest_builders import at, copy, digest_input, health, item, story
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from monitor.digest.composed import Digest
from monitor.digest.outside import clean
from monitor.digest.render import html, json_text, markdown
from monitor.digest.select import compose
from monitor.model import Edition, LatePiece, SourceState, StatedFigure, StoryChange, Watched

#: what the pieces of the small digest say of the find
KILOS = {
    1: (StatedFigure(380.0, "kg", "heroin", "Officers found 380 kilograms of heroin among pistachios."),),
    5: (StatedFigure(420.0, "kg", "heroin", "Gümrükte 420 kilo eroin bulundu."),),
}
#: what became of an earlier digest
AFTER = {
    "changes": (
        StoryChange(1, date(2026, 11, 17), "merged", 12, 12, "Duty on parcels", 40, None, 9, "merged into story 9"),
        StoryChange(2, date(2026, 11, 17), "lead", 9, 9, "Ministers meet", 41, 6, None, "the earliest piece"),
    ),
    "late": (
        LatePiece(date(2026, 11, 18), 50, "Port Gazette", "Crane falls", "https://port-gazette.example/50", "en", 60),
    ),
}
GOLDEN = Path(__file__).parent / "golden"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](javascript:alert(1))",
    "![pixel](https://other.example/pixel.png)",
    "<https://other.example> https://other.example",
    "# not a heading",
    "1. not a list",
    "a | b | c",
    "two\nlines\r\n\r\n## and a heading",
    "\u202egnp.exe\u202c \u2066isolate\u2069 \u200b",
    "nul \0 bell \x07 escape \x1b[31m",
    "lone \ud800 surrogate",
    "{{ 7 * 7 }} {% raw %}",
    "</style></title><svg onload=alert(1)>",
    "&lt;b&gt; &amp;copy;",
    "x" * 10_000,
    "word " * 2_000,
]


def small() -> Digest:
    """Return a small digest with each of its parts."""
    find = (
        "Customs officers at the port of Alat found 380 kilograms of heroin among pistachios, the committee said.\n"
        "The container had crossed the Caspian by ferry from Turkmenbashi. He gave no details.\nFollow us!"
    )
    stories = [
        story(
            17,
            item(1, title="Officers at Alat find 380 kg of heroin among pistachios", text=find, relevance=9.0),
            item(2, "Customs Committee", official=True, published_at=at("19 07:58"), title="Heroin seized at Alat"),
            copy(3, 1, "Hazar Wire", title="Officers at Alat find 380 kg of heroin among pistachios [PHOTO]"),
            copy(4, 1, "Polski Puls", spun=True, lang="pl", url="ftp://polski-puls.example/4", title="380 kg heroiny"),
            item(5, "Anadolu Post", lang="tr", published_at=at("19 00:00"), published_has_time=False, title="Eroin"),
            edition=Edition(3, "Operation Net", "V", 9, "IV"),
        ),
        story(
            9,
            item(6, "Brussels Courier", published_at=at("16 09:00"), title="Ministers back flat duty on parcels"),
            item(
                7,
                "Port Gazette",
                title="Posts ask for delay",
                text="Nineteen postal operators asked for a delay of one year.",
            ),
            last_digest_date=date(2026, 11, 17),
            edition=Edition(3, "Operation Net", "IV", next_story_id=17, next_label="V"),
        ),
        story(30, item(8, "Nordic Toll", published_at=None, url=None, title="Toll office moves")),
        story(31, copy(9, 77, "Nordic Toll", title="New quay opens")),
    ]
    sources = [
        health("Caspian Ledger", SourceState.FAILING, since_at=at("20 00:00"), reason="503 from server"),
        health("Port Gazette", items=1),
        health("Hazar Wire", SourceState.NEW, since_at=None),
    ]
    stories[0] = replace(
        stories[0], items=tuple(replace(piece, figures=KILOS.get(piece.item_id, ())) for piece in stories[0].items)
    )
    watched = (
        Watched("Net operations", ("series:net", "heroin lang:en"), frozenset({17, 9})),
        Watched("Wood", ("timber",), frozenset()),
    )
    return compose(
        digest_input(stories, sources, left_out={"published long before": 2}, watchlists=watched, **AFTER), top=1
    )


def hostile(text: str) -> Digest:
    """Return a digest in which everything from outside is hostile."""
    sentence = f"The port of Alat opened {text} on Thursday with a brass band and flags."
    bad = {"outlet_name": text, "title": text, "text": sentence, "url": text, "lang": text}
    told = [{"figures": (StatedFigure(kilos, "kg", "gold" + text, text[:250]),)} for kilos in (300.0, 500.0)]
    pieces = [item(1, **bad, **told[0]), item(2, "B", **bad, **told[1]), copy(3, 1, "C", **bad)]
    again = story(2, item(4, **bad), item(5, "D", **bad), last_digest_date=date(2026, 11, 17))
    return compose(
        digest_input(
            [
                story(1, *pieces, edition=Edition(1, text, text, 2, text)),
                again,
                story(3, item(6, **bad)),
                story(4, item(7)),
            ],
            [
                health(text, SourceState.FAILING, reason=text, source_id=text),
                health("a", SourceState.NEW, reason=text),
                health(text, source_id="b"),
            ],
            left_out={text: 1},
            changes=(StoryChange(1, date(2026, 11, 17), "split", 5, 4, text, 1, None, 4, text),),
            late=(LatePiece(date(2026, 11, 17), 9, text, text, text, text, 4),),
            watchlists=(Watched(text, (text, "b"), frozenset({1, 3})), Watched("w", (text,), frozenset())),
        ),
        top=1,
    )


@pytest.mark.parametrize(("name", "write"), [("small.md", markdown), ("small.json", json_text)])
def test_a_small_digest_reads_as_agreed(name, write):
    """The golden files hold the words; set UPDATE_GOLDEN to write them anew, then read the difference."""
    written = write(small())
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_text(written, encoding="utf-8", newline="\n")
    assert written == (GOLDEN / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert_in_html(text):
    """No element, attribute or address of the page comes from outside, and titles have a sane length."""
    page = html(hostile(text))
    page.encode()
    tree = lxml_html.document_fromstring(page)
    assert not tree.xpath("//script | //img | //svg | //iframe | //object | //embed | //base | //form | //*[@style]")
    for element in tree.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert "javascript:" not in value.replace(" ", "").lower()
    assert len(tree.xpath("//style")) == 1
    hrefs = tree.xpath("//a/@href")
    assert all(href.startswith(("#", "https://caspian-ledger.example/")) for href in hrefs)
    assert set(re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", page)) == set()
    assert all(len(title) <= 300 for title in tree.xpath("//h3/text() | //bdi/text() | //b/text()"))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert_in_markdown(text):
    """Rendered with HTML allowed, the Markdown holds only what the templates put into it."""
    written = markdown(hostile(text))
    written.encode()
    tree = lxml_html.document_fromstring(MarkdownIt("commonmark", {"html": True}).render(written))
    allowed = {"html", "body", "h1", "h2", "h3", "p", "ul", "ol", "li", "strong", "a"}
    assert {str(element.tag) for element in tree.iter()} <= allowed
    assert all(href.startswith("https://caspian-ledger.example/") for href in tree.xpath("//a/@href"))
    assert tree.xpath("//h2/text()") == [
        "Top stories",
        "Developing",
        "Single-outlet stories",
        "Watchlists",
        "Corrections to earlier digests",
        "Left out",
        "Sources",
    ]
    assert set(re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]", written)) == set()


def strings(value):
    """Yield every text inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_inert_in_json(text):
    """Every text is clean and of a sane length; an address that may not be followed is null."""
    written = json_text(hostile(text))
    written.encode()

    document = json.loads(written)
    assert all(found == clean(found) and len(found) <= 600 for found in strings(document))
    assert {line["url"] for line in document["sections"][0]["entries"][0]["reports"]} == {None}


def test_a_long_title_ends_in_an_ellipsis():
    """Ten thousand characters become three hundred in each format."""
    digest = hostile("x" * 10_000)
    for written in (markdown(digest), html(digest), json_text(digest)):
        assert "x" * 299 + "…" in written
        assert "x" * 300 not in written


def test_the_page_asks_nothing_of_the_network():
    """No script, one style element, a policy that forbids everything else, links only to outlets and into the page."""
    tree = lxml_html.document_fromstring(html(small()))
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert not tree.xpath("//script | //*[@src] | //link[not(@href='data:,')]")
    css = tree.xpath("//style/text()")[0]
    assert "url(" not in css
    assert "@import" not in css
    outside = tree.xpath("//a[not(starts-with(@href, '#'))]")
    assert outside
    assert {link.get("rel") for link in outside} == {"noopener noreferrer nofollow"}


def test_the_page_is_well_built():
    """Landmarks, a skip link, headings in order, unique ids, and every inner link leads somewhere."""
    tree = lxml_html.document_fromstring(html(small()))
    assert [len(tree.xpath(f"//{name}")) for name in ("header", "nav", "main", "footer", "h1")] == [1] * 5
    assert tree.xpath("//body/a[1]/@href") == ["#stories"]
    assert tree.xpath("/html/@lang") == ["en"]
    levels = [int(str(e.tag)[1]) for e in tree.iter("h1", "h2", "h3", "h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in tree.xpath("//a/@href") if href.startswith("#")} <= set(ids)
    labels = [label for found in tree.xpath("//@aria-labelledby") for label in found.split()]
    assert set(labels) <= set(ids)


def test_citations_lead_to_the_piece_they_quote():
    """The number behind a sentence links to the report with that number."""
    tree = lxml_html.document_fromstring(html(small()))
    cites = tree.xpath("//article[@id='story-17']/p[@class='telling']/a[@class='cite']")
    assert [(cite.text, cite.get("href")) for cite in cites] == [("[2]", "#story-17-2")] * 2
    assert "Caspian Ledger" in tree.get_element_by_id("story-17-2").text_content()


def test_differing_figures_stand_beside_their_sentences():
    """Page and Markdown show each figure with its outlet, its sentence and the number of the piece."""
    tree = lxml_html.document_fromstring(html(small()))
    rows = tree.xpath("//div[@class='differing']//dl/div")
    assert [" ".join(" ".join(row.itertext()).split()) for row in rows] == [
        "380 kg Caspian Ledger Officers found 380 kilograms of heroin among pistachios. [2]",
        "420 kg Anadolu Post Gümrükte 420 kilo eroin bulundu. [3]",
    ]
    assert [row.xpath(".//a/@href") for row in rows] == [["#story-17-2"], ["#story-17-3"]]
    assert "- **420 kg**, Anadolu Post: Gümrükte 420 kilo eroin bulundu. [3]" in markdown(small())


def test_watchlists_lead_to_their_stories():
    """Each watchlist says what it searches for, links to its stories and says when there is none."""
    tree = lxml_html.document_fromstring(html(small()))
    first, second = tree.xpath("//section[@aria-labelledby='watchlists']/div[@class='watchlist']")
    assert first.xpath("ul/li/a/@href") == ["#story-17", "#story-9"]
    assert first.xpath(".//code/text()") == ["series:net", "heroin lang:en"]
    assert "No story of this digest matches." in second.text_content()
    assert "### Wood: 0 stories" in markdown(small())


def test_copies_are_folded_and_named():
    """The page hides copies in a details element that says how many there are."""
    (folded,) = lxml_html.document_fromstring(html(small())).xpath("//details")
    assert folded.xpath("summary/text()") == ["1 reprint, 1 spun copy"]
    text = " ".join(folded.text_content().split())
    assert "Hazar Wire" in text
    assert "reprint, Jaccard 97%, containment 99%" in text
    assert "spun copy (words replaced), Jaccard 41%, containment 63%" in text


def test_times_are_readable_and_exact():
    """People read the digest's zone, machines UTC; a day without time stays a day."""
    page = html(small())
    assert '<time datetime="2026-11-19T07:58:00Z">19 Nov 11:58</time>' in page
    assert '<time datetime="2026-11-19">19 Nov</time>' in page
    assert "Asia/Baku (UTC+04:00)" in page


def test_editions_link_to_each_other_where_both_are_shown():
    """An edition in the same digest is a link, one elsewhere only a name."""
    tree = lxml_html.document_fromstring(html(small()))
    assert tree.xpath("//article[@id='story-17']/p[@class='note']/a/@href") == ["#story-9"]
    alone = compose(digest_input([story(1, item(1), edition=Edition(1, "Session", "88th", 12, "87th"))]))
    (note,) = lxml_html.document_fromstring(html(alone)).xpath("//p[@class='note']")
    assert " ".join(note.text_content().split()) == "Session: 88th, previous: 87th, story 12."
    assert not note.xpath(".//a")


def test_an_empty_day_still_shows_the_sources():
    """Every format of an empty digest names the source that fails."""
    empty = compose(digest_input(sources=[health("Caspian Ledger", SourceState.FAILING, reason="503 from server")]))
    for written in (markdown(empty), html(empty)):
        assert "No stories today: nothing about customs came in." in written
        assert "503 from server" in written
        assert "1 of 1 source needs attention." in written
    assert json.loads(json_text(empty))["health"]["problems"][0]["reason"] == "503 from server"


def test_a_section_beyond_a_limit_of_none_is_a_list():
    """With a limit of zero everything is still there, one line each."""
    digest = compose(digest_input([story(1, item(1)), story(2, item(2))]), top=0)
    assert "### In one line each" in markdown(digest)
    assert len(lxml_html.document_fromstring(html(digest)).xpath("//div[@class='brief']//li")) == 2


def test_an_untitled_piece_is_called_untitled():
    """An empty title leaves no empty heading or link."""
    digest = compose(digest_input([story(1, item(1, title=""))]))
    assert "### (untitled)" in markdown(digest)
    assert "[(untitled)](https://caspian-ledger.example/news/1)" in markdown(digest)
    assert lxml_html.document_fromstring(html(digest)).xpath("//h3/text()") == ["(untitled)"]


TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def described(value, schema, root, path="$"):
    """Hold a JSON value against the part of JSON Schema that the description uses; return what does not fit."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        return min((described(value, one, root, path) for one in schema["anyOf"]), key=len)
    wrong = [] if value in schema.get("enum", [schema.get("const", value)]) else [f"{path}: {value!r}"]
    names = schema.get("type", list(TYPES))
    if not any(isinstance(value, TYPES[name]) for name in ([names] if isinstance(names, str) else names)):
        wrong.append(f"{path}: {value!r} is no {names}")
    elif isinstance(value, list):
        wrong += [p for n, part in enumerate(value) for p in described(part, schema["items"], root, f"{path}[{n}]")]
    elif isinstance(value, dict):
        known = schema["properties"]
        wrong += [f"{path}: {key}" for key in (value.keys() ^ known.keys()) | (set(schema["required"]) ^ known.keys())]
        wrong += [p for key in value.keys() & known for p in described(value[key], known[key], root, f"{path}.{key}")]
    return wrong


def test_the_check_of_the_schema_finds_what_is_wrong():
    """A missing key, an unknown key and a wrong type are all found."""
    schema = {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "integer"}, "b": {"const": 1}}}
    assert described({"a": 1, "b": 1}, schema, schema) == []
    assert len(described({"a": "x", "c": 1}, schema, schema)) == 3


@pytest.mark.parametrize("digest", [small(), hostile("x"), compose(digest_input())], ids=["small", "hostile", "empty"])
def test_the_json_is_as_its_schema_says(digest):
    """Every key is described, every described key is there, and each value has its type."""
    schema = json.loads((resources.files("monitor.digest") / "digest.schema.json").read_text(encoding="utf-8"))
    assert described(json.loads(json_text(digest)), schema, schema) == []


def test_json_keys_are_sorted_and_times_are_utc():
    """Two digests can be compared line by line."""
    document = json.loads(json_text(small()))
    assert json_text(small()) == json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    assert document["window"] == {"end_at": "2026-11-20T02:00:00Z", "start_at": "2026-11-19T02:00:00Z"}


def luminance(colour):
    """Return the relative luminance of a colour such as "#1e1c19" (WCAG 2.2)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_colours_have_contrast_in_light_and_dark():
    """Every text colour reaches 4.5 to 1 on paper and on panels (WCAG 2.2, 1.4.3)."""
    css = lxml_html.document_fromstring(html(compose(digest_input()))).xpath("//style/text()")[0]
    schemes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{[^}]*\}", css)[:2]]
    assert len(schemes) == 2
    for scheme in schemes:
        for ground in ("paper", "panel"):
            for text in ("ink", "soft", "accent", "alert"):
                low, high = sorted((luminance(scheme[ground]), luminance(scheme[text])))
                assert (high + 0.05) / (low + 0.05) >= 4.5, (ground, text, scheme)
