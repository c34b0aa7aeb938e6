"""The access matrix: what every operation of the API must answer to every member of the cast, in every area.

Nothing is listed by hand but what an operation asks of its caller (RULES: one line for each operation id). Who holds
which permission where comes from tests/cast.py. An operation without a line here fails the test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from gridward.cases.rules.moves import MOVES, PERMISSION
from gridward.cases.rules.view import TURNS
from gridward.kernel.actor import SYSTEM
from gridward.ledger import actions as ledger
from tests.cast import HOLDS, PEOPLE
from tests.factories.cases import Play

AREAS = ("3-2-1", "3-2-2", "3-1-1", "next 1-1-1")
MEMBERS = (*PEOPLE, "")  # "" is nobody: no token
MORE: Mapping[str, tuple[str, ...]] = {
    "grid_head": ("ledger:subject:read",),
    "community_head": ("ledger:subject:read", "ledger:subject:create"),
    "district_desk": (
        "cases:case:export",
        "ledger:subject:read",
        "ledger:subject:create",
        "ledger:subject:change",
    ),
}
"""Powers that the cast's posts get for this test on top, so that every door opens for somebody."""
DATA: Mapping[str, Mapping[str, Any]] = {
    "pre_filing_check": {"step": "ask"},
    "decline": {"reason": "不属实"},
    "void": {"reason": "误报"},
    "settle_on_site": {"text": "当场清理"},
}


@dataclass
class World:
    """The cast, one case and one subject in every area, and who holds what."""

    play: Play
    powers: Mapping[str, tuple[str, ...]]
    cases: dict[str, dict[str, Any]] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def settle(self) -> None:
        """Make the cases, the subjects and the tokens."""
        now = datetime.now(UTC)
        shop = {
            "id": "shop",
            "label": {"zh": "商铺"},
            "fields": [{"id": "note", "type": "text", "label": "备注"}],
        }
        ledger.define_ledger(definition=shop, pack="", version="1", actor=SYSTEM, now=now)
        for area in AREAS:
            self.cases[area] = self.play.report(
                "Qian" if area.startswith("next") else "Zhao", area, text="门口垃圾"
            )
            lon, lat = self.play.point(area)
            made = ledger.create_subject(
                ledger="shop", name=f"店 {area}", lon=lon, lat=lat, actor=SYSTEM, now=now
            )
            self.subjects[area] = str(made)
        self.tokens = {who: self.play.cast.token(who, now) for who in PEOPLE}

    def holds(self, who: str, permission: str, area: str) -> bool:
        """Whether the table of the cast gives this power here: own post, own area or below, no idle deputy."""
        if who not in HOLDS:
            return False
        post, home, rank = HOLDS[who]
        areas = self.play.cast.areas
        below = areas[area].code.startswith(areas[home].code)
        return rank != "deputy" and permission in self.powers[post] and below

    def anywhere(self, who: str, permission: str) -> bool:
        """Whether this member holds the power in the own area at all."""
        return who in HOLDS and self.holds(who, permission, HOLDS[who][1])

    def client(self, who: str) -> Client:
        return Client(HTTP_AUTHORIZATION=f"Bearer {self.tokens[who]}") if who else Client()


Seen = tuple[int, frozenset[str]]
"""Status, and of which areas the answer shows something."""


@dataclass(frozen=True)
class Rule:
    """How to call an operation as somebody about an area, and what must come back."""

    call: Callable[[World, Client, str], HttpResponse]
    expect: Callable[[World, str, str], Seen]
    about_area: bool = True


NOTHING: frozenset[str] = frozenset()


def shown(world: World, answer: HttpResponse) -> frozenset[str]:
    """The areas whose case or subject is named in an answer, by id or number."""
    text = answer.content.decode() if answer.status_code < 300 else ""
    marks = {area: (c["id"], c["number"], world.subjects[area]) for area, c in world.cases.items()}
    return frozenset(area for area, names in marks.items() if any(name in text for name in names))


def get(path: str) -> Callable[[World, Client, str], HttpResponse]:
    """GET; {case}, {subject}, {area} and {code} in the path are those of the area."""

    def call(world: World, client: Client, area: str) -> HttpResponse:
        ref = world.play.cast.areas[area]
        filled = path.format(
            case=world.cases[area]["id"], subject=world.subjects[area], area=ref.id, code=ref.code
        )
        return client.get(f"/api/v1{filled}")

    return call


