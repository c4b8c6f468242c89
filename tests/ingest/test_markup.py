"""HTML becomes lines of text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.markup import lines_of, parse_fragment, strip_markup, texts_of


def texts(markup: str) -> list[str]:
    """Return the lines of a piece of HTML."""
    return [line.text for line in lines_of(parse_fragment(markup))]


def test_blocks_and_breaks_end_lines() -> None:
    """Paragraphs, cells, list items and breaks end a line; inline elements do not."""
    markup = "a<b>b</b>c<p>d<br>e</p><ul><li>f<li>g</ul><table><tr><td>h</td><td>i</td></tr></table>k<!-- x -->l"
    assert texts(markup) == ["abc", "d", "e", "f", "g", "h", "i", "kl"]


def test_scripts_styles_and_hidden_parts_leave_nothing() -> None:
    """What a reader does not see is not in the text, what follows it is."""
    hidden = "<script>a()</script><style>b{}</style><noscript>c</noscript><template>d</template><textarea>e</textarea>"
    hidden += '<p hidden>f</p><p style="display: NONE">g</p><svg><text>h</text></svg><?pi i?>'
    assert texts(f"<p>one{hidden}</p>two") == ["one", "two"]


def test_preformatted_text_keeps_its_lines() -> None:
    """Line breaks count inside pre and nowhere else."""
    assert texts("<pre>a\nb <b>c\nd</b></pre>e\nf") == ["a", "b c", "d", "e f"]


def test_time_is_set_apart() -> None:
    """A date that only the style sheet keeps apart from a name does not stick to it."""
    assert texts("<span>Jane Doe</span> <time>1 June</time><span>Larkhaven</span>") == ["Jane Doe 1 June Larkhaven"]


def test_linked_lines_are_marked() -> None:
    """A line is linked when nothing in it stands outside links."""
    lines = lines_of(parse_fragment('<p><a href="/1">One</a> <a href="/2">Two</a></p><p>By <a href="/3">Jane</a></p>'))
    assert [(line.text, line.linked) for line in lines] == [("One Two", True), ("By Jane", False)]


def test_strip_markup_reads_entities_and_plain_text() -> None:
    """Entities become characters, control characters go, plain text with signs stays as it is."""
    assert strip_markup("A &amp; B<br/>C&nbsp;D") == "A & B\nC D"
    assert strip_markup("rate < 5 & > 3\n\n  next ") == "rate < 5 & > 3\nnext"
    assert strip_markup("a\x00b\x07c\u202ed\ufeff") == "abcd"
    assert strip_markup("<p>a\u202eb</p>") == "ab"


@given(st.text(alphabet=st.sampled_from("<>/abp &;#x!-\"'=\n\x00é\ud800"), max_size=80))
@settings(max_examples=300)
def test_any_markup_becomes_clean_lines(markup: str) -> None:
    """Whatever is called HTML, lines come out, without control characters, empty ones or script."""
    text = strip_markup(f"<script>evil()</script>{markup}")
    assert "evil" not in text
    assert all(line == line.strip() and line for line in text.splitlines())
    assert not any(ord(char) < 32 and char != "\n" for char in text)
    text.encode()


def test_the_beginning_alone_may_be_read() -> None:
    """Of a large tree the first lines or texts can be had without walking through the rest."""
    root = parse_fragment("<p>One <b>two</b></p> <p>three</p><script>x</script><p>four</p>" * 1000)
    assert [line.text for line in lines_of(root, 12)][:2] == ["One two", "three"]
    assert len(lines_of(root, 12)) < 6
    assert texts_of(root, 4) == ["One ", "two", "three", "four"]
