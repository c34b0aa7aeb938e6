"""The cast of the house: six people in a small territory, made through the real actions.

    Chen   patrols grid 3-2-1 (lead)                   Lin   is her B post, acts only while Chen is away
    Wu     leads community 3-2                         Zhao  sits at the desk of the district
    Qian   sits at the desk of the next district and must see nothing of this one
    Hu     keeps a shop: no account, no post

The territory is one row of squares near Wuhan: district 01 has streets 1-3, each street two communities, each
community two grids; district 02 has one street. Names read like 3-2-1; codes are 01, 0103, 010302, 01030201.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from shapely import box

from gridward.grids import actions as grids_actions
from gridward.grids import queries as grids
from gridward.grids.rules import AreaRef
from gridward.kernel.actor import SYSTEM, Actor
from gridward.kernel.geometry import write_features
from gridward.logbook.actions.keys import create_ring, use_ring
from gridward.people import actions, queries
from gridward.people.actions.posts import define_posts
from gridward.people.rules.posts import PostSpec

SCHEME = "town"
LEVELS = ("district", "street", "community", "grid")
BEGIN = date(2026, 1, 1)
NOW = datetime(2026, 6, 5, 7, 0, tzinfo=UTC)  # Friday, 15:00 in Shanghai
PASSWORD = "correct horse battery"
PEOPLE = ("Chen", "Lin", "Wu", "Zhao", "Qian")
HU = "Hu"

READ = ("cases:case:read", "people:unit:read", "people:person:read")
PATROL = (*READ, "cases:case:report", "cases:case:settle", "cases:case:check")
COMMUNITY = (*PATROL, "cases:case:pre_check", "cases:case:file")
DESK = (
    *COMMUNITY,
    "cases:case:void",
    "cases:case:assign",
    "cases:case:handle",
    "cases:case:close",
    "cases:case:evaluate",
    "cases:case:reopen",
    "people:posting:manage",
)
POWERS: Mapping[str, tuple[str, ...]] = {
    "grid_head": PATROL,
    "community_head": COMMUNITY,
    "district_desk": DESK,
}
"""Post → permissions: what the access matrix expects."""
HOLDS: Mapping[str, tuple[str, str, str]] = {
    "Chen": ("grid_head", "3-2-1", "lead"),
    "Lin": ("grid_head", "3-2-1", "deputy"),
    "Wu": ("community_head", "3-2", "lead"),
    "Zhao": ("district_desk", "district 1", "lead"),
    "Qian": ("district_desk", "district 2", "lead"),
}
"""Person → post, area, rank."""


@dataclass(frozen=True)
class Cast:
    """Who is who: persons by name, areas by short name ("3-2-1", "3-2", "3", "district 1"), postings by
    person."""

    persons: dict[str, UUID]
    areas: dict[str, AreaRef]
    postings: dict[str, UUID]
    posts: dict[str, UUID]
    units: dict[str, UUID] = field(default_factory=dict)

    def actor(self, name: str, now: datetime = NOW) -> Actor:
        """The actor that this person is at `now`."""
        found = queries.actor_of(self.persons[name], now)
        assert found is not None, name
        return found

    def token(self, name: str, now: datetime = NOW) -> str:
        """A fresh access token of this person."""
        return actions.add_token(login=name.lower(), name="test", actor=SYSTEM, now=now)

    def middle(self, grid: str) -> tuple[float, float]:
        """A point (lon, lat) in the middle of a grid."""
        return middle(self.areas[grid].code)


def middle(code: str) -> tuple[float, float]:
    """The middle of the square of a grid code."""
    column = _COLUMNS.index(code)
    return round(114.0 + (column + 0.5) * 0.01, 6), 30.505


_COLUMNS = [f"01{s:02d}{c:02d}{g:02d}" for s in (1, 2, 3) for c in (1, 2) for g in (1, 2)] + [
    f"0201{c:02d}{g:02d}" for c in (1, 2) for g in (1, 2)
]


def short_name(code: str) -> str:
    """district 1, or 3-2-1 for the areas of the first district; the second's begin with "next "."""
    numbers = [str(int(code[i : i + 2])) for i in range(0, len(code), 2)]
    if len(numbers) == 1:
        return f"district {numbers[0]}"
    text = "-".join(numbers[1:])
    return text if numbers[0] == "1" else f"next {text}"


