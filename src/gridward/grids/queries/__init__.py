"""Reading places. Areas and names are public work data (R-GRID-11): every logged-in actor reads them."""

from gridward.grids.queries.divisions import DivisionRow, division, divisions, drafted
from gridward.grids.queries.figures import Count, counts, coverage_figures, coverage_report
from gridward.grids.queries.locating import Locator, locator
from gridward.grids.queries.maps import areas_geojson
from gridward.grids.queries.pointfile import locate_file
from gridward.grids.queries.refs import area_ref, find_area, named_area
from gridward.grids.queries.schemes import (
    SchemeRow,
    default_scheme,
    level,
    level_at,
    level_rank,
    scheme,
    schemes,
    stamp,
)
from gridward.grids.queries.staff import staff_of, use_staff
from gridward.grids.queries.tree import (
    AreaDetail,
    AreaPast,
    AreaRow,
    LineageRow,
    area,
    area_at,
    area_detail,
    area_history,
    area_tree,
    areas,
    children,
    lineage_of,
    nodes_equal,
)
from gridward.grids.rules import AreaRef

__all__ = [
    "AreaDetail",
    "AreaPast",
    "AreaRef",
    "AreaRow",
    "Count",
    "DivisionRow",
    "LineageRow",
    "Locator",
    "SchemeRow",
    "area",
    "area_at",
    "area_detail",
    "area_history",
    "area_ref",
    "area_tree",
    "areas",
    "areas_geojson",
    "children",
    "counts",
    "coverage_figures",
    "coverage_report",
    "default_scheme",
    "division",
    "divisions",
    "drafted",
    "find_area",
    "level",
    "level_at",
    "level_rank",
    "lineage_of",
    "locate_file",
    "locator",
    "named_area",
    "nodes_equal",
    "scheme",
    "schemes",
    "staff_of",
    "stamp",
    "use_staff",
]
