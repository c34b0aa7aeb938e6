"""Verbs of the grids. actor and now come in; each is one transaction with its journal and fact."""

from gridward.grids.actions.areas import link_nodes, set_area_fields, unlink_nodes
from gridward.grids.actions.divisions import (
    approve_division,
    bring_into_force,
    draft_division,
    merge_areas,
    reject_division,
    split_area,
    submit_division,
)
from gridward.grids.actions.imports import import_areas
from gridward.grids.actions.schemes import create_scheme, define_levels

__all__ = [
    "approve_division",
    "bring_into_force",
    "create_scheme",
    "define_levels",
    "draft_division",
    "import_areas",
    "link_nodes",
    "merge_areas",
    "reject_division",
    "set_area_fields",
    "split_area",
    "submit_division",
    "unlink_nodes",
]
