"""The web becomes items here: fetch, parse, date, extract, decide, judge; only `fetch` (with `wire`) goes online."""
