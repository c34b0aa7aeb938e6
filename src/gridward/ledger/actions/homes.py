"""Where a subject is at home: found from its point, or named by a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from gridward.grids import queries as grids
from gridward.grids.queries.locating import Locator
from gridward.grids.rules import AreaRef
from gridward.kernel.errors import BadInput, Message
from gridward.ledger.rules import Definition, Home
from gridward.logbook import queries as logbook

NO_AREA = Message(
    "GW-LEDGER-050",
    "网格体系“{allowed}”里没有现行网格“{found}”；请用网格代码或全称。",
    "Scheme {allowed} has no area {found} in force; give its code or full name.",
)


class Homes:
    """Finds homes in the scheme of one ledger on one day; asks the database once."""

    def __init__(self, definition: Definition, on: date) -> None:
        stamp = logbook.stamps().get("grids", 0)
        self.scheme = definition.scheme or grids.default_scheme(stamp) or ""
        known = {row.code for row in grids.schemes()} if self.scheme else set()
        self.locator: Locator | None = None
        if self.scheme in known:
            self.locator = grids.locator(self.scheme, on=on, stamp=stamp)

    @property
    def nowhere(self) -> Home:
        return Home(scheme=self.scheme)

    def at(self, lon: float | None, lat: float | None) -> Home:
        """The home of a point; nowhere without a point, outside the scheme, or without a scheme."""
        if self.locator is None or lon is None or lat is None:
            return self.nowhere
        return self.of(self.locator.locate(lon, lat))

    def of(self, ref: AreaRef | None, *, by_hand: bool = False) -> Home:
        if ref is None:
            return self.nowhere
        return Home(ref.scheme, ref.id, ref.code, ref.name, ref.ancestors, by_hand)

    def called(self, text: str) -> Home:
        """The area in force with this code, id or name. BadInput GW-LEDGER-050 when there is none."""
        found = self.find(text.strip())
        if found is None:
            raise BadInput(NO_AREA, field="area", found=text[:60], allowed=self.scheme or "—")
        return found

    def find(self, text: str) -> Home | None:
        """As `called`, None when there is none."""
        if self.locator is None:
            return None
        ref = self.locator.by_code(text) or self.locator.by_name(text)
        if ref is None:
            ref = next((r for r in self.locator.refs if str(r.id) == text), None)
        return None if ref is None else self.of(ref, by_hand=True)

    def choose(self, lon: float | None, lat: float | None, area: str | None) -> Home:
        """The home of something new: the named area, else that of the point. A name that agrees with the point
        is not "by hand"."""
        found = self.at(lon, lat)
        if not area:
            return found
        named = self.called(area)
        return replace(named, by_hand=named.area != found.area)
