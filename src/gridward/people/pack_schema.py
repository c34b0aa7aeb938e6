"""posts.yaml: posts, teams, sponsorship and completeness sets of a pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gridward.grids.pack_schema import level_ids, schemes_of
from gridward.kernel.document import (
    ID,
    SOURCE,
    Anything,
    Either,
    Flag,
    Flaw,
    Items,
    Label,
    OneOf,
    Path,
    Record,
    Text,
    Whole,
    unknown,
)
from gridward.people.rules.posts import ELEMENTS

COUNT = Record(fields={"min": Whole(low=0), "max": Whole(low=0)}, sample="{min: 1, max: 1}")
POST = Record(
    fields={
        "id": ID,
        "scheme": ID,
        "level": ID,
        "unit": ID,
        "label": Label(),
        "lead": Flag(),
        "everywhere": Flag(),
        "on": OneOf(words=("area", "subject", "unit")),
        "count": COUNT,
        "counts": Anything(),
        "deputy": Either(
            options=(
                OneOf(words=("required", "optional")),
                Record(fields={"from": OneOf(words=("adjacent",)), "mutual": Flag()}),
            )
        ),
        "may": Items(item=Text()),
        "duties": Text(),
        "qualifications": Items(item=Text()),
        "responsibility": OneOf(words=("first", "main", "direct")),
        "assist": COUNT,
        "terms": Record(fields=dict.fromkeys(("task", "standard", "reward", "hours"), Text())),
        "pair": Flag(),
        "department": Text(),
        "per_person": Record(fields={"max_areas": Whole(low=1)}),
        "completeness": Items(item=ID),
        "source": SOURCE,
    },
    required=("id", "label"),
    sample="{id: beat_head, level: beat, label: 片区网格长, lead: true}",
)
TEAM = Record(
    fields={
        "id": ID,
        "label": Label(),
        "scheme": ID,
        "level": ID,
        "posts": Items(item=ID, least=1),
        "count": COUNT,
        "source": SOURCE,
    },
    required=("id", "posts"),
)
SPONSOR = Record(
    fields={"from": ID, "to": Either(options=(ID, Items(item=ID))), "source": SOURCE}, required=("from", "to")
)
SECTIONS = {
    "posts": Record(
        fields={
            "posts": Items(item=POST, key="id"),
            "teams": Items(item=TEAM, key="id"),
            "sponsors": Items(item=SPONSOR),
            "completeness": Items(
                item=Record(
                    fields={
                        "id": ID,
                        "label": Label(),
                        "elements": Items(item=OneOf(words=tuple(ELEMENTS)), least=1),
                        "source": SOURCE,
                    },
                    required=("id", "elements"),
                ),
                key="id",
            ),
        },
        sample="posts: [{id: beat_head, level: beat, label: 片区网格长}]",
    )
}


def posts_of(doc: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The posts of a pack."""
    found = (doc.get("posts") or {}).get("posts") or []
    return [p for p in found if isinstance(p, dict)]


def cross_check(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    """Levels, posts and sets that exist; counts the right way round; a place for what is posted to areas."""
    section = doc.get("posts") or {}
    ids = [str(p.get("id")) for p in posts_of(doc)]
    for n, post in enumerate(posts_of(doc)):
        yield from _check_post(post, ("posts", "posts", n), doc)
    for n, team in enumerate(section.get("teams") or []):
        path: Path = ("posts", "teams", n)
        yield from _check_place(team, path, doc)
        yield from _check_count(team, "count", path)
        for k, name in enumerate(team.get("posts") or []):
            yield from unknown(name, ids, (*path, "posts", k))
    for n, rule in enumerate(section.get("sponsors") or []):
        yield from _check_sponsor(rule, ("posts", "sponsors", n), level_ids(doc))


def _check_post(post: Mapping[str, Any], path: Path, doc: Mapping[str, Any]) -> Iterator[Flaw]:
    yield from _check_place(post, path, doc)
    for name in ("count", "assist"):
        yield from _check_count(post, name, path)
    if post.get("on") == "area" and not post.get("level"):
        yield Flaw("GW-PACKS-017", path, "no level", "level is required for a post on areas", "level: beat")
    sets = [str(s.get("id")) for s in (doc.get("posts") or {}).get("completeness") or []]
    for k, name in enumerate(post.get("completeness") or []):
        yield from unknown(name, sets, (*path, "completeness", k))


def _check_place(item: Mapping[str, Any], path: Path, doc: Mapping[str, Any]) -> Iterator[Flaw]:
    """The level exists in the scheme that is named, and in one scheme only when none is."""
    schemes = [str(s["scheme"]) for s in schemes_of(doc)]
    found = list(unknown(item.get("scheme"), schemes, (*path, "scheme")))
    yield from found
    level, scheme = item.get("level"), None if found else item.get("scheme")
    yield from unknown(level, level_ids(doc, scheme), (*path, "level"))
    homes = [s for s in schemes if level in level_ids(doc, s)]
    if scheme is None and not found and len(homes) > 1:
        where = f"{level} in {', '.join(homes)}"
        yield Flaw("GW-PACKS-036", (*path, "level"), where, "name the scheme", f"scheme: {homes[0]}")


def _check_count(item: Mapping[str, Any], name: str, path: Path) -> Iterator[Flaw]:
    count = item.get(name) or {}
    least, most = count.get("min", 0), count.get("max")
    if most is not None and least > most:
        yield Flaw(
            "GW-PACKS-032", (*path, name), f"min {least} > max {most}", "min <= max", "{min: 1, max: 2}"
        )


def _check_sponsor(rule: Mapping[str, Any], path: Path, levels: list[str]) -> Iterator[Flaw]:
    yield from unknown(rule.get("from"), levels, (*path, "from"))
    to = rule.get("to")
    for k, name in enumerate(to if isinstance(to, list) else [to]):
        yield from unknown(name, levels, (*path, "to", k) if isinstance(to, list) else (*path, "to"))
