from __future__ import annotations

from digest_builders import item, story

from monitor.digest.summary import Telling, background, pick, quotable_sentences, reading_language

FIND = "Customs officers at the port of Alat found 380 kilograms of heroin on Thursday."
FIND_AGAIN = "At the port of Alat, customs officers on Thursday found 380 kilograms of heroin."
ROUTE = "The container had crossed the Caspian by ferry from Turkmenbashi."
ARREST = "Two citizens of Georgia were detained at a warehouse in Poti."
VALUE = "Heroin of such purity fetches 38 million manats, prosecutors estimate."
COURT = "A judge in Batumi ordered both suspects held for sixty days."


def told(items, *, earlier=(), limit=4, headline="Heroin", lead=1):
    """Return the texts chosen for items, given others that were told earlier."""
    everything = background([story(1, *items, *earlier)])
    telling = Telling(quotable_sentences(items, everything), lead, headline, everything, limit)
    return [candidate.text for candidate in pick(items, earlier, telling)]


def test_sentences_cover_what_the_pieces_say_without_saying_it_twice():
    """A rewording of a sentence that was chosen is left out; what is new comes in."""
    chosen = told([item(1, text=f"{FIND} {ROUTE}"), item(2, text=f"{FIND_AGAIN} {ARREST}")])
    assert chosen[0] == FIND
    assert sorted(chosen[1:]) == sorted([ARREST, ROUTE])


def test_the_first_sentence_comes_from_the_head_of_the_lead():
    """The lead says who did what, however rich other pieces are."""
    rich = f"{ROUTE} {ARREST} {VALUE} {COURT}"
    assert told([item(1, text=rich), item(2, text=FIND)], lead=2)[0] == FIND


def test_there_are_never_more_sentences_than_the_limit():
    """The limit holds, and nothing is chosen for a limit of none."""
    text = f"{FIND} {ROUTE} {ARREST} {VALUE} {COURT}"
    assert [len(told([item(1, text=text)], limit=limit)) for limit in (0, 1, 3, 4)] == [0, 1, 3, 4]


def test_the_headline_is_not_said_again():
    """A sentence that hardly goes beyond the headline is left out."""
    assert told([item(1, text=f"{FIND} {ROUTE}")], headline=FIND[:-1]) == [ROUTE]


def test_choosing_stops_when_little_is_added():
    """After two sentences, one that would bring next to nothing is not worth its place."""
    echo = "Officers at the port found heroin, and the ferry had come from Turkmenbashi."
    assert told([item(1, text=f"{FIND} {ROUTE} {echo}")]) == [FIND, ROUTE]


def test_what_was_told_before_counts_little():
    """For a developing story the sentence with new facts is chosen before the one that repeats old ones."""
    news = item(3, text=f"{FIND_AGAIN} {COURT}")
    assert told([news], limit=1) == [FIND_AGAIN]
    assert told([news], earlier=[item(1, text=f"{FIND} {ROUTE}")], limit=1) == [COURT]


def test_nothing_is_invented_for_pieces_without_text():
    """No text, no sentence."""
    assert told([item(1), item(2, text="Read more.")]) == []
    assert told([], earlier=[item(1, text=FIND)]) == []


def languages(*items, lead=1, preferred=("en",)):
    """Return the language that a story of these items is told in."""
    return reading_language(items, lead, preferred, quotable_sentences(items, background([story(1, *items)])))


def test_a_story_is_told_in_a_preferred_language_that_can_be_quoted():
    """English wins over two Russian pieces, but not when its piece has nothing to quote."""
    russian = [
        item(n, lang="ru", text="В порту Алят сотрудники таможни изъяли 382 килограмма героина.") for n in (1, 2)
    ]
    assert languages(*russian, item(3, lang="en-GB", text=FIND)) == "en"
    assert languages(*russian, item(3, lang="en-GB", text="Teaser only")) == "ru"


def test_otherwise_the_language_of_most_pieces_then_of_the_lead_decides():
    """Without a preferred language the majority counts, then the lead, then the alphabet."""
    az, ru, tr = (item(n, lang=lang) for n, lang in enumerate(("az", "ru", "tr"), 1))
    assert languages(az, ru, tr, item(4, lang="tr")) == "tr"
    assert languages(az, ru, tr, lead=2) == "ru"
    assert languages(az, ru, lead=9) == "ru"
    assert languages(item(1, lang=None)) is None


def test_words_of_copies_do_not_weigh_twice():
    """The background counts texts, not their reprints."""
    assert background([story(1, item(1, text=FIND), item(2, text=ROUTE))]).pieces == 2
