"""Permissions of the grids: permission -> (Chinese, English). Posts hold them, people evaluates them.

Areas and their names are public work data (R-GRID-11): reading needs a logged-in actor and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable

from gridward.grids.rules import Ancestors
from gridward.grids.rules import messages as m
from gridward.kernel.actor import EVERYWHERE, Actor, Scope
from gridward.kernel.errors import Forbidden

PERMISSIONS: dict[str, tuple[str, str]] = {
    "grids:scheme:define": ("定义网格体系和层级", "Define schemes and levels"),
    "grids:area:import": ("导入网格", "Import areas"),
    "grids:area:edit": ("修改网格属性", "Edit the fields of areas"),
    "grids:division:draft": ("起草、提交划分方案", "Draft and submit divisions"),
    "grids:division:approve": ("审定划分方案", "Approve or reject divisions"),
    "grids:division:enforce": ("启用划分方案", "Bring divisions into force"),
    "grids:node:link": ("关联不同体系的同一节点", "Link one node in several schemes"),
}


def require(actor: Actor, permission: str, places: Iterable[Ancestors] | None = None) -> None:
    """Forbidden GW-GRIDS-017 unless the actor holds `permission` for every place.

    `places` are ancestors of areas; None is the whole jurisdiction. The system itself may everything.
    """
    if actor.kind == "system":
        return
    scopes = actor.scopes(permission)
    if EVERYWHERE in scopes:
        return
    if places is not None and scopes and all(any(_reaches(s, place) for s in scopes) for place in places):
        return
    zh, en = PERMISSIONS[permission]
    raise Forbidden(m.NOT_ALLOWED, permission=permission, label_zh=zh, label_en=en)


def _reaches(scope: Scope, place: Ancestors) -> bool:
    return scope.kind == "area" and 1 <= scope.level <= 5 and scope.id == place[scope.level - 1]
