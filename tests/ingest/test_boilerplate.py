"""Blocks that one outlet repeats."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.boilerplate import block_hash, blocks, furniture, strip

TEXT = "Customs guards the harbour.\n\n  The hall   opened.\nFollow us\n"


def test_blocks_are_the_lines() -> None:
    """Each line with something in it is a block."""
    assert blocks(TEXT) == ["Customs guards the harbour.", "The hall opened.", "Follow us"]


def test_hash_ignores_case_spacing_and_punctuation() -> None:
    """A block is known again in another guise, another block is not, and the hash fits into a column."""
    assert block_hash("Follow  us!") == block_hash("FOLLOW US") != block_hash("Follow me")
    values = [block_hash(str(number)) for number in range(200)]
    assert all(-(2**63) <= value < 2**63 for value in values)
    assert min(values) < 0 < max(values)


def test_repetition_needs_three_items_and_a_share() -> None:
    """Two items are chance; from fifteen items on a fifth of them is needed, and twelve are always enough."""
    assert furniture({1: 2}, 2) == set()
    assert furniture({1: 3, 2: 2}, 3) == {1}
    assert furniture({1: 9, 2: 10}, 50) == {2}
    assert furniture({1: 11, 2: 12}, 5000) == {2}


def test_strip_takes_the_blocks_out() -> None:
    """Repeated blocks go and are named, the rest stays in order."""
    repeated = {block_hash("customs guards the harbour"), block_hash("Follow us")}
    assert strip(TEXT, repeated) == ("The hall opened.", ("Customs guards the harbour.", "Follow us"))


def test_strip_never_takes_everything() -> None:
    """A text that consists of repeated blocks, or of them and a stroke, stays as it is."""
    repeated = {block_hash(block) for block in blocks(TEXT)}
    assert strip(TEXT, repeated) == (TEXT, ())
    assert strip(f"{TEXT}\n---", repeated - {block_hash("---")}) == (f"{TEXT}\n---", ())
    assert strip("", set()) == ("", ())


@given(st.lists(st.text(max_size=12), max_size=8), st.sets(st.integers(0, 7)))
@settings(max_examples=150)
def test_kept_and_removed_are_the_text(lines: list[str], chosen: set[int]) -> None:
    """Nothing is added or lost: the blocks of a text are those kept and those removed."""
    text = "\n".join(lines)
    all_blocks = blocks(text)
    repeated = {block_hash(all_blocks[number]) for number in chosen if number < len(all_blocks)}
    kept, removed = strip(text, repeated)
    assert sorted([*blocks(kept), *removed]) == sorted(all_blocks)
    assert all(block_hash(block) in repeated for block in removed)