def send(
    method: str, path: str, body: Callable[[World, str], Any]
) -> Callable[[World, Client, str], HttpResponse]:
    def call(world: World, client: Client, area: str) -> HttpResponse:
        filled = path.format(case=world.cases[area]["id"], subject=world.subjects[area], any=uuid4())
        data = body(world, area)
        return client.generic(method, f"/api/v1{filled}", _bytes(data), content_type="application/json")

    return call


def _bytes(data: Any) -> bytes:
    import orjson

    return orjson.dumps(data) if data is not None else b""


def listed(permission: str, path: str, *, narrowed: bool = False) -> Rule:
    """A list: everybody who is logged in gets the part in the own scope, which may be empty."""

    def expect(world: World, who: str, area: str) -> Seen:
        if not who:
            return 401, NOTHING
        wanted = (area,) if narrowed else AREAS
        return 200, frozenset(a for a in wanted if world.holds(who, permission, a))

    return Rule(get(path), expect, narrowed)


def exported(permission: str, read: str, path: str) -> Rule:
    """As a list, but refused to those who hold the permission nowhere."""

    def expect(world: World, who: str, area: str) -> Seen:
        if not who or not world.anywhere(who, permission):
            return (403 if who else 401), NOTHING
        return 200, frozenset(
            a for a in AREAS if world.holds(who, permission, a) and world.holds(who, read, a)
        )

    return Rule(get(path), expect, False)


def one(permission: str, path: str, *, hidden: int = 404, shows: bool = True) -> Rule:
    """One thing in an area: shown to whoever may read it, otherwise `hidden`."""

    def expect(world: World, who: str, area: str) -> Seen:
        if not who:
            return 401, NOTHING
        if not world.holds(who, permission, area):
            return hidden, NOTHING
        return 200, frozenset({area}) if shows else NOTHING

    return Rule(get(path), expect)


def person(call: Callable[[World, Client, str], HttpResponse], status: int = 200) -> Rule:
    """Whoever is logged in, wherever the post is; never a case or a subject in the answer."""
    return Rule(call, lambda world, who, area: (status if who else 401, NOTHING), False)


def everybody(call: Callable[[World, Client, str], HttpResponse], status: int) -> Rule:
    """No log-in needed."""
    return Rule(call, lambda world, who, area: (status, NOTHING), False)


def acting(
    call: Callable[[World, Client, str], HttpResponse], permission: str, read: str = "", status: int = 200
) -> Rule:
    """A change in an area: 404 for whoever may not read the thing, 403 without the power."""

    def expect(world: World, who: str, area: str) -> Seen:
        if not who:
            return 401, NOTHING
        if read and not world.holds(who, read, area):
            return 404, NOTHING
        return (status if world.holds(who, permission, area) else 403), NOTHING

    return Rule(call, expect)


def _report(world: World, area: str) -> dict[str, Any]:
    lon, lat = world.play.point(area)
    return {"id": str(uuid4()), "category": "waste", "point": {"lon": lon, "lat": lat}, "text": "新"}


def _subject(world: World, area: str) -> dict[str, Any]:
    lon, lat = world.play.point(area)
    return {"id": str(uuid4()), "name": "新店", "point": {"lon": lon, "lat": lat}}


def _move(move: str) -> Rule:
    """Every move on a case that was just reported: allowed ones go through or meet the wrong stage."""

    def body(world: World, area: str) -> dict[str, Any]:
        return {"id": str(uuid4()), "move": move, "expected_seq": 1, "data": DATA.get(move, {})}

    status = 200 if "collected" in MOVES[move][0] else 422
    return acting(send("POST", "/cases/{case}/moves", body), PERMISSION[move], "cases:case:read", status)


def _blob(world: World, client: Client, area: str) -> HttpResponse:
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.4\n%%EOF\n", content_type="application/pdf")
    return client.post("/api/v1/blobs", {"file": file})


def _public(world: World, area: str) -> dict[str, Any]:
    return {**_report(world, area), "id": str(uuid4())}


def _nothing(world: World, area: str) -> None:
    return None


