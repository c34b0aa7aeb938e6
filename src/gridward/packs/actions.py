"""install: one published version in one transaction; calls down into grids and people, the others hear a fact."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from gridward.grids import actions as grids
from gridward.grids import queries as grids_queries
from gridward.grids.pack_schema import schemes_of
from gridward.grids.rules import LevelSpec
from gridward.kernel.actor import Actor
from gridward.kernel.errors import Conflict, Message
from gridward.logbook.actions import append_to, record_fact, touch
from gridward.packs.facts import PackInstalled
from gridward.packs.models import PackVersion
from gridward.packs.rules import digest
from gridward.people import actions as people
from gridward.people import queries as people_queries
from gridward.people.pack_schema import posts_of
from gridward.people.rules.posts import CrewSpec, PostSpec

CHANGED = Message(
    "GW-PACKS-061",
    "方案包 {found} 的版本 {allowed} 已发布过，内容却不同；请提高 pack.yaml 里的版本号。",
    "Version {allowed} of pack {found} was published with other content; raise the version in pack.yaml.",
)
Permissions = Callable[[Sequence[str]], tuple[str, ...]]


def install_pack(
    *, doc: Mapping[str, Any], permissions_of: Permissions, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Publish a checked document. The same version again changes nothing; Conflict when its content differs."""
    people_queries.require(actor, "packs:pack:install")
    head = doc["pack"]
    pack, version = str(head["id"]), str(head["version"])
    mark = digest(doc)
    with transaction.atomic():
        known = PackVersion.objects.select_for_update().filter(pack=pack, version=version).first()
        if known and known.digest != mark:
            raise Conflict(CHANGED, found=pack, allowed=version)
        if known and known.state == "published":
            return {"pack": pack, "version": version, "installed": False}
        PackVersion.objects.filter(pack=pack, state="published").update(state="retired", retired_at=now)
        _write(known, pack, version, doc, mark, now)
        _install_schemes(doc, pack, actor, now)
        _install_posts(doc, pack, version, permissions_of, actor, now)
        payload = {"version": version, "digest": mark}
        append_to(stream=f"pack/{pack}", move="install", actor=actor, now=now, payload=payload)
        record_fact(PackInstalled(pack=pack, version=version), stream=f"pack/{pack}", now=now)
        touch("packs")
    return {"pack": pack, "version": version, "installed": True}


def _write(
    known: PackVersion | None, pack: str, version: str, doc: Mapping[str, Any], mark: str, now: datetime
) -> None:
    if known:
        PackVersion.objects.filter(pk=known.pk).update(state="published", retired_at=None)
        return
    PackVersion.objects.create(
        pack=pack,
        version=version,
        title=json.dumps(both(doc["pack"]["title"]), ensure_ascii=False),
        digest=mark,
        body=json.dumps(doc, ensure_ascii=False, default=str),
        installed_at=now,
    )


def both(label: Any) -> dict[str, str]:
    """A label as {"zh": …, "en": …}."""
    if isinstance(label, dict):
        return {"zh": str(label.get("zh") or ""), "en": str(label.get("en") or label.get("zh") or "")}
    return {"zh": str(label or ""), "en": str(label or "")}


def _install_schemes(doc: Mapping[str, Any], pack: str, actor: Actor, now: datetime) -> None:
    known = {scheme.code for scheme in grids_queries.schemes()}
    for scheme in schemes_of(doc):
        code = str(scheme["scheme"])
        levels = [
            _level(level, rank, scheme) for rank, level in enumerate(scheme.get("levels") or [], start=1)
        ]
        label = both(scheme.get("label") or doc["pack"]["title"])
        if code in known:
            grids.define_levels(scheme=code, levels=levels, actor=actor, now=now)
            continue
        grids.create_scheme(
            code=code,
            label_zh=label["zh"],
            label_en=label["en"],
            pack=pack,
            levels=levels,
            actor=actor,
            now=now,
        )


def _level(level: Mapping[str, Any], rank: int, scheme: Mapping[str, Any]) -> LevelSpec:
    label, unit = both(level["label"]), level.get("unit") or ()
    rules = scheme.get("coverage") or {}
    expected = level.get("expected") or {}
    node = bool(level.get("node"))
    gaps = "none" if node or rules.get("gaps") == "allowed" else "required"
    return LevelSpec(
        rank=rank,
        code=str(level["id"]),
        label_zh=label["zh"],
        label_en=label["en"],
        unit_kinds=tuple(unit) if isinstance(unit, list) else (str(unit),) if unit else (),
        kind=str(level.get("kind", "territorial")),
        coverage=str(level.get("coverage", gaps)),
        overlaps=str(level.get("overlaps", rules.get("overlaps", "forbidden"))),
        tolerance_m2=float(level.get("tolerance_m2", 1.0)),
        fields=tuple(level.get("fields") or ()),
        expected=expected if isinstance(expected, dict) else {"*": int(expected)},
    )


