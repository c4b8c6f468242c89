"""The first schema: every table and view, and the two full-text indexes."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

_TABLES = """
create table outlets (            -- publishers and brands; outlets of one family never corroborate each other
  id text primary key, name text not null, family text not null) strict;

create table sources (            -- one address polled on a schedule, with how it is doing
  id text primary key, outlet_id text not null references outlets(id), url text not null, kind text not null,
  lang text, official integer not null, trusted integer not null, interval_s integer not null,
  configured integer not null default 1,   -- 0: no longer in the configuration, not polled
  state text not null default 'new', reason text, since_at text, next_check_at text,
  etag text, last_modified text,
  body_hash text,                 -- of the last body parsed with success; null after a failed parse
  failures integer not null default 0, last_polled_at text, last_ok_at text, last_new_at text, moved_to text) strict;

create table runs (               -- one pass or import
  id integer primary key, kind text not null, started_at text not null, ended_at text, note text) strict;
create index runs_by_time on runs (started_at);

create table polls (              -- one poll of one source in a run
  id integer primary key, run_id integer not null references runs(id), source_id text not null references sources(id),
  result text not null, http_status integer, reason text, started_at text not null, ended_at text not null,
  entries integer not null, new integer not null, revised integer not null, dropped integer not null,
  -- the source's condition after the poll, so that a digest can tell how it was on its day
  state text not null, state_reason text, since_at text, last_ok_at text, last_new_at text) strict;
create index polls_by_source on polls (source_id, started_at);
create index polls_by_time on polls (started_at);

create table left_out (           -- whatever a run could not take, with its reason: nothing is dropped in silence
  id integer primary key, run_id integer not null references runs(id), source_id text, what text not null,
  reason text not null) strict;
create index left_out_by_run on left_out (run_id);

create table items (              -- one published piece at one address
  id integer primary key, outlet_id text not null references outlets(id), external_id text, guid text, url text,
  title text not null, text text not null, text_hash text not null, text_origin text not null,
  author text, lang text,
  published_at text, published_origin text not null, published_has_time integer not null, published_evidence text,
  first_seen_at text not null, listed_at text not null,
  entry_hash text not null, page_pending integer not null, page_attempts integer not null, page_problem text,
  relevance real, relevance_terms text, relevance_reason text,
  revision integer not null default 1, revised_at text) strict;
create index items_by_listed on items (listed_at);
create index items_by_outlet on items (outlet_id, listed_at);
create index items_with_pending_page on items (id) where page_pending;
create index items_by_first_seen on items (first_seen_at);
create index items_by_url on items (url) where url is not null;
create index items_by_external on items (external_id) where external_id is not null;

create table dropped (            -- pieces the relevance stage refused
  id integer primary key, source_id text, outlet_id text not null, external_id text, url text, title text not null,
  score real not null, terms text not null, reason text not null, dropped_at text not null) strict;
create index dropped_by_time on dropped (dropped_at);
create index dropped_by_source on dropped (source_id);

create table item_keys (          -- every name under which a piece is known: GUID, address, title
  key text primary key, item_id integer references items(id), dropped_id integer references dropped(id))
  strict, without rowid;
create index item_keys_by_dropped on item_keys (dropped_id) where dropped_id is not null;
create index item_keys_by_item on item_keys (item_id) where item_id is not null;

create table item_sources (       -- through which sources an item was seen
  item_id integer not null references items(id), source_id text not null references sources(id),
  first_seen_at text not null,
  entry_hash text not null,       -- of the entry as this source last showed it: each outlet page has its own teaser
  primary key (item_id, source_id)) strict, without rowid;
create index item_sources_by_source on item_sources (source_id, first_seen_at);

create table revisions (          -- earlier texts of items
  item_id integer not null references items(id), revision integer not null, title text not null, text text not null,
  replaced_at text not null, primary key (item_id, revision)) strict, without rowid;

create table blocks (             -- on how many items of an outlet a text block occurs
  outlet_id text not null, block integer not null, items integer not null, primary key (outlet_id, block))
  strict, without rowid;

