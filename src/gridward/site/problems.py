"""Errors as application/problem+json: code, sentence in the reader's language, fields, and for 409 who and when."""

from __future__ import annotations

import logging
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gridward.kernel.errors import (
    BadInput,
    Conflict,
    GridwardError,
    ManyProblems,
    Message,
    Missing,
    Unauthenticated,
)
from gridward.site.door import language_of

log = logging.getLogger("gridward.site")

TITLES = {
    400: ("请求无法理解", "Bad request"),
    401: ("请先登录", "Log in first"),
    403: ("没有权限", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("方法不对", "Method not allowed"),
    409: ("已被改动", "Changed meanwhile"),
    413: ("内容太大", "Too large"),
    422: ("填写有误", "Not valid"),
    429: ("请稍后再试", "Try again later"),
    500: ("系统出错", "Something broke"),
}
LOG_IN = Message(
    "GW-SITE-010", "请先登录，或检查访问令牌是否有效。", "Log in first, or check that the token is valid."
)
NO_PAGE = Message("GW-SITE-011", "没有这个地址：{found}。", "There is nothing at {found}.")
NOT_JSON = Message(
    "GW-SITE-012", "请求内容不是有效的 JSON：{found}。", "The request body is not valid JSON: {found}."
)
NOT_METHOD = Message(
    "GW-SITE-014",
    "这个地址不支持 {found}；可用的方法：{allowed}。",
    "{found} is not possible at this address; allowed: {allowed}.",
)
TOO_LARGE = Message(
    "GW-SITE-015",
    "请求内容超过 {allowed} MB；请分成几份，或在命令行导入。",
    "The request is larger than {allowed} MB; send it in parts or import it on the command line.",
)
NUL = Message(
    "GW-SITE-016",
    "地址中含有不可用的字符（NUL）；请去掉后再试。",
    "The address contains a character that cannot be used (NUL); remove it.",
)
BROKEN = Message(
    "GW-SITE-013",
    "系统出错，已记录；您填写的内容没有保存，请稍后再试或联系管理员。",
    "Something broke and was logged; nothing was saved. Try again later or tell the administrator.",
)
FIELD = Message("GW-SITE-020", "“{field}”有误：{reason}。", "{field} is not valid: {reason}.")

REASONS = {
    "missing": ("缺少此项", "it is missing"),
    "uuid_parsing": ("应为 UUID", "it must be a UUID"),
    "string_type": ("应为文本", "it must be text"),
    "int_parsing": ("应为整数", "it must be a whole number"),
    "int_type": ("应为整数", "it must be a whole number"),
    "float_parsing": ("应为数字", "it must be a number"),
    "float_type": ("应为数字", "it must be a number"),
    "bool_parsing": ("应为 true 或 false", "it must be true or false"),
    "string_too_long": ("太长，最多 {max_length} 个字", "too long, at most {max_length} characters"),
    "greater_than_equal": ("不能小于 {ge}", "it must be at least {ge}"),
    "less_than_equal": ("不能大于 {le}", "it must be at most {le}"),
    "string_pattern_mismatch": ("格式应为 {pattern}", "it must match {pattern}"),
    "datetime_from_date_parsing": ("应为 RFC 3339 时间", "it must be an RFC 3339 instant"),
    "datetime_parsing": ("应为 RFC 3339 时间", "it must be an RFC 3339 instant"),
    "timezone_aware": ("应带时区，例如 +08:00", "it needs a time zone such as +08:00"),
    "list_type": ("应为列表", "it must be a list"),
    "dict_type": ("应为对象", "it must be an object"),
    "too_long": ("项目太多，最多 {max_length} 项", "too many items, at most {max_length}"),
}


def problem(
    request: HttpRequest, error: GridwardError, errors: list[dict[str, Any]] | None = None
) -> HttpResponse:
    """One problem document."""
    language = language_of(request)
    title = TITLES.get(error.status, TITLES[500])
    if errors is None:
        found = error.problems if isinstance(error, ManyProblems) else [error]
        errors = [{"field": e.field, "code": e.code, "sentence": e.sentence(language)} for e in found]
    body: dict[str, Any] = {
        "type": f"https://gridward.example/problems/{error.code}",
        "title": title[1] if language == "en" else title[0],
        "status": error.status,
        "code": error.code,
        "detail": error.sentence(language),
        "errors": errors,
    }
    if isinstance(error, Conflict) and error.current:
        body["current"] = error.current
    response = HttpResponse(orjson.dumps(body), status=error.status, content_type="application/problem+json")
    if error.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if error.status == 429 and (seconds := error.values.get("seconds")):
        response["Retry-After"] = str(seconds)
    return response


def with_status(error: GridwardError, status: int) -> GridwardError:
    """An error that only HTTP knows, with its status."""
    error.status = status
    return error


def too_large() -> GridwardError:
    """413: more than the limit of an upload by web."""
    allowed = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
    return with_status(BadInput(TOO_LARGE, allowed=allowed), 413)


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """405 as a problem document."""
    error = with_status(BadInput(NOT_METHOD, found=str(request.method), allowed=allowed), 405)
    response = problem(request, error)
    response["Allow"] = allowed
    return response


def install(api: NinjaAPI) -> None:
    """Attach the handlers to an API."""

    @api.exception_handler(GridwardError)
    def _own(request: HttpRequest, error: GridwardError) -> HttpResponse:
        if error.status >= 500:
            log.error("fault %s on %s", error, request.path)
        return problem(request, error)

    @api.exception_handler(AuthenticationError)
    def _auth(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(request, Unauthenticated(LOG_IN))

    @api.exception_handler(ValidationError)
    def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        fields = [_field(request, item) for item in error.errors]
        first = (
            BadInput(FIELD, field=fields[0]["field"], reason=fields[0]["reason"])
            if fields
            else BadInput(FIELD)
        )
        first.values["field"] = first.field
        for item in fields:
            item.pop("reason")
        return problem(request, first, fields)

    @api.exception_handler(Http404)
    def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(request, Missing(NO_PAGE, found=request.path))

    @api.exception_handler(HttpError)
    def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
        own = BadInput(NOT_JSON, found=str(error)[:120])
        return problem(request, with_status(own, error.status_code))

    @api.exception_handler(RequestDataTooBig)
    def _large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return problem(request, too_large())

    @api.exception_handler(Exception)
    def _bug(request: HttpRequest, error: Exception) -> HttpResponse:
        log.exception("unhandled error on %s", request.path)
        own = GridwardError(BROKEN)
        return problem(request, own)


def _field(request: HttpRequest, item: Any) -> dict[str, Any]:
    english = language_of(request) == "en"
    place = [
        str(part)
        for part in item.get("loc", ())
        if part not in ("body", "query", "path", "payload", "filters")
    ]
    name = ".".join(part for part in place if not part.endswith("In")) or "body"
    zh, en = REASONS.get(item.get("type", ""), (str(item.get("msg")), str(item.get("msg"))))
    context = {k: str(v) for k, v in (item.get("ctx") or {}).items()}
    reason = (en if english else zh).format_map(
        {**dict.fromkeys(("max_length", "ge", "le", "pattern"), "?"), **context}
    )
    own = BadInput(FIELD, reason=reason)
    own.values["field"] = name
    return {
        "field": name,
        "code": FIELD.code,
        "sentence": own.sentence("en" if english else "zh"),
        "reason": reason,
    }