def _install_posts(
    doc: Mapping[str, Any], pack: str, version: str, permissions_of: Permissions, actor: Actor, now: datetime
) -> None:
    ranks = {
        (str(s["scheme"]), str(level["id"])): rank
        for s in schemes_of(doc)
        for rank, level in enumerate(s.get("levels") or [], start=1)
    }
    section = doc.get("posts") or {}
    specs = [_post(post, ranks, section, permissions_of) for post in posts_of(doc)]
    crews = [_crew(team, ranks) for team in section.get("teams") or ()]
    if specs:
        people.define_posts(specs, pack=pack, version=version, crews=crews, actor=actor, now=now)


Ranks = Mapping[tuple[str, str], int]


def _place(item: Mapping[str, Any], ranks: Ranks) -> tuple[str, int]:
    """(scheme, rank) of the level that a post or team names."""
    level = str(item.get("level") or "")
    schemes = [code for code, found in ranks if found == level and item.get("scheme") in (None, code)]
    return (schemes[0], ranks[schemes[0], level]) if schemes else ("", 0)


def _post(
    post: Mapping[str, Any], ranks: Ranks, section: Mapping[str, Any], permissions_of: Permissions
) -> PostSpec:
    label, (scheme, rank) = both(post["label"]), _place(post, ranks)
    on = str(post.get("on") or ("area" if post.get("level") else "unit"))
    return PostSpec(
        code=str(post["id"]),
        zh=label["zh"],
        en=label["en"],
        on=on,
        scheme=scheme if on == "area" else "",
        rank=rank if on == "area" else 0,
        lead=bool(post.get("lead")),
        everywhere=bool(post.get("everywhere")),
        department=str(post.get("department") or ""),
        permissions=permissions_of([str(word) for word in post.get("may") or ()]),
        duties=str(post.get("duties") or ""),
        qualifications=tuple(post.get("qualifications") or ()),
        counts=_counts(post),
        deputy=_deputy(post.get("deputy")),
        paired=bool(post.get("pair")),
        max_areas=(post.get("per_person") or {}).get("max_areas"),
        terms={k: str(v) for k, v in (post.get("terms") or {}).items()},
        completeness=_completeness(post, section),
        sponsors=_sponsored(post, section, ranks),
    )


def _counts(post: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Holders and assistants per area."""
    counts = {"lead": dict(post["count"])} if post.get("count") else {}
    if isinstance(post.get("assist"), dict):
        counts["assist"] = dict(post["assist"])
    return counts


def _deputy(rule: Any) -> dict[str, bool]:
    if isinstance(rule, dict):
        return {"required": True, "mutual": bool(rule.get("mutual"))}
    return {"required": True} if rule == "required" else {}


def _completeness(post: Mapping[str, Any], section: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """The sets (五定, 六定) that this post is measured by: those it names, else all of the pack."""
    sets = section.get("completeness") or ()
    named = post.get("completeness")
    return tuple(
        {"id": str(s["id"]), **both(s.get("label") or s["id"]), "elements": list(s["elements"])}
        for s in sets
        if named is None or s["id"] in named
    )


def _sponsored(post: Mapping[str, Any], section: Mapping[str, Any], ranks: Ranks) -> tuple[int, ...]:
    """Ranks of the levels that holders of this post may sponsor (分包)."""
    found: set[int] = set()
    for rule in section.get("sponsors") or ():
        if rule["from"] == post.get("level"):
            targets = rule["to"] if isinstance(rule["to"], list) else [rule["to"]]
            found |= {rank for (_, level), rank in ranks.items() if level in targets}
    return tuple(sorted(found))


def _crew(team: Mapping[str, Any], ranks: Ranks) -> CrewSpec:
    label, (scheme, rank) = both(team.get("label") or team["id"]), _place(team, ranks)
    count = team.get("count") or {}
    return CrewSpec(
        code=str(team["id"]),
        zh=label["zh"],
        en=label["en"],
        scheme=scheme,
        rank=rank,
        posts=tuple(str(p) for p in team["posts"]),
        least=int(count.get("min", 0)),
        most=count.get("max"),
    )
