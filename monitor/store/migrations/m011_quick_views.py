"""Views that answer for one story, or a page of them, without reading all."""

from __future__ import annotations

from sqlite_utils import Database

from monitor.store.migrations.registry import migrations, statements

# of an aggregating view SQLite makes every row before it joins one: 3 s with a million items. These columns are looked
# up for the rows, and the columns, that are asked for.
_QUICK = """
drop view v_stories;

create view v_stories as
  select s.id as story_id, l.title as headline, s.lead_item_id,
    (select count(*) from story_items si where si.story_id = s.id) as items,
    (select count(distinct o.family) from story_items si join items i on i.id = si.item_id
      join outlets o on o.id = i.outlet_id where si.story_id = s.id) as outlets,
    (select count(*) from story_items si where si.story_id = s.id and si.role in ('reprint', 'spun')) as copies,
    (select min(coalesce(i.published_at, i.first_seen_at)) from story_items si join items i on i.id = si.item_id
      where si.story_id = s.id) as first_published_at,
    (select max(coalesce(i.published_at, i.first_seen_at)) from story_items si join items i on i.id = si.item_id
      where si.story_id = s.id) as last_published_at,
    (select group_concat(distinct i.lang) from story_items si join items i on i.id = si.item_id
      where si.story_id = s.id) as langs,
    (select max(i.listed_at) from story_items si join items i on i.id = si.item_id
      where si.story_id = s.id) as last_listed_at,
    e.name as series, s.edition, s.split_from, s.created_at
  from stories s join items l on l.id = s.lead_item_id left join series e on e.id = s.series_id
  where s.merged_into is null and exists (select 1 from story_items si where si.story_id = s.id);

create index polls_by_run on polls (run_id);
"""


@migrations()
def m011_quick_views(db: Database) -> None:
    """Make `v_stories` look its figures up, so that one story costs one story; find the polls of a run."""
    for statement in statements(_QUICK):
        db.execute(statement)
