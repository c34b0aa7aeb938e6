"""Coordinates in a journal body: text with at most seven decimals (about a centimetre), because bodies hold no floats."""

from __future__ import annotations


def degrees_text(value: float) -> str:
    """`113.9412345`; trailing zeros go."""
    return f"{value:.7f}".rstrip("0").rstrip(".")


def point_text(lon: float, lat: float) -> dict[str, str]:
    """The journal's form of a point."""
    return {"lon": degrees_text(lon), "lat": degrees_text(lat)}
