"""posts.yaml: posts, teams, sponsorship and completeness sets of a pack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gridward.grids.pack_schema import level_ids
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
    Record,
    Text,
    Whole,
    closest,
)

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
        "level": ID,
        "posts": Items(item=ID),
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
                    fields={"id": ID, "label": Label(), "elements": Items(item=ID)},
                    required=("id", "elements"),
                )
            ),
        },
        sample="posts: [{id: beat_head, level: beat, label: 片区网格长}]",
    )
}
FORBIDDEN_POSTS = ("collector", "debt", "催收", "清收", "讨债")


def posts_of(doc: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The posts of a pack."""
    found = (doc.get("posts") or {}).get("posts") or []
    return [p for p in found if isinstance(p, dict)]


def cross_check(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    """Levels that exist, teams of known posts, counts the right way round, no posts of debt collection."""
    levels, ids = level_ids(doc), [str(p.get("id")) for p in posts_of(doc)]
    for n, post in enumerate(posts_of(doc)):
        path = ("posts", "posts", n)
        if post.get("level") and levels and post["level"] not in levels:
            yield Flaw(
                "GW-PACKS-031",
                (*path, "level"),
                str(post["level"]),
                ", ".join(levels),
                closest(str(post["level"]), levels),
            )
        count = post.get("count") or {}
        if (
            isinstance(count, dict)
            and isinstance(count.get("min"), int)
            and isinstance(count.get("max"), int)
            and count["min"] > count["max"]
        ):
            yield Flaw(
                "GW-PACKS-032",
                (*path, "count"),
                f"min {count['min']} > max {count['max']}",
                "min <= max",
                "{min: 1, max: 2}",
            )
        text = f"{post.get('id')} {post.get('label')}"
        if any(word in text for word in FORBIDDEN_POSTS):
            yield Flaw("GW-PACKS-LAW-006", path, text[:60], "no posts of debt collection", "customer_manager")
    for n, team in enumerate((doc.get("posts") or {}).get("teams") or []):
        for k, name in enumerate(team.get("posts") or [] if isinstance(team, dict) else []):
            if name not in ids:
                yield Flaw(
                    "GW-PACKS-031",
                    ("posts", "teams", n, "posts", k),
                    str(name),
                    ", ".join(ids),
                    closest(str(name), ids),
                )
