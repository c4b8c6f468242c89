"""Every migration of the state, in order; a module each, never changed once released."""

from monitor.store.migrations import (
    m001_initial,
    m002_kinds,
    m003_polite,
    m004_extract,
    m005_facts,
    m006_corrections,
    m007_recipes,
    m008_digest,
    m009_index_terms,
    m010_issued,
    m011_quick_views,
    m012_outbox,
    m013_meanings,
    m014_versions,
    m015_spellings,
    m016_sounds,
    m017_retention,
)
from monitor.store.migrations.registry import migrations

__all__ = [
    "m001_initial",
    "m002_kinds",
    "m003_polite",
    "m004_extract",
    "m005_facts",
    "m006_corrections",
    "m007_recipes",
    "m008_digest",
    "m009_index_terms",
    "m010_issued",
    "m011_quick_views",
    "m012_outbox",
    "m013_meanings",
    "m014_versions",
    "m015_spellings",
    "m016_sounds",
    "m017_retention",
    "migrations",
]
