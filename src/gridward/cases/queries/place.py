"""Where a case is: the home leaf and its ancestors at that instant, from a point or from a subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from gridward.cases.rules.places import point_text
from gridward.grids import queries as grids

NOWHERE: tuple[UUID | None, ...] = (None, None, None, None, None)


@dataclass(frozen=True)
class Place:
    """The area of a case and its ancestors (level 1 first; None where the scheme has no such level)."""

    scheme: str = ""
    area: UUID | None = None
    code: str | None = None
    name: str | None = None
    ancestors: tuple[UUID | None, ...] = NOWHERE
    lon: float | None = None
    lat: float | None = None
    subject: UUID | None = None

    def columns(self) -> dict[str, UUID | None]:
        return {f"a{n}": key for n, key in enumerate(self.ancestors, start=1)}

    def payload(self) -> dict[str, Any]:
        """The part of a journal body that says where; coordinates as text."""
        data: dict[str, Any] = {
            "area": str(self.area) if self.area else None,
            "area_code": self.code,
            "scheme": self.scheme,
        }
        if self.lon is not None and self.lat is not None:
            data["point"] = point_text(self.lon, self.lat)
        if self.subject:
            data["subject"] = str(self.subject)
        return data


def find_place(
    lon: float | None,
    lat: float | None,
    subject: UUID | None,
    *,
    scheme: str,
    on: date,
    stamps: Mapping[str, int],
) -> Place:
    """The place of a new case. A subject's home leaf wins over a point; no query while caches are warm."""
    if subject is not None:
        from gridward.ledger import queries as ledger

        home = ledger.home_of(subject)
        return Place(home.scheme, home.area, home.code, home.name, home.ancestors, lon, lat, subject)
    scheme = scheme or grids.default_scheme(stamps.get("grids", 0)) or ""
    if not scheme or lon is None or lat is None:
        return Place(scheme=scheme, lon=lon, lat=lat)
    found = grids.locator(scheme, on=on, stamp=stamps.get("grids", 0)).locate(lon, lat)
    if found is None:
        return Place(scheme=scheme, lon=lon, lat=lat)
    return Place(scheme, found.id, found.code, found.name, found.ancestors, lon, lat)