create table removed_blocks (     -- page furniture that was taken out of an item's text
  item_id integer not null references items(id), position integer not null, block text not null,
  primary key (item_id, position)) strict, without rowid;

create table signatures (         -- MinHash signatures; `recipe` names scheme, permutations and shingle rule
  item_id integer primary key references items(id), recipe text not null, shingles integer not null,
  hash_values blob not null) strict;

create table bands (              -- locality-sensitive hashing: items with an equal band are candidates
  band integer not null, item_id integer not null references items(id), primary key (band, item_id))
  strict, without rowid;

create table reprints (           -- verified copies, each pointing at the earliest piece of its group
  item_id integer primary key references items(id), original_item_id integer not null references items(id),
  kind text not null, jaccard real not null, containment real not null, reason text not null) strict;
create index reprints_by_original on reprints (original_item_id);

create table terms (              -- in how many items a term occurs (32-bit hash of the term)
  term integer primary key, items integer not null) strict;

create table features (           -- weighted terms of an item, one sparse vector a view
  item_id integer primary key references items(id), day real, vectors blob not null) strict;

-- small, so that counting need not read the vectors
create index features_by_day on features (day);

create table postings (           -- the rare terms of an item, by day of publication (0: undated)
  term integer not null, day integer not null, item_id integer not null references items(id),
  primary key (term, day, item_id)) strict, without rowid;
create index postings_by_item on postings (item_id);

create table marks (              -- edition marks
  item_id integer not null references items(id), position integer not null, kind text not null, head text not null,
  value text not null, label text not null, place text not null, quote text not null, subject text not null,
  primary key (item_id, position)) strict, without rowid;

create table links (              -- pairs of items that may report one event
  item_id integer not null references items(id), other_item_id integer not null references items(id),
  probability real not null, primary key (item_id, other_item_id)) strict, without rowid;
create index links_by_other on links (other_item_id);

create table series (             -- recurring events
  id integer primary key, key text not null unique, name text not null) strict;

create table stories (            -- events; an id is for ever
  id integer primary key autoincrement, lead_item_id integer not null references items(id), created_at text not null,
  merged_into integer references stories(id), split_from integer references stories(id),
  series_id integer references series(id), edition text, edition_sort text) strict;
create index stories_by_merged on stories (merged_into) where merged_into is not null;
create index stories_by_series on stories (series_id, edition_sort) where series_id is not null;

create table story_items (        -- each item is in exactly one story
  item_id integer primary key references items(id), story_id integer not null references stories(id),
  role text not null, probability real, reason text not null,
  runner_up_story_id integer references stories(id), runner_up_probability real, runner_up_reason text) strict;
create index story_items_by_story on story_items (story_id);

create table story_history (      -- every change of a story, with its reason
  id integer primary key, story_id integer not null references stories(id), at text not null, change text not null,
  item_id integer, other_story_id integer, reason text not null) strict;
create index story_history_by_story on story_history (story_id);

create table postponed (          -- entries that only their page can decide about, which could not be read yet
  key text primary key, attempts integer not null) strict, without rowid;

create table settle_queue (       -- items stored since the last settle: a killed pass is settled by the next one
  item_id integer primary key references items(id)) strict;

create table digests (            -- the ledger of digests
  digest_date text primary key, timezone text not null, start_at text not null, end_at text not null,
  written_at text not null, final integer not null, stories integer not null, items integer not null,
  sha256 text not null) strict;

create table digest_stories (     -- which stories a digest named, in order
  digest_date text not null references digests(digest_date), position integer not null,
  story_id integer not null references stories(id), items integer not null,
  primary key (digest_date, position)) strict, without rowid;
create index digest_stories_by_story on digest_stories (story_id);
"""

#: not on `items` as content: here the letters of spaceless scripts stand apart (spaceless.py)
_SPACELESS = """
create virtual table items_spaceless_fts using fts5 (
  title, text, tokenize = "unicode61 remove_diacritics 2 categories 'L* M* N* Co'");

