"""What a sentence encoder made of items, for the pair score across languages."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

_MEANINGS = """
create table encoders (           -- the sentence encoder in use: its vectors are never compared with those of another
  id integer primary key, name text not null, version text not null,
  items integer not null, total blob not null,  -- how many vectors it made, and their sum (64-bit floats)
  unique (name, version)) strict;
create table meanings (           -- the vector (16-bit floats) of an item, and the hash of the text that it was made of
  item_id integer primary key references items(id), encoder_id integer not null references encoders(id),
  text_hash text not null, vector blob not null) strict;
create index meanings_by_encoder on meanings (encoder_id);
"""


@migrations()
def m013_meanings(db: Database) -> None:
    """Keep vectors with the name and version of the encoder that made them."""
    for statement in statements(_MEANINGS):
        db.execute(statement)
