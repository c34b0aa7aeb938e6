"""Places: datums, metres, GeoJSON, point → area, coverage. lon, lat in WGS 84 degrees; no GDAL, no PROJ."""

from gridward.kernel.geometry.coverage import (
    CoverageReport,
    Gap,
    Lineage,
    Overlap,
    Repair,
    check_coverage,
    iou,
    lineage,
    outside_parent,
    repair_coverage,
    sequence_codes,
    share_inside,
    simplify_coverage,
)
from gridward.kernel.geometry.datum import (
    CRS_NAMES,
    Crs,
    DatumGuess,
    check_crs,
    from_wgs84,
    geometry_from_wgs84,
    guess_datum,
    to_wgs84,
    transform_geometry,
)
from gridward.kernel.geometry.features import Feature, FeatureFile, read_features, write_features
from gridward.kernel.geometry.index import AreaIndex
from gridward.kernel.geometry.metric import (
    area_m2,
    areas_m2,
    buffer_m,
    length_m,
    metres_between,
)
from gridward.kernel.geometry.shapes import Mend

__all__ = [
    "CRS_NAMES",
    "AreaIndex",
    "CoverageReport",
    "Crs",
    "DatumGuess",
    "Feature",
    "FeatureFile",
    "Gap",
    "Lineage",
    "Mend",
    "Overlap",
    "Repair",
    "area_m2",
    "areas_m2",
    "buffer_m",
    "check_coverage",
    "check_crs",
    "from_wgs84",
    "geometry_from_wgs84",
    "guess_datum",
    "iou",
    "length_m",
    "lineage",
    "metres_between",
    "outside_parent",
    "read_features",
    "repair_coverage",
    "sequence_codes",
    "share_inside",
    "simplify_coverage",
    "to_wgs84",
    "transform_geometry",
    "write_features",
]
