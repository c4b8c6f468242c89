"""A user's own templates: they take the place of shipped ones, can do no harm, and are told where they are wrong."""

from __future__ import annotations

import pytest
from digest_builders import digest_input, item, story

from monitor.digest import phrases, templating
from monitor.digest.render import html, json_text, markdown
from monitor.digest.select import compose
from monitor.errors import ConfigError

HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) {{ 7 * 7 }}"
LOOP = "{% for section in digest.sections %}{% for entry in section.entries %}EXPRESSION{% endfor %}{% endfor %}"
TEXT = "Officers of the Port of Caspia found nine tonnes of copper wire in a shed on Monday."


def digest():
    """Return a digest of one story with a hostile title."""
    return compose(digest_input([story(7, item(1, title=HOSTILE, text=TEXT))]))


def test_own_template_takes_the_place_of_a_shipped_one():
    """A file of a shipped name is used in its place, and the others stay as they are, byte for byte."""
    own = (("entry.md.j2", "* {{ entry.headline }}, {{ say.count(entry.outlets, 'outlet', 'outlets') }}\n"),)
    written = markdown(digest(), own)
    assert "1 outlet\n" in written
    assert written.splitlines()[0] == markdown(digest()).splitlines()[0]
    assert html(digest(), own) == html(digest())
    assert markdown(digest(), own) == written
    assert "entry.md.j2" in templating.shipped()


def test_own_templates_can_include_each_other_and_the_style():
    """A folder may hold parts under names of its own, and the style of the page."""
    own = (
        ("digest.css", "body { color: teal }"),
        ("entry.html.j2", '{% include "part.j2" %}'),
        ("part.j2", "<p>mine</p>"),
    )
    page = html(digest(), own)
    assert "<p>mine</p>" in page
    assert "color: teal" in page
    assert "--paper" not in page


@pytest.mark.parametrize(
    "expression",
    ["{{ entry.headline }}", "{{ entry.headline | e }}", "{{ entry.headline | whole }}", "{{ entry.headline ~ '' }}",
     "{% set x %}{{ entry.headline }}{% endset %}{{ x }}", "{{ '%s' | format(entry.headline) }}",
     "{{ [entry.headline] | join('<b>' | e) }}", "{{ entry.headline | replace('x', '<') }}",
     "{% macro m(t) %}{{ t }}{% endmacro %}{{ m(entry.headline) }}", "{{ entry.headline | indent }}"],
)  # fmt: skip
def test_own_templates_print_harmless_text(expression):
    """Whatever way an own template prints a title, no element, link or expression comes of it."""
    body = LOOP.replace("EXPRESSION", expression)
    assert "<script" not in html(digest(), (("digest.html.j2", body),))
    written = markdown(digest(), (("digest.md.j2", body),))
    assert "<script" not in written
    assert "[x](javascript" not in written
    assert "{{ 7 \\* 7 }}" in written or "{{ 7 * 7 }}" not in written


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("one\n{{ entry.headlin }", "digest.md.j2:2: "),
        ("\n\n{{ digest.nothing }}", "digest.md.j2:3: 'monitor.digest.composed.Digest object' has no attribute 'nothing'"),
        ("{{ nothing }}", "digest.md.j2:1: 'nothing' is undefined"),
        ("\n{{ 1 // 0 }}", "digest.md.j2:2: integer division or modulo by zero"),
        ("{{ digest.timezone | safe }}", "digest.md.j2:1: No filter named 'safe'"),
        ("\n{% autoescape false %}{{ 1 }}{% endautoescape %}", "digest.md.j2:2: escaping cannot be switched off"),
        ("{{ ''.__class__.__mro__ }}", "digest.md.j2:1: access to attribute '__class__'"),
        ("{{ when.func.__globals__ }}", "digest.md.j2:1: access to attribute '__globals__'"),
        ("{% for n in range(10 ** 9) %}{% endfor %}", "digest.md.j2:1: Range too big"),
        ('{% include "missing.j2" %}', "there is no template 'missing.j2'"),
        ('{% include "digest.md.j2" %}', "digest.md.j2:1: maximum recursion depth exceeded"),
        ("{{ say.math }}", "digest.md.j2:1: 'types.SimpleNamespace object' has no attribute 'math'"),
    ],
)  # fmt: skip
def test_wrong_template_is_named_with_its_line(body, said):
    """What is wrong with an own template is said in one line with its name and line."""
    with pytest.raises(ConfigError) as raised:
        markdown(digest(), (("digest.md.j2", body),))
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_what_goes_wrong_outside_own_templates_is_a_bug():
    """An error that no line of an own template caused passes as it is."""
    with pytest.raises(AttributeError):
        markdown(None)  # type: ignore[arg-type]
    with pytest.raises(templating.TemplateNotFound):
        templating.render("nothing", (), {})
    with pytest.raises(templating.TemplateSyntaxError), templating._explained({"a.j2": ""}):
        templating.environment("md").from_string("{{")
    with pytest.raises(ZeroDivisionError), templating._explained({"a.j2": ""}):
        1 / 0  # noqa: B018 - it is to fail


def test_templates_speak_with_the_words_of_phrases_only():
    """What templates call comes from `phrases` itself, not from what that imports."""
    words = vars(templating.words_of(phrases))
    assert words["OFFICIAL"] == phrases.OFFICIAL
    assert {"math", "ZoneInfo", "clean", "annotations", "_days"}.isdisjoint(words)
    assert json_text(digest())
