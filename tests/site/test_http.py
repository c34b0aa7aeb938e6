"""The whole program as one installs it: `gridward serve`, many clients at once, problems, sessions, time."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from tests.cast import PASSWORD
from tests.site.running import Answer, Caller, Server, gridward, serving, settle

CLIENTS, EACH = 16, 6
REAL = dict.fromkeys(("GRIDWARD_ALLOW_SIMULATED_TIME", "GRIDWARD_SIMULATED_TIME"), "")


class Place:
    """An installation with the cast, served."""

    def __init__(self, server: Server, facts: dict[str, Any], environment: dict[str, str]) -> None:
        self.server, self.facts, self.environment = server, facts, environment

    def caller(self, who: str = "", **headers: str) -> Caller:
        return self.server.client(self.facts["tokens"][who] if who else "", **headers)

    def report(self, who: str = "Zhao", grid: str = "3-2-1", **more: Any) -> dict[str, Any]:
        lon, lat = self.facts["points"][grid]
        return {
            "id": str(uuid4()),
            "category": "waste",
            "point": {"lon": lon, "lat": lat},
            "text": "垃圾",
            **more,
        }


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    from tests.conftest import installation

    made = installation.__wrapped__(tmp_path_factory.mktemp("served"))  # type: ignore[attr-defined]
    environment = {**next(made), **REAL}
    facts = settle(environment)
    with serving(environment) as server:
        yield Place(server, facts, environment)
    next(made, None)


def check_problem(answer: Answer, status: int, code: str) -> dict[str, Any]:
    """The shape of 12-contracts, whatever the error."""
    found, headers, body = answer
    assert (found, headers["content-type"]) == (status, "application/problem+json"), body
    assert {"type", "title", "status", "code", "detail", "errors"} == set(body) - {"current"}
    assert (body["status"], body["code"]) == (status, code)
    assert all(set(e) == {"field", "code", "sentence"} and e["sentence"] for e in body["errors"])
    return dict(body)


# --- many at once ---------------------------------------------------------------------------------------------------


class Clerk:
    """One client: reports cases, reports some twice, and moves cases that others move too."""

    def __init__(self, place: Place, number: int, shared: list[str], seen: list[tuple[str, Answer]]) -> None:
        self.chance, self.place, self.shared, self.seen = random.Random(number), place, shared, seen
        self.caller = place.caller("Zhao")

    def note(self, what: str, answer: Answer) -> Any:
        self.seen.append((what, answer))
        return answer[2]

    def work(self) -> None:
        for _ in range(EACH):
            body = self.place.report()
            self.note("report", self.caller.post("/api/v1/cases", body))
            self.note("again", self.caller.post("/api/v1/cases", body))
            self.note("other", self.caller.post("/api/v1/cases", {**body, "text": "别的"}))
            self.shared.append(body["id"])
            self.push(self.chance.choice(self.shared))

    def push(self, case: str) -> None:
        """Read where a case stands, then move it: by then somebody else may have been first."""
        status, _, detail = self.caller.get(f"/api/v1/cases/{case}")
        assert status == 200
        move, data = {
            "collected": ("file", {}),
            "filed": ("assign", {"unit": "cleaning"}),
            "assigned": ("sign", {}),
            "handling": ("hand_in", {"text": "已清理"}),
        }.get(detail["stage"], ("", {}))
        if move:
            body = {"id": str(uuid4()), "move": move, "expected_seq": detail["seq"], "data": data}
            self.note("move", self.caller.post(f"/api/v1/cases/{case}/moves", body))
            self.note("moved again", self.caller.post(f"/api/v1/cases/{case}/moves", body))
            late = {**body, "id": str(uuid4())}
            self.note("late", self.caller.post(f"/api/v1/cases/{case}/moves", late))


def test_sixteen_clients_at_once_get_answers_or_409_with_who_and_when(place: Place) -> None:
    """Issue A: no error but 409; each says who was first and when; afterwards the journals are whole."""
    shared: list[str] = []
    seen: list[tuple[str, Answer]] = []
    clerks = [Clerk(place, n, shared, seen) for n in range(CLIENTS)]
    threads = [threading.Thread(target=clerk.work) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = {
        what: Counter(a[0] for w, a in seen if w == what) for what in dict.fromkeys(w for w, _ in seen)
    }
    assert statuses["report"] == {201: CLIENTS * EACH}
    assert statuses["again"] == {200: CLIENTS * EACH}
    assert statuses["other"] == {409: CLIENTS * EACH}
    assert set(statuses["move"]) <= {200, 409} and statuses["move"] == statuses["moved again"]
    assert set(statuses["late"]) == {409}
    for _, answer in seen:
        if answer[0] == 409:
            current = check_problem(answer, 409, answer[2]["code"])["current"]
            assert set(current) == {"stage", "seq", "by", "at"} and current["by"] == "Zhao" and current["at"]
    done = gridward(place.environment, "verify", "journals", "--json")
    report = json.loads(done.stdout)
    assert (report["ok"], report["problems"]) == (True, [])
    assert report["cases"] == len(set(shared)) == CLIENTS * EACH


def test_same_move_sent_by_all_clients_at_once_is_done_once(place: Place) -> None:
    """A double tap, sixteen times: one entry, one answer for all."""
    case = place.caller("Zhao").post("/api/v1/cases", place.report())[2]
    body = {"id": str(uuid4()), "move": "file", "expected_seq": 1, "data": {}}
    answers: list[Answer] = []
    start = threading.Barrier(CLIENTS)

    def send() -> None:
        caller = place.caller("Zhao")
        start.wait()
        answers.append(caller.post(f"/api/v1/cases/{case['id']}/moves", body))

    threads = [threading.Thread(target=send) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [a[0] for a in answers] == [200] * CLIENTS
    assert all(a[2] == answers[0][2] for a in answers)
    assert len(place.caller("Zhao").get(f"/api/v1/cases/{case['id']}/journal")[2]["items"]) == 2


# --- problems -------------------------------------------------------------------------------------------------------


def test_problems_have_one_shape(place: Place) -> None:
    """12-contracts: application/problem+json for 401, 403, 404, 409 and 422, with a sentence for each field."""
    zhao, chen, nobody = place.caller("Zhao"), place.caller("Chen"), place.caller()
    check_problem(nobody.get("/api/v1/cases"), 401, "GW-SITE-010")
    check_problem(place.server.client("wrong").get("/api/v1/cases"), 401, "GW-SITE-010")
    check_problem(chen.post("/api/v1/cases", place.report(grid="3-2-2")), 403, "GW-CASES-042")
    check_problem(zhao.get(f"/api/v1/cases/{uuid4()}"), 404, "GW-CASES-060")
    check_problem(zhao.get("/api/v1/nothing"), 404, "GW-SITE-011")
    case = zhao.post("/api/v1/cases", place.report())[2]
    move = {"id": str(uuid4()), "move": "file", "expected_seq": 7, "data": {}}
    check_problem(zhao.post(f"/api/v1/cases/{case['id']}/moves", move), 409, "GW-CASES-050")
    wrong = check_problem(zhao.post("/api/v1/cases", {"id": "x", "point": {"lon": 200}}), 422, "GW-SITE-020")
    assert [e["field"] for e in wrong["errors"]] == ["id", "category", "point.lon", "point.lat"]
    check_problem(zhao.post("/api/v1/cases", b"{not json"), 400, "GW-SITE-012")
    check_problem(zhao.post("/api/v1/cases", place.report(category="wast")), 422, "GW-CASES-020")
    check_problem(zhao.call("PUT", "/api/v1/cases", {}), 405, "GW-SITE-014")


def test_problem_speaks_the_language_of_the_reader(place: Place) -> None:
    zh = place.caller("Zhao").get(f"/api/v1/cases/{uuid4()}")[2]
    en = place.caller("Zhao").get(f"/api/v1/cases/{uuid4()}", Accept_Language="en-GB,zh")[2]
    assert zh["title"] == "没有找到" and "没有案件" in zh["detail"]
    assert en["title"] == "Not found" and "There is no case" in en["detail"]


# --- sessions -------------------------------------------------------------------------------------------------------


def cookies_of(answer: Answer) -> dict[str, str]:
    lines = [line.split(";")[0].split("=", 1) for line in answer[1]["set-cookie"].splitlines()]
    return {line[0]: line[1] for line in lines}


def log_in(place: Place, login: str = "zhao", password: str = PASSWORD) -> Answer:
    return place.caller().post("/api/v1/session", {"login": login, "password": password})


def test_session_cookie_is_for_the_server_only(place: Place) -> None:
    answer = log_in(place)
    assert answer[0] == 200
    flags = next(
        line for line in answer[1]["set-cookie"].splitlines() if line.startswith("gridward_session=")
    )
    assert (
        [part.strip() for part in flags.split(";")][1:] and "HttpOnly" in flags and "SameSite=Strict" in flags
    )
    assert "Secure" not in flags  # plain HTTP on loopback; with HTTPS it is set (test_site_settings)


def test_write_by_session_needs_the_csrf_token(place: Place) -> None:
    """A form of another site has the cookie but not the token."""
    cookies = cookies_of(log_in(place))
    jar = "; ".join(f"{k}={v}" for k, v in cookies.items())
    caller = place.caller(Cookie=jar)
    assert caller.get("/api/v1/cases")[0] == 200
    check_problem(caller.post("/api/v1/cases", place.report()), 403, "GW-SITE-002")
    check_problem(caller.post("/api/v1/cases", place.report(), X_CSRFToken="x" * 32), 403, "GW-SITE-002")
    assert caller.post("/api/v1/cases", place.report(), X_CSRFToken=cookies["csrftoken"])[0] == 201
    assert caller.call("DELETE", "/api/v1/session", None, X_CSRFToken=cookies["csrftoken"])[0] == 204
    check_problem(caller.get("/api/v1/cases"), 401, "GW-SITE-010")


def test_token_needs_no_csrf_and_a_wrong_token_is_not_helped_by_a_cookie(place: Place) -> None:
    jar = "; ".join(f"{k}={v}" for k, v in cookies_of(log_in(place)).items())
    assert place.caller("Zhao").post("/api/v1/cases", place.report())[0] == 201
    assert place.server.client("wrong", Cookie=jar).get("/api/v1/cases")[0] == 401


def test_too_many_failures_lock_the_login_and_say_until_when(place: Place) -> None:
    """R-ADM-01: five failures; the right password does not help while it is locked."""
    answers = [log_in(place, "wu", "wrong password") for _ in range(5)]
    assert [a[0] for a in answers] == [401] * 5
    check_problem(answers[0], 401, "GW-PEOPLE-040")
    locked = check_problem(log_in(place, "wu"), 429, "GW-PEOPLE-041")
    assert "失败次数过多" in locked["detail"]
    assert log_in(place, "zhao")[0] == 200


# --- time, health, end ----------------------------------------------------------------------------------------------


def test_simulated_time_is_ignored_where_it_is_not_allowed(place: Place) -> None:
    answer = place.caller("Zhao", X_Gridward_Now="2026-06-05T15:00:00+08:00").post(
        "/api/v1/cases", place.report()
    )
    assert answer[0] == 201
    assert not answer[2]["opened_at"].startswith("2026-06-05")


def test_simulated_time_is_refused_by_serve_without_the_environment(place: Place) -> None:
    done = gridward(place.environment, "serve", "--port", "0", "--simulated-time", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "GRIDWARD_ALLOW_SIMULATED_TIME=1" in done.stderr


def test_health_and_readiness(place: Place) -> None:
    caller = place.caller()
    assert caller.get("/healthz")[0::2] == (200, "ok\n")
    assert caller.get("/readyz")[0::2] == (200, {"ready": True, "problems": []})


def test_answers_carry_the_security_headers(place: Place) -> None:
    _, headers, _ = place.caller("Zhao").get("/api/v1/cases")
    assert headers["cache-control"] == "no-store"
    assert "script-src 'self'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_simulated_time_serves_every_request_at_its_own_instant_and_sigterm_ends_it(
    installation: dict[str, str], tmp_path: Path
) -> None:
    """Both switches on: the header is the clock at the door. SIGTERM ends all processes within 10 s."""
    environment = {**installation, "GRIDWARD_ALLOW_SIMULATED_TIME": "1"}
    facts = settle(environment)
    with serving(environment, "--simulated-time") as server:
        place = Place(server, facts, environment)
        assert set(server.ready) == {"url", "pid"} and server.ready["pid"] == server.process.pid
        at = "2026-06-05T15:00:00+08:00"
        made = place.caller("Zhao", X_Gridward_Now=at).post("/api/v1/cases", place.report())[2]
        assert (made["opened_at"], made["next_due_at"]) == ("2026-06-05T07:00:00Z", "2026-06-08T01:00:00Z")
        check_problem(place.caller("Zhao", X_Gridward_Now="gestern").get("/api/v1/cases"), 422, "GW-SITE-001")
        check_problem(
            place.caller("Zhao", X_Gridward_Now="2026-06-05").get("/api/v1/cases"), 422, "GW-SITE-001"
        )
        assert server.stop() < 10
        with pytest.raises(OSError):
            place.caller().get("/healthz")
    assert server.process.returncode == 0
