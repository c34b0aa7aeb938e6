"""What `gridward user add` does: a person with an account and a post, in one transaction."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from gridward.kernel.actor import Actor
from gridward.kernel.errors import BadInput, Conflict, Message
from gridward.kernel.ids import uuid7
from gridward.people.actions.accounts import LOGIN_TAKEN, enter_person
from gridward.people.actions.changing import changing, missing
from gridward.people.actions.passwords import hash_password
from gridward.people.actions.postings import Order, enter_posting
from gridward.people.actions.posts import administrator_post
from gridward.people.actions.units import create_unit
from gridward.people.models import Person, Post, Posting, Unit
from gridward.people.policy import require
from gridward.people.queries.areas import areas_in_force
from gridward.people.queries.kept import day_of
from gridward.people.rules.logins import check_password, clean_login
from gridward.people.rules.persons import check_name
from gridward.people.rules.places import Area

JURISDICTION = "jurisdiction"

NO_AREA = Message(
    "GW-PEOPLE-082",
    "“{scheme}”体系第 {level} 级没有编码为“{found}”的网格；请核对编码，或先导入网格。",
    "Scheme {scheme}, level {level} has no area with the code {found}; check it or import the areas first.",
)
AMBIGUOUS_POST = Message(
    "GW-PEOPLE-076",
    "岗位代码“{found}”在多个方案包里都有（{allowed}）；请写 方案包/岗位代码。",
    "The post code {found} stands in several packs ({allowed}); write pack/code.",
)


def add_user(
    *,
    login: str,
    name: str,
    permissions: Collection[str],
    actor: Actor,
    now: datetime,
    password: str | None = None,
    post: str | None = None,
    area: Area | str | None = None,
    unit: UUID | None = None,
) -> dict[str, str | bool]:
    """A person with an account: {"id", "login", "name", "created"}, and "password" when one had to be made.

    Without `post` (a code, or pack/code) an administrator of the jurisdiction with all `permissions`. `area`
    may be written SCHEME/CODE. The same login and name again brings the administrator's post up to date and
    changes nothing else; Conflict when the login is somebody else's.
    """
    require(actor, "people:person:manage")
    clean, known_name = clean_login(login), check_name(name)
    if password is not None:
        check_password(password, clean)
    made = "" if password else secrets.token_urlsafe(12)
    hashed = hash_password(password or made)
    with changing():
        person, is_new = _person(clean, known_name, hashed, actor, now)
        row = find_post(post) if post else administrator_post(permissions, actor, now)
        place = unit if post else _jurisdiction(actor, now)
        order = Order(
            person=person, post=row.id, area=_area(area, row, now), unit=place, valid_from=day_of(now)
        )
        if not _holds(order):
            enter_posting(order, actor=actor, now=now)
    answer: dict[str, str | bool] = {"id": str(person), "login": clean, "name": known_name, "created": is_new}
    return answer | ({"password": made} if made and is_new else {})


def _holds(order: Order) -> bool:
    held = Posting.objects.filter(person_id=order.person, post_id=order.post, valid_to__isnull=True)
    return order.on != "" and held.filter(target=order.target).exists()


def _area(area: Area | str | None, post: Post, now: datetime) -> Area | None:
    if not isinstance(area, str):
        return area
    scheme, _, code = area.rpartition("/")
    level = (scheme or post.scheme, post.rank)
    found = next((ref for ref in areas_in_force(*level, day_of(now)) if ref.code == code), None)
    if found is None:
        raise BadInput(NO_AREA, field="area", scheme=level[0], level=level[1], found=code)
    return found


def _person(login: str, name: str, hashed: str, actor: Actor, now: datetime) -> tuple[UUID, bool]:
    row = Person.objects.filter(login=login).first()
    if row is None:
        key = enter_person(key=uuid7(now), name=name, login=login, hashed=hashed, actor=actor, now=now)
        return key, True
    if row.name != name:
        raise Conflict(LOGIN_TAKEN, field="login", found=login, name=row.name)
    return row.id, False


def _jurisdiction(actor: Actor, now: datetime) -> UUID:
    row = Unit.objects.filter(code=JURISDICTION).first()
    if row is not None:
        return row.id
    return create_unit(code=JURISDICTION, name="本辖区", kind=JURISDICTION, actor=actor, now=now).id


def find_post(text: str, *, scheme: str = "") -> Post:
    """The current post that `text` names: a code, or pack/code; `scheme` decides between packs. Missing,
    BadInput."""
    pack, _, code = text.strip().rpartition("/")
    rows = Post.objects.filter(code=code, retired_at__isnull=True)
    found = list(rows.filter(pack=pack) if pack else rows.order_by("pack"))
    if len(found) > 1 and scheme:
        found = [row for row in found if row.scheme == scheme] or found
    if not found:
        raise missing("post", text)
    if len(found) > 1:
        packs = "、".join(row.pack for row in found)
        raise BadInput(AMBIGUOUS_POST, field="post", found=text, allowed=packs)
    return found[0]
