"""Generated requests against every operation of the OpenAPI: no 5xx, only declared answers, bodies of their shape."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from ninja import Schema
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from gridward.site.api import api
from gridward.site.wsgi import application
from tests import cast as house
from tests.factories.cases import Play, install_rules

pytestmark = pytest.mark.django_db
EXAMPLES = 8
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    ignored_auth,
    unsupported_method,
]
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.fixture(scope="module")
def token(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """Zhao, who may nearly everything, in a territory with a dictionary and a case."""
    with house.standing(django_db_blocker) as cast:
        with django_db_blocker.unblock():
            install_rules()
            Play(cast).report()
            told = cast.token("Zhao", datetime.now(UTC))
        # As Django's own test client does: the requests live in the test's transaction.
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)
        yield told
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_operation_answers_only_what_it_declares(case: Any, token: str) -> None:
    """R-ADM-03: whatever comes in, the answer is declared, has its shape, and is no server error."""
    case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)


ERRORS = {"400", "401", "403", "404", "409", "422", "429"}


def test_every_operation_declares_the_errors_of_the_house() -> None:
    document = api.get_openapi_schema(path_prefix="/api/v1")
    lacking = {
        operation["operationId"]: sorted(ERRORS - {str(status) for status in operation["responses"]})
        for path in document["paths"].values()
        for operation in path.values()
        if ERRORS - {str(status) for status in operation["responses"]}
    }
    assert lacking == {}


def test_shapes_of_one_name_are_one_shape() -> None:
    """The document knows shapes by name only: a second one of the same name would silently replace the first."""
    shapes: dict[str, list[tuple[str, Any]]] = {}
    for name in ("cases.api", "grids.api", "people.api", "ledger.api", "site.api", "site.public"):
        module = import_module(f"gridward.{name}")
        for found in vars(module).values():
            if isinstance(found, type) and issubclass(found, Schema) and found.__module__ == module.__name__:
                body = found.model_json_schema()
                shape = {key: body.get(key) for key in ("properties", "required")}
                shapes.setdefault(found.__name__, []).append((name, shape))
    doubled = {
        name: [where for where, _ in found]
        for name, found in shapes.items()
        if any(shape != found[0][1] for _, shape in found)
    }
    assert doubled == {}