def build(now: datetime = NOW) -> Cast:
    """Make the territory and the people; a ring of keys too when this home has none."""
    ring = settings.HOME / "keys" / "ring.json"
    create_ring(ring)
    use_ring(ring)
    areas = build_territory(now)
    posts = build_posts(now)
    persons: dict[str, UUID] = {}
    postings: dict[str, UUID] = {}
    for name in PEOPLE:
        person = actions.add_person(name=name, login=name, actor=SYSTEM, now=now)
        post, area, rank = HOLDS[name]
        order = actions.Order(person=person, post=posts[post], area=areas[area], rank=rank, valid_from=BEGIN)
        persons[name] = person
        postings[name] = actions.post_person(order, actor=SYSTEM, now=now)
    units = {
        code: actions.create_unit(code=code, name=label, actor=SYSTEM, now=now).id
        for code, label in (("cleaning", "环卫所"), ("urban", "城管中队"))
    }
    return Cast(persons, areas, postings, posts, units)


@contextmanager
def standing(blocker: Any) -> Iterator[Cast]:
    """One cast for a whole module: made inside a transaction that is taken back at the end.

    `blocker` is pytest-django's django_db_blocker. Each test runs in a savepoint of its own and leaves no
    trace. Transactional tests cannot share a module with it: they call `build` in a module of their own.
    """
    with blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        cast = build()
    yield cast
    with blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


def build_posts(now: datetime = NOW) -> dict[str, UUID]:
    """Publish the posts of the cast as pack "cast"."""
    ranks = {"grid_head": 4, "community_head": 3, "district_desk": 1}
    labels = {"grid_head": "网格长", "community_head": "社区书记", "district_desk": "区指挥中心"}
    specs = [
        PostSpec(
            code=code,
            zh=labels[code],
            en=code.replace("_", " "),
            scheme=SCHEME,
            rank=rank,
            lead=code != "district_desk",
            permissions=POWERS[code],
        )
        for code, rank in ranks.items()
    ]
    define_posts(specs, pack="cast", version="1", actor=SYSTEM, now=now)
    return {code: queries.post_by_code(code, pack="cast")[0] for code in ranks}


def give_password(cast: Cast, name: str, password: str = PASSWORD, now: datetime = NOW) -> None:
    """Let somebody log in with a password (making one takes a while, so only on demand)."""
    actions.set_password(person=cast.persons[name], password=password, actor=SYSTEM, now=now)


def build_territory(now: datetime = NOW) -> dict[str, AreaRef]:
    """Import the four levels; returns areas by short name."""
    for depth, level in enumerate(LEVELS, start=1):
        parent: dict[str, Any] = {}
        if depth > 1:
            parent = {"parent_level": LEVELS[depth - 2], "parent_code_prefix": 2 * (depth - 1)}
        answer = grids_actions.import_areas(
            source=_file(depth),
            scheme=SCHEME,
            level=level,
            code_field="code",
            name_field="name",
            valid_from=BEGIN,
            commit=True,
            actor=SYSTEM,
            now=now,
            **parent,
        )
        assert not answer["problems"], answer
    return {short_name(row.ref.code): row.ref for row in grids.area_tree(SCHEME, on=BEGIN)}


def _file(depth: int) -> bytes:
    spans: dict[str, list[int]] = {}
    for column, code in enumerate(_COLUMNS):
        spans.setdefault(code[: 2 * depth], []).append(column)
    features = []
    for code, columns in spans.items():
        west, east = round(114.0 + columns[0] * 0.01, 7), round(114.0 + (columns[-1] + 1) * 0.01, 7)
        shape = box(west, 30.5, east, 30.51)
        features.append(({"code": code, "name": short_name(code)}, shape))
    return write_features(features)
