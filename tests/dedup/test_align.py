"""The longest passage that two texts share, and what stands around it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.dedup.align import COMPARED_WORDS, FEWEST_WORDS, embeds, longest_shared

WORDS = st.lists(st.sampled_from(["ox", "tin", "sea", "fog", "rye", "elm"]), max_size=40)


def test_passage_and_what_differs_around_it() -> None:
    """Case and signs do not matter for what is shared; what is shown is as the texts write it."""
    one = "Port Veldt: on Monday officers found 412 kg of cocaine behind boxes of fruit, they said."
    other = "A tip helped. On MONDAY, officers found 412 kg of cocaine in a van."
    found = longest_shared(one, other)
    assert found is not None
    assert found.passage == "on Monday officers found 412 kg of cocaine"
    assert found.words == 8
    assert found.sides[0].before == "Port Veldt:"
    assert found.sides[0].after.startswith("behind boxes of fruit")
    assert (found.sides[1].before, found.sides[1].after) == ("A tip helped.", "in a van.")
    assert found.whole


def test_what_anybody_may_say_is_no_passage() -> None:
    """A few words in common are not shown."""
    assert longest_shared("he said on Monday", "she said on Monday") is None
    assert longest_shared("", "") is None


def test_scripts_without_blanks_are_compared_by_character() -> None:
    """A shared passage of Chinese is found inside its run."""
    found = longest_shared("昨日海关查获香烟八万包并扣押货车", "海关查获香烟八万包,司机被捕")
    assert found is not None
    assert found.passage == "海关查获香烟八万包"


def test_long_passages_and_long_texts_are_cut_and_say_so() -> None:
    """The middle of a long passage is left out; of a very long text only the beginning is compared."""
    text = " ".join(f"w{n}" for n in range(COMPARED_WORDS + 10))
    found = longest_shared(text, text)
    assert found is not None
    assert found.words == COMPARED_WORDS
    assert not found.whole
    assert "[…]" in found.passage
    assert found.sides[0].after.startswith(f"w{COMPARED_WORDS}")


@settings(max_examples=100)
@given(WORDS, WORDS, WORDS)
def test_a_planted_passage_is_found(before: list[str], shared: list[str], after: list[str]) -> None:
    """Whatever stands around it, a passage as long as the planted one is found, and both texts hold it."""
    planted = [f"p{n}" for n in range(FEWEST_WORDS)] + shared
    one, other = " ".join([*before, *planted]), " ".join([*planted, *after])
    found = longest_shared(one, other)
    assert found is not None
    assert found.words >= len(planted)
    start = found.passage.split(" […] ")[0]
    assert start in one
    assert start in other


def test_a_copy_among_words_of_its_own_has_the_beginning_of_its_original() -> None:
    """Half of it is one passage with which the original begins; a paragraph from further down makes no copy."""
    passage = " ".join(f"word{n}" for n in range(50))
    end = " ".join(f"end{n}" for n in range(20))
    own = "We print what our partner reports. " * 5
    assert embeds(f"{own}{passage}", f"{passage} {end}")
    assert not embeds(f"{own}{passage}", f"{end} {passage}")
    assert not embeds(f"{own * 3}{passage}", f"{passage} {end}")
    assert not embeds("word0 word1 word2", f"{passage} {end}")
