"""Publish the posts of a pack. A post that left its pack is retired, never deleted: postings point to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from gridward.kernel.actor import Actor
from gridward.kernel.errors import ManyProblems, Message
from gridward.kernel.ids import uuid7
from gridward.logbook.actions import record_fact
from gridward.people.actions.changing import changing, journal
from gridward.people.facts import PostsDefined
from gridward.people.models import Crew, Post, Posting
from gridward.people.policy import require
from gridward.people.rules.posts import CrewSpec, PostSpec, check_meaning, check_posts

BAD_POSTS = Message(
    "GW-PEOPLE-063",
    "方案包“{pack}”的岗位有 {count} 处错误，没有发布；请逐条改正后重装。",
    "The posts of pack {pack} have {count} problems and were not published; correct each and install again.",
)
ADMINISTRATOR = "administrator"


def define_posts(
    posts: Sequence[PostSpec],
    *,
    pack: str,
    version: str,
    actor: Actor,
    now: datetime,
    crews: Sequence[CrewSpec] = (),
    permissions: Collection[str] | None = None,
) -> dict[str, int]:
    """Publish the posts and crews of one version of a pack; returns {"created", "changed", "unchanged",
    "retired"}.

    `permissions`: all that the house declares; others are refused. Running it twice changes nothing. Raises
    ManyProblems, and Conflict when a post that people hold would change its meaning.
    """
    require(actor, "people:post:define")
    problems = check_posts(pack, posts, frozenset(permissions) if permissions is not None else None)
    if problems:
        raise ManyProblems(BAD_POSTS, problems, pack=pack, count=len(problems))
    counts = {"created": 0, "changed": 0, "unchanged": 0, "retired": 0}
    with changing():
        known = {row.code: row for row in Post.objects.filter(pack=pack)}
        for spec in posts:
            counts[_define(known.pop(spec.code, None), spec, pack, version, actor=actor, now=now)] += 1
        for row in known.values():
            counts["retired"] += _retire(row, actor, now)
        _define_crews(pack, crews, now)
        fact = PostsDefined(pack=pack, version=version, posts=tuple(spec.code for spec in posts))
        record_fact(fact, stream=f"pack/{pack}", now=now)
    return counts


def _define(row: Post | None, spec: PostSpec, pack: str, version: str, *, actor: Actor, now: datetime) -> str:
    columns = spec.columns()
    stream = f"post/{pack or '-'}/{spec.code}"
    if row is None:
        Post.objects.create(id=uuid7(now), pack=pack, pack_version=version, code=spec.code, **columns)
        journal(stream, "define", actor, now, {"version": version, **_plain(columns)})
        return "created"
    before = {name: getattr(row, name) for name in columns}
    changed = {name: value for name, value in columns.items() if before[name] != value}
    if not changed and row.retired_at is None and row.pack_version == version:
        return "unchanged"
    if Posting.objects.filter(post=row).exists():
        check_meaning(spec.code, before, columns)
    for name, value in changed.items():
        setattr(row, name, value)
    revived = row.retired_at is not None
    row.retired_at, row.pack_version = None, version
    row.save()
    if changed or revived:
        journal(stream, "change", actor, now, {"version": version, **_plain(changed)})
        return "changed"
    return "unchanged"


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    """Columns as a journal body takes them."""
    return {name: value for name, value in columns.items() if value not in ("", [], {}, None)}


def _retire(row: Post, actor: Actor, now: datetime) -> int:
    if row.retired_at is not None:
        return 0
    row.retired_at = now
    row.save(update_fields=["retired_at"])
    journal(f"post/{row.pack or '-'}/{row.code}", "retire", actor, now, {})
    return 1


def _define_crews(pack: str, crews: Iterable[CrewSpec], now: datetime) -> None:
    """Crews are rules without holders: the set of the pack is replaced."""
    Crew.objects.filter(pack=pack).delete()
    for spec in crews:
        Crew.objects.create(
            id=uuid7(now), pack=pack, code=spec.code, scheme=spec.scheme, rank=spec.rank, zh=spec.zh,
            en=spec.en, posts=list(spec.posts), least=spec.least, most=spec.most,
        )  # fmt: skip


def administrator_post(permissions: Collection[str], actor: Actor, now: datetime) -> Post:
    """The built-in post with every permission of the house, brought up to date; inside the caller's
    `changing`."""
    spec = PostSpec(
        code=ADMINISTRATOR,
        zh="管理员",
        en="Administrator",
        on="unit",
        everywhere=True,
        permissions=tuple(permissions),
    )
    row = Post.objects.filter(pack="", code=ADMINISTRATOR).first()
    _define(row, spec, "", "", actor=actor, now=now)
    return Post.objects.get(pack="", code=ADMINISTRATOR)