CASE, SUBJECT, PEOPLE_READ = "cases:case:read", "ledger:subject:read", "people:person:read"
RULES: Mapping[str, tuple[Rule, ...]] = {
    "log_in": (everybody(send("POST", "/session", lambda w, a: {"login": "nobody", "password": "x"}), 401),),
    "public_report": (everybody(send("POST", "/public/reports", _public), 201),),
    "get_session": (person(get("/session")),),
    "log_out": (person(send("DELETE", "/session", _nothing), 204),),
    "list_sessions": (person(get("/sessions")),),
    "end_session": (person(send("DELETE", "/sessions/{any}", _nothing), 404),),
    "store_blob": (person(_blob, 201),),
    "report_case": (acting(send("POST", "/cases", _report), "cases:case:report", status=201),),
    "move_case": tuple(_move(move) for move in MOVES),
    "list_cases": (
        listed(CASE, "/cases"),
        listed(CASE, "/cases?order=-created"),
        listed(CASE, "/cases?stage=collected"),
        listed(CASE, "/cases?category=waste"),
        listed(CASE, "/cases?q=门口"),
        listed(CASE, "/cases?area={code}", narrowed=True),
        listed(CASE, "/cases?after=last"),
        listed(TURNS["collected"], "/cases?inbox=true"),
    ),
    "map_cases": (listed(CASE, "/cases.geojson"), listed(CASE, "/cases.geojson?area={code}", narrowed=True)),
    "export_cases": (exported("cases:case:export", CASE, "/cases.csv"),),
    "count_cases": (Rule(get("/cases/counts"), lambda w, who, a: (200 if who else 401, NOTHING), False),),
    "get_case": (one(CASE, "/cases/{case}"),),
    "get_journal": (one(CASE, "/cases/{case}/journal"),),
    "list_categories": (person(get("/categories")),),
    "list_schemes": (person(get("/schemes")),),
    "list_areas": (person(get("/areas")),),
    "map_areas": (person(get("/areas.geojson")),),
    "get_area": (person(get("/areas/{area}")),),
    "list_units": (person(get("/units")),),
    "list_postings": (one(PEOPLE_READ, "/areas/{area}/postings", hidden=403, shows=False),),
    "responsible_at": (one(PEOPLE_READ, "/areas/{area}/responsible", hidden=403, shows=False),),
    "list_gaps": (person(get("/gaps?scheme=town")),),
    "list_inbox": (person(get("/inbox")),),
    "finish_inbox_item": (person(send("POST", "/inbox/{any}/done", _nothing), 404),),
    "sign_handover": (person(send("POST", "/handovers/{any}/sign", _nothing), 404),),
    "list_ledgers": (person(get("/ledgers")),),
    "list_subjects": (
        listed(SUBJECT, "/ledgers/shop/subjects"),
        listed(SUBJECT, "/ledgers/shop/subjects?q=店"),
        listed(SUBJECT, "/ledgers/shop/subjects?area={code}", narrowed=True),
    ),
    "create_subject": (
        acting(send("POST", "/ledgers/shop/subjects", _subject), "ledger:subject:create", status=201),
    ),
    "get_subject": (one(SUBJECT, "/subjects/{subject}"),),
    "change_subject": (
        acting(
            send("PATCH", "/subjects/{subject}", lambda w, a: {"expected_seq": 1, "values": {"note": "改"}}),
            "ledger:subject:change",
            SUBJECT,
        ),
    ),
}


def differences(world: World, operation: str) -> Iterator[str]:
    """One sentence for every answer that is not the table's: operation, member, area, found, wanted."""
    for number, rule in enumerate(RULES[operation]):
        for area in AREAS if rule.about_area else AREAS[:1]:
            for who in MEMBERS:
                with transaction.atomic():
                    answer = rule.call(world, world.client(who), area)
                    found = answer.status_code, shown(world, answer)
                    transaction.set_rollback(True)
                wanted = rule.expect(world, who, area)
                if answer.request["REQUEST_METHOD"] != "GET":
                    found = found[0], NOTHING
                if found != wanted:
                    place = f"{operation}[{number}] as {who or 'nobody'} about {area}"
                    yield f"{place}: {found[0]} {sorted(found[1])}, the table says {wanted[0]} {sorted(wanted[1])}"
