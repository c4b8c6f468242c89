"""Blocks that one outlet repeats."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.ingest.boilerplate import PAGES_COUNTED, block_hash, blocks, candidates, furniture, kinds, strip

TEXT = "Customs guards the harbour.\n\n  The hall   opened.\nFollow us\n"


def test_blocks_are_the_lines() -> None:
    """Each line with something in it is a block."""
    assert blocks(TEXT) == ("Customs guards the harbour.", "The hall opened.", "Follow us")


def test_hash_ignores_case_spacing_and_punctuation() -> None:
    """A block is known again in another guise, another block is not, and the hash fits into a column."""
    assert block_hash("Follow  us!") == block_hash("FOLLOW US") != block_hash("Follow me")
    values = [block_hash(str(number)) for number in range(200)]
    assert all(-(2**63) <= value < 2**63 for value in values)
    assert min(values) < 0 < max(values)


def test_repetition_needs_three_items_and_a_share() -> None:
    """Two items are chance; from fifteen items on a fifth of them is needed, and twelve are always enough."""
    assert candidates({1: 2}, 2) == set()
    assert candidates({1: 3, 2: 2}, 3) == {1}
    assert candidates({1: 9, 2: 10}, 50) == {2}
    assert candidates({1: 11, 2: 12}, 5000) == {2}


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


SLOGAN = "The customs service guards the wealth of the country."
CRIMES = [
    "Officers at the quay found forty kilos of cocaine behind bananas in a reefer from the south.",
    "A new scanner for lorries was handed over at the northern crossing by the ministry on Monday.",
    "Exporters of walnuts may now send their declarations by telephone, the portal operator announced.",
]
NOTICE = (
    "Monthly notice number {n}: the service collected {n} million in duties and {n} million in excise from importers."
)
STANDING = "All figures are provisional and may be corrected in the yearbook of the service."


def hashes(*texts: str) -> set[int]:
    """Return the hashes of some blocks."""
    return {block_hash(text) for text in texts}


def test_what_stands_on_different_kinds_of_text_is_furniture() -> None:
    """A slogan over reports on different events is furniture, as it is written."""
    texts = [f"{SLOGAN}\n{text}" for text in CRIMES]
    assert furniture(hashes(SLOGAN), texts) == {block_hash(SLOGAN): SLOGAN}
    assert furniture(hashes(SLOGAN), texts[:2]) == {}


def test_the_standing_text_of_a_notice_is_text() -> None:
    """What only the editions of one recurring notice share is not furniture, however many there are."""
    texts = [f"{NOTICE.format(n=n)}\n{STANDING}" for n in range(3, 20)]
    assert furniture(hashes(STANDING), texts) == {}
    assert furniture(hashes(STANDING), [*texts, *(f"{STANDING}\n{text}" for text in CRIMES)]) != {}


def test_the_paragraphs_of_a_reprint_are_text() -> None:
    """A report that an outlet publishes four times, with or without a line of its own, is not eaten."""
    copies = ["\n".join([*CRIMES, f"Desk {n}"]) for n in range(4)]
    assert furniture(hashes(*CRIMES), copies) == {}


def test_kinds_are_counted_as_far_as_needed() -> None:
    """Alike texts are one kind, texts of next to no words none, and nobody counts further than three."""
    assert kinds([]) == kinds(["too short", "as well"]) == 0
    assert kinds([NOTICE.format(n=n) for n in range(5)]) == 1
    assert kinds([*CRIMES, NOTICE]) == 3


def test_the_lead_of_a_story_stays_in_its_own_text() -> None:
    """A teaser that stands beside other stories is kept where the title tells of the same thing."""
    lead = CRIMES[1]
    repeated = hashes(lead, SLOGAN)
    assert strip(f"{SLOGAN}\n{lead}\nIt cost a million.", repeated, "New scanner for lorries at the crossing") == (
        f"{lead}\nIt cost a million.",
        (SLOGAN,),
    )
    assert strip(f"{lead}\nIt cost a million.", repeated, "Walnuts by telephone")[1] == (lead,)


@given(st.dictionaries(st.integers(0, 20), st.integers(1, 80)), st.integers(0, 500))
def test_items_beyond_the_counted_ones_change_nothing(counts: dict[int, int], pages: int) -> None:
    """Counting the items of an outlet may stop at the bound."""
    bounded = candidates(counts, min(pages, PAGES_COUNTED))
    assert bounded == candidates(counts, pages)
