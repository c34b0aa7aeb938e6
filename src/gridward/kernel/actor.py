"""Who acts, with which powers. Handed in through the door; domain code never looks the user up."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True)
class Scope:
    """Where a power holds.

    kind "all": the whole jurisdiction. kind "area": rows whose ancestor column a<level> is `id`
    (level 1 is the top level of a scheme). kind "unit": rows whose responsible unit is `id`.
    kind "own": rows that the actor made.
    """

    kind: str
    id: UUID | None = None
    level: int = 0


EVERYWHERE = Scope("all")


@dataclass(frozen=True)
class Grant:
    """One power: a permission `room:thing:verb` within a scope."""

    permission: str
    scope: Scope


@dataclass(frozen=True)
class Actor:
    """The person (or job, or member of the public) on whose account something happens.

    `id` is the person's key, None for jobs and the public. `on_behalf_of` is set when a B post acts for A.
    """

    id: UUID | None
    name: str
    login: str = ""
    kind: str = "person"
    grants: tuple[Grant, ...] = ()
    on_behalf_of: UUID | None = None
    posts: tuple[str, ...] = field(default=())

    def scopes(self, permission: str) -> tuple[Scope, ...]:
        """All scopes in which the actor holds `permission`, widest first, without doubles."""
        found = {g.scope for g in self.grants if g.permission == permission}
        if EVERYWHERE in found:
            return (EVERYWHERE,)
        return tuple(sorted(found, key=lambda s: (s.kind, s.level, str(s.id))))

    def may(self, permission: str) -> bool:
        """Whether the actor holds `permission` in any scope."""
        return any(g.permission == permission for g in self.grants)

    @property
    def key(self) -> str:
        """How the journal names this actor: the person's id, or the kind for jobs and the public."""
        return str(self.id) if self.id else self.kind


SYSTEM = Actor(id=None, name="系统", kind="system", grants=())
PUBLIC = Actor(id=None, name="公众", kind="public", grants=())
