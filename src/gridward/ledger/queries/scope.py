"""Which subjects an actor reaches with a permission: one condition for list, detail, search and export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from gridward.kernel import sql
from gridward.kernel.actor import Actor
from gridward.ledger import models
from gridward.people import queries as people

COLUMNS = people.Columns.of(unit=None, maker=None, subject="id")


@dataclass(frozen=True)
class Visible:
    """The arms of a scope, one column each; an empty fragment means everything."""

    arms: Sequence[tuple[str, list[Any]]]

    @property
    def any(self) -> bool:
        return bool(self.arms)

    def condition(self) -> Q:
        """The arms as one condition of the ORM."""
        if any(not fragment for fragment, _ in self.arms):
            return Q()
        found = Q(pk__in=[])
        for fragment, values in self.arms:
            found |= Q(**{fragment.split(" ", 1)[0]: sql.as_key(values[0])})
        return found

    def rows(self, ledger: str) -> QuerySet[models.Subject]:
        """Living subjects of a ledger in scope."""
        return models.Subject.objects.filter(self.condition(), ledger=ledger, ended_on__isnull=True)


def visible(actor: Actor, permission: str = "ledger:subject:read") -> Visible:
    """What `actor` reaches with `permission`."""
    return Visible(people.condition(actor, permission, columns=COLUMNS))


def may(actor: Actor, permission: str, row: models.Subject) -> bool:
    """Whether `actor` reaches one subject with `permission`."""
    return people.allows(
        actor, permission, ancestors=(row.a1, row.a2, row.a3, row.a4, row.a5), subject=row.id
    )
