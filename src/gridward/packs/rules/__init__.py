"""Packs decided without a database: reading a folder with line numbers, checking, law, coverage, differences."""

from gridward.packs.rules.checking import LATER, OWN_SECTIONS, CrossCheck, Parts, check_pack, schemas, sound
from gridward.packs.rules.figures import coverage, difference, digest, items_of
from gridward.packs.rules.law import check_law
from gridward.packs.rules.reading import Source, read_pack, read_yaml

__all__ = [
    "LATER",
    "OWN_SECTIONS",
    "CrossCheck",
    "Parts",
    "Source",
    "check_law",
    "check_pack",
    "coverage",
    "difference",
    "digest",
    "items_of",
    "read_pack",
    "read_yaml",
    "schemas",
    "sound",
]