create trigger items_spaceless_ad after delete on items begin
  delete from items_spaceless_fts where rowid = old.id; end;
"""

_VIEWS = """
create view v_items as
  select i.id as item_id, i.external_id, i.outlet_id, o.name as outlet, o.family, i.url, i.title, i.text, i.author,
    i.lang, i.published_at, i.published_origin, i.first_seen_at, i.listed_at, i.text_origin, i.page_problem,
    i.relevance, i.relevance_terms, i.revision, s.story_id, s.role
  from items i join outlets o on o.id = i.outlet_id left join story_items s on s.item_id = i.id;

create view v_stories as
  select s.id as story_id, l.title as headline, s.lead_item_id, count(*) as items,
    count(distinct o.family) as outlets, sum(si.role in ('reprint', 'spun')) as copies,
    min(coalesce(i.published_at, i.first_seen_at)) as first_published_at,
    max(coalesce(i.published_at, i.first_seen_at)) as last_published_at,
    group_concat(distinct i.lang) as langs, max(i.listed_at) as last_listed_at,
    e.name as series, s.edition, s.split_from, s.created_at
  from stories s join items l on l.id = s.lead_item_id join story_items si on si.story_id = s.id
    join items i on i.id = si.item_id join outlets o on o.id = i.outlet_id left join series e on e.id = s.series_id
  where s.merged_into is null group by s.id;

create view v_story_items as
  select i.external_id, si.item_id, si.story_id, si.role, si.probability, si.reason, si.runner_up_story_id,
    si.runner_up_probability, si.runner_up_reason, o.name as outlet, i.title, i.url,
    coalesce(i.published_at, i.first_seen_at) as at
  from story_items si join items i on i.id = si.item_id join outlets o on o.id = i.outlet_id;

create view v_reprints as
  select r.item_id, i.external_id, r.original_item_id, o.external_id as original_external_id, r.kind, r.jaccard,
    r.containment, r.reason, i.title, o.title as original_title
  from reprints r join items i on i.id = r.item_id join items o on o.id = r.original_item_id;

create view v_series as
  select e.id as series_id, e.name as series, s.id as story_id, s.edition, s.edition_sort, l.title as headline,
    lag(s.id) over w as previous_story_id, lead(s.id) over w as next_story_id
  from series e join stories s on s.series_id = e.id join items l on l.id = s.lead_item_id
  where s.merged_into is null window w as (partition by e.id order by s.edition_sort, s.id);

create view v_story_history as
  select h.id as history_id, h.story_id, h.at, h.change, h.item_id, h.other_story_id, h.reason from story_history h;

create view v_sources as
  select s.id as source_id, s.outlet_id, o.name as outlet, o.family, s.url, s.kind, s.official, s.trusted, s.configured,
    s.state, s.reason, s.since_at, s.next_check_at, s.failures, s.last_polled_at, s.last_ok_at, s.last_new_at,
    s.moved_to, (select count(*) from item_sources x where x.source_id = s.id) as items,
    (select count(*) from dropped d where d.source_id = s.id) as dropped
  from sources s join outlets o on o.id = s.outlet_id;

create view v_runs as
  select r.id as run_id, r.kind, r.started_at as run_started_at, r.ended_at as run_ended_at, r.note, p.source_id,
    p.result, p.http_status, p.reason, p.started_at, p.ended_at, p.entries, p.new, p.revised, p.dropped
  from runs r left join polls p on p.run_id = r.id;

create view v_digests as
  select d.digest_date, d.timezone, d.start_at, d.end_at, d.written_at, d.final, d.stories, d.items, d.sha256
  from digests d;
"""


@migrations()
def m001_initial(db: Database) -> None:
    """Create every table and view, the full-text index kept by triggers, and the one of spaceless scripts."""
    for script in (_TABLES, _SPACELESS, _VIEWS):
        for statement in statements(script):
            db.execute(statement)
    db.table("items").enable_fts(["title", "text"], create_triggers=True, tokenize="unicode61 remove_diacritics 2")
