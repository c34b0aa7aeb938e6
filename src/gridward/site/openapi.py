"""The API class of the house: its OpenAPI document declares, for every operation, the errors that any of them may give."""

from __future__ import annotations

import re
from typing import Any

import orjson
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "code", "detail", "errors"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "sentence"],
                "properties": {
                    "field": {"type": ["string", "null"]},
                    "code": {"type": "string"},
                    "sentence": {"type": "string"},
                },
            },
        },
        "current": {
            "type": "object",
            "description": "With 409: what stands now, who was first and when.",
            "properties": {
                "stage": {"type": "string"},
                "seq": {"type": "integer"},
                "by": {"type": "string"},
                "at": {"type": "string"},
            },
        },
    },
}
ERRORS = {
    400: "The request cannot be read",
    401: "Nobody is logged in",
    403: "A permission is missing",
    404: "No such thing, or not for this person",
    405: "Not with this method",
    409: "Somebody was first",
    413: "Too large",
    422: "A value is missing or wrong",
    429: "Too often",
}

OTHER_CONTENT = {"map_areas": "application/geo+json", "export_cases": "text/csv"}
"""Operations whose success is no plain JSON, with its media type."""


_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class Body(Parser):
    """JSON as RFC 8259 has it: no NaN, no half characters; and no NUL, which PostgreSQL cannot store."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The parsed body; ValueError (answered with 400) otherwise."""
        if _NUL.search(request.body):
            raise ValueError("NUL in a text")
        return orjson.loads(request.body)


class Interface(NinjaAPI):
    """NinjaAPI with the problems of the house in its document; response bodies are checked by tests, not at run time."""

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """The document of ninja, each operation with all errors as application/problem+json."""
        document = super().get_openapi_schema(**options)
        document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
        reference = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for path in document["paths"].values():
            for operation in path.values():
                if media := OTHER_CONTENT.get(operation["operationId"]):
                    operation["responses"][200]["content"] = {media: {}}
                for status, description in ERRORS.items():
                    operation["responses"].setdefault(
                        status, {"description": description, "content": reference}
                    )
        return document
