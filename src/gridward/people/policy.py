"""Permissions: what this room declares, and how the house evaluates what posts grant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from gridward.kernel import sql
from gridward.kernel.actor import EVERYWHERE, Actor, Grant, Scope
from gridward.kernel.errors import Forbidden, Message
from gridward.people.rules.places import NOWHERE

PERMISSIONS: dict[str, tuple[str, str]] = {
    "people:unit:read": ("查看单位", "Read units"),
    "people:unit:manage": ("维护单位", "Maintain units"),
    "people:person:read": ("查看人员与任职", "Read people and postings"),
    "people:person:manage": ("维护人员与账号", "Maintain people and accounts"),
    "people:posting:manage": ("定岗、结束任职、登记请假", "Post people, end postings, record leave"),
    "people:post:define": ("发布岗位", "Publish posts"),
    "people:group:manage": ("维护领导小组与联络员", "Maintain leading groups and liaison lists"),
    "people:team:manage": ("维护群防群治队伍", "Maintain auxiliary teams"),
    "people:team:unmask": ("查看队员姓名", "See names of auxiliary team members"),
}

MAY_NOT = Message(
    "GW-PEOPLE-060",
    "您没有此处的“{permission}”权限；请找在此处有该权限的人办理，或请管理员调整岗位。",
    "You do not hold “{permission}” here; ask somebody who does, or have your post changed.",
)

Arm = tuple[str, list[Any]]


@dataclass(frozen=True)
class CoverGrant(Grant):
    """A power that a deputy holds only because the lead `on_behalf_of` is away."""

    on_behalf_of: UUID | None = None


@dataclass(frozen=True)
class Holding:
    """One posting that gives powers now. `cover`: a deputy who acts, for `on_behalf_of` or on a vacant
    post."""

    permissions: tuple[str, ...]
    area: UUID | None = None
    area_rank: int = 0
    subject: UUID | None = None
    unit: UUID | None = None
    everywhere: bool = False
    cover: bool = False
    on_behalf_of: UUID | None = None


@dataclass(frozen=True)
class Columns:
    """Names of the columns (with their alias) by which rows of a table are scoped; None: there is none."""

    ancestors: tuple[str, ...]
    unit: str | None = None
    maker: str | None = None
    subject: str | None = None

    @staticmethod
    def of(
        alias: str = "", *, unit: str | None = "unit", maker: str | None = "maker", subject: str | None = None
    ) -> Columns:
        """The usual names: a1…a5, `unit`, `maker`, with `alias.` before them."""
        dot = f"{alias}." if alias else ""
        names = tuple(f"{dot}a{n}" for n in range(1, 6))
        return Columns(names, *(dot + name if name else None for name in (unit, maker, subject)))


def scopes_for(
    holdings: Iterable[Holding], linked: Mapping[UUID, Sequence[tuple[UUID, int]]], units: Iterable[UUID] = ()
) -> tuple[Grant, ...]:
    """The grants of somebody with `holdings` who works in `units`.

    `linked`: area → (id, level) of the areas in other schemes that are the same node. Own units widen what a
    holding allows to rows of these units; cover does not.
    """
    own = tuple(Scope("unit", unit) for unit in units)
    found: dict[Grant, None] = {}
    for holding in holdings:
        scopes = (*_scopes_of(holding, linked), *(() if holding.cover else own))
        for permission in holding.permissions:
            found.update(dict.fromkeys(_grants(permission, scopes, holding)))
    return tuple(found)


def _scopes_of(holding: Holding, linked: Mapping[UUID, Sequence[tuple[UUID, int]]]) -> tuple[Scope, ...]:
    if holding.everywhere:
        return (EVERYWHERE,)
    if holding.area is not None:
        twins = (Scope("area", key, level) for key, level in linked.get(holding.area, ()))
        return (Scope("area", holding.area, holding.area_rank), *twins)
    if holding.subject is not None:
        return (Scope("subject", holding.subject),)
    return (Scope("unit", holding.unit),) if holding.unit is not None else ()


def _grants(permission: str, scopes: Iterable[Scope], holding: Holding) -> Iterable[Grant]:
    if permission.endswith("@own"):
        return [Grant(permission.removesuffix("@own"), Scope("own"))]
    if holding.cover and holding.on_behalf_of:
        return [CoverGrant(permission, scope, holding.on_behalf_of) for scope in scopes]
    return [Grant(permission, scope) for scope in scopes]


@dataclass(frozen=True)
class Row:
    """What decides whether a power reaches a row: its five ancestors, its unit, who made it, its subject."""

    ancestors: Sequence[UUID | None] = NOWHERE
    unit: UUID | None = None
    maker: UUID | None = None
    subject: UUID | None = None


def allows(
    actor: Actor,
    permission: str,
    *,
    ancestors: Sequence[UUID | None] = NOWHERE,
    unit: UUID | None = None,
    maker: UUID | None = None,
    subject: UUID | None = None,
) -> bool:
    """Whether `actor` may do `permission` to a row with these five ancestors, unit and maker.

    Jobs and the command line (kind "system") may; whoever holds no post may nothing.
    """
    if actor.kind == "system":
        return True
    row = Row(ancestors, unit, maker, subject)
    return any(grant.permission == permission and _covers(grant.scope, actor, row) for grant in actor.grants)


def _covers(scope: Scope, actor: Actor, row: Row) -> bool:
    if scope.kind == "all":
        return True
    if scope.kind == "own":
        return row.maker is not None and row.maker == actor.id
    if scope.id is None:
        return False
    if scope.kind == "area":
        return 1 <= scope.level <= len(row.ancestors) and row.ancestors[scope.level - 1] == scope.id
    return scope.id == (row.unit if scope.kind == "unit" else row.subject)


def require(actor: Actor, permission: str, **row: Any) -> Actor:
    """The actor as `acting` names it; Forbidden unless `allows`. `row` is what allows takes."""
    if not allows(actor, permission, **row):
        raise Forbidden(MAY_NOT, permission=permission)
    return acting(actor, permission, **row)


def acting(actor: Actor, permission: str, **row: Any) -> Actor:
    """`actor` with `on_behalf_of` set when only cover for an absent lead gives the power; `row` as in
    allows."""
    given = [g for g in actor.grants if g.permission == permission]
    own = Actor(actor.id, actor.name, grants=tuple(g for g in given if not isinstance(g, CoverGrant)))
    if actor.kind == "system" or allows(own, permission, **row):
        return actor
    for grant in given:
        if isinstance(grant, CoverGrant) and allows(
            Actor(actor.id, actor.name, grants=(grant,)), permission, **row
        ):
            return Actor(
                actor.id, actor.name, actor.login, actor.kind, actor.grants, grant.on_behalf_of, actor.posts
            )
    return actor


def condition(actor: Actor, permission: str, *, columns: Columns) -> list[Arm]:
    """The arms (SQL fragment, parameters) whose union is what `actor` may see; none: nothing, "": everything.

    Each arm tests one column, so that each can have an index of its own. Arms may overlap: unite them with
    UNION, or join them with `any_of`.
    """
    if actor.kind == "system":
        return [("", [])]
    scopes = actor.scopes(permission)
    if EVERYWHERE in scopes:
        return [("", [])]
    return [arm for scope in scopes if (arm := _arm(scope, actor, columns)) is not None]


def _arm(scope: Scope, actor: Actor, columns: Columns) -> Arm | None:
    if scope.kind == "area" and 1 <= scope.level <= len(columns.ancestors):
        column: str | None = columns.ancestors[scope.level - 1]
    else:
        column = {"unit": columns.unit, "subject": columns.subject, "own": columns.maker}.get(scope.kind)
    key = actor.id if scope.kind == "own" else scope.id
    if column is None or key is None:
        return None
    return f"{column} = %s", [sql.key(connection.vendor, key)]


def any_of(arms: Sequence[Arm]) -> Arm:
    """One condition for a WHERE out of all arms; what nobody may see is `1 = 0`."""
    if not arms:
        return "1 = 0", []
    if any(not fragment for fragment, _ in arms):
        return "1 = 1", []
    return "(" + " OR ".join(f for f, _ in arms) + ")", [value for _, values in arms for value in values]
