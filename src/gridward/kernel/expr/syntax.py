"""Text → raw tree: reading an expression, with every slip of spelling reported at its place.

The raw tree has no types. Spelling slips ("=", "and", full-width signs) are read as what was meant and
reported, so that the mistakes of types behind them are told in the same run; a broken structure stops the
reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedToken
from lark.visitors import Transformer_NonRecursive

from gridward.kernel.expr import messages as say

LENGTH_MAX = 2000
"""Characters in one expression."""
DEPTH_MAX = 50
"""Levels of nesting in one expression; && and || count one level however many parts they join."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One part as read: what it is, where it begins (from 0), its parts, its own word or constant."""

    kind: str
    at: int
    parts: tuple[Raw, ...] = ()
    value: Any = None
    place: int = -1
    """Where its operator or name stands, when that is not where it begins."""

    @property
    def depth(self) -> int:
        """Levels of nesting, 1 for a leaf; counted without recursion."""
        deepest, level = 0, [self]
        while level:
            deepest, level = deepest + 1, [p for node in level for p in node.parts]
        return deepest


_KEYWORDS = {
    "TRUE": ("true", "True", "TRUE"),
    "FALSE": ("false", "False", "FALSE"),
    "NULL": ("null", "None", "NULL", "Null", "nil"),
    "IN": ("in", "IN", "In", "属于"),
    "AND": ("and", "AND", "And", "且", "并且"),
    "OR": ("or", "OR", "Or", "或", "或者"),
    "NOT": ("not", "NOT", "Not", "非"),
}
_WORD_KIND = {word: kind for kind, forms in _KEYWORDS.items() for word in forms}
_SIGN = {
    "AND": "&&",
    "OR": "||",
    "NOT": "!",
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
    "PERCENT": "%",
    "QUERY": "?",
    "COLON": ":",
    "COMMA": ",",
    "LPAR": "(",
    "RPAR": ")",
    "LSQB": "[",
    "RSQB": "]",
    "TRUE": "true",
    "FALSE": "false",
    "NULL": "null",
    "IN": "in",
}
_COMPARE = {
    "=": "==",
    "===": "==",
    "!==": "!=",
    "<>": "!=",
    "≠": "!=",
    "≤": "<=",
    "=<": "<=",
    "≥": ">=",
    "=>": ">=",
    "＝": "==",
    "＝＝": "==",
    "！＝": "!=",
    "＜": "<",
    "＞": ">",
}
_CLOSING = {"“": "”", "‘": "’", "「": "」"}
_ALLOWED_SIGNS = "+ - * / % == != < <= > >= && || ! ? : ( ) [ ] , . '…' \"…\""
_ESCAPES = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t", "r": "\r"}
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))", re.DOTALL)
_ESCAPE_HELP = r"\\ \' \" \n \t \r \uXXXX \UXXXXXXXX"


def _word(token: Token) -> Token:
    """A NAME token, told apart from keywords by its spelling."""
    return token.update(type=_WORD_KIND.get(token.value, token.type))


@cache
def _parser() -> Lark:
    return Lark.open(
        "grammar.lark",
        rel_to=__file__,
        parser="lalr",
        lexer="basic",
        maybe_placeholders=False,
        lexer_callbacks={"NAME": _word},
    )


def canonical(token: Token) -> str:
    """How a token is rightly written."""
    if token.type == "COMPARE":
        return _COMPARE.get(token, str(token))
    if token.type == "STRING" and token[0] in _CLOSING:
        return f"'{token[1:-1]}'"
    return _SIGN.get(token.type, str(token))


def _start(token: Token) -> int:
    return token.start_pos or 0


def _scan(text: str, report: say.Report) -> bool:
    """Report what single tokens show; return whether reading on makes sense."""
    try:
        tokens = list(_parser().lex(text))
    except UnexpectedCharacters as error:
        report.add(say.STRAY, error.pos_in_stream or 0, found=error.char, allowed=_ALLOWED_SIGNS)
        return False
    sound = True
    for token in tokens:
        if token.type == "UNCLOSED":
            report.add(say.UNCLOSED, _start(token), found=token.value)
            sound = False
        elif canonical(token) != token.value:
            report.add(say.SPELLING, _start(token), found=token.value, allowed=canonical(token))
    return sound


_ROLES: Mapping[str, tuple[str, str]] = {
    "NAME": ("字段", "a field"),
    "INT": ("数", "a number"),
    "FLOAT": ("数", "a number"),
    "STRING": ("文字", "text"),
    "COMPARE": ("== != < <= > >=", "== != < <= > >="),
    "DOT": (".", "."),
    "$END": ("结尾", "the end"),
}


_ORDER = (
    *("NAME", "INT", "FLOAT", "STRING", "TRUE", "FALSE", "NULL", "COMPARE", "IN", "AND", "OR", "NOT"),
    *("PLUS", "MINUS", "STAR", "SLASH", "PERCENT", "QUERY", "COLON", "DOT", "COMMA"),
    *("LPAR", "RPAR", "LSQB", "RSQB", "$END"),
)
"""The order in which an error tells what may stand in a place."""


def _role(kind: str) -> tuple[str, str]:
    sign = _SIGN.get(kind, kind)
    return _ROLES.get(kind, (sign, sign))


def _unexpected(error: UnexpectedToken, text: str, report: say.Report) -> None:
    token = error.token
    roles = list(dict.fromkeys(_role(k) for k in _ORDER if k in error.accepts))
    zh, en = ("结尾", "the end") if token.type == "$END" else (f"“{token.value}”", str(token.value))
    at = len(text) if token.type == "$END" else _start(token)
    report.add(
        say.SYNTAX,
        at,
        found="" if token.type == "$END" else str(token.value),
        found_zh=zh,
        found_en=en,
        allowed_zh=" ".join(r[0] for r in roles),
        allowed_en=" ".join(r[1] for r in roles),
    )


class _Builder(Transformer_NonRecursive[Token, Raw]):
    """Parse tree → Raw, bottom-up and without recursion: nesting is counted only afterwards."""

    def __init__(self, report: say.Report):
        super().__init__()
        self._report = report

    def start(self, items: list[Raw]) -> Raw:
        return items[0]

    def group(self, items: list[Any]) -> Raw:
        return _raws(items)[0]

    def name(self, items: list[Token]) -> Raw:
        return Raw("name", _start(items[0]), value=str(items[0]))

    def literal(self, items: list[Token]) -> Raw:
        token = items[0]
        return Raw("literal", _start(token), value=_constant(token, self._report))

    def arguments(self, items: list[Any]) -> tuple[Raw, ...]:
        return _raws(items)

    def list_(self, items: list[Any]) -> Raw:
        return Raw("list", _start(items[0]), items[1])

    def call(self, items: list[Any]) -> Raw:
        return Raw("call", _start(items[0]), items[2], str(items[0]), _start(items[0]))

    def method(self, items: list[Any]) -> Raw:
        return Raw("method", items[0].at, (items[0], *items[4]), str(items[2]), _start(items[2]))

    def member(self, items: list[Any]) -> Raw:
        return Raw("member", items[0].at, (items[0],), str(items[2]), _start(items[2]))

    def neg(self, items: list[Any]) -> Raw:
        return Raw("neg", _start(items[0]), (items[1],), "-", _start(items[0]))

    def not_(self, items: list[Any]) -> Raw:
        return Raw("not", _start(items[0]), (items[1],), "!", _start(items[0]))

    def choose(self, items: list[Any]) -> Raw:
        return Raw("choose", items[0].at, _raws(items), "? :", _start(items[1]))

    def _joined(self, items: list[Any], kind: str) -> Raw:
        return Raw(kind, items[0].at, _raws(items), canonical(items[1]), _start(items[1]))

    def arith(self, items: list[Any]) -> Raw:
        return self._joined(items, "arith")

    def compare(self, items: list[Any]) -> Raw:
        return self._joined(items, "compare")

    def within(self, items: list[Any]) -> Raw:
        return self._joined(items, "within")

    def all_(self, items: list[Any]) -> Raw:
        return self._joined(items, "all")

    def some_(self, items: list[Any]) -> Raw:
        return self._joined(items, "some")


def _raws(items: list[Any]) -> tuple[Raw, ...]:
    return tuple(i for i in items if isinstance(i, Raw))


def _constant(token: Token, report: say.Report) -> Any:
    """The value of a literal token: bool, int, float, str or None."""
    if token.type == "STRING":
        return _unquoted(token, report)
    readers: Mapping[str, Callable[[str], Any]] = {"INT": int, "FLOAT": float}
    if token.type in readers:
        return readers[token.type](token.value)
    return {"TRUE": True, "FALSE": False}.get(token.type)


def _unquoted(token: Token, report: say.Report) -> str:
    body = token[1:-1]
    if token[0] in _CLOSING:
        return body
    base = _start(token) + 1

    def one(match: re.Match[str]) -> str:
        return _unescaped(match, base + match.start(), report)

    return _ESCAPE.sub(one, body)


def _unescaped(match: re.Match[str], at: int, report: say.Report) -> str:
    short, long, plain = match.groups()
    if plain is not None:
        if plain not in _ESCAPES:
            report.add(say.ESCAPE, at, found=match.group(), allowed=_ESCAPE_HELP)
        return _ESCAPES.get(plain, plain)
    code = int(short or long, 16)
    if code == 0 or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        report.add(say.ESCAPE, at, found=match.group(), allowed=_ESCAPE_HELP)
        return "?"
    return chr(code)


def _unstorable(text: str) -> int:
    """Place of the first character that no database holds (U+0000, half of a surrogate pair), or -1."""
    found = re.search("[\x00\ud800-\udfff]", text)
    return found.start() if found else -1


def read(text: str, report: say.Report) -> Raw | None:
    """The raw tree of `text`; None when its structure is broken. Mistakes go to `report`."""
    if len(text) > LENGTH_MAX:
        report.add(say.TOO_LONG, LENGTH_MAX, found=len(text), allowed=LENGTH_MAX)
        return None
    if not text.strip():
        report.add(say.EMPTY, 0)
        return None
    if (bad := _unstorable(text)) >= 0:
        report.add(say.STRAY, bad, found=f"U+{ord(text[bad]):04X}", allowed=_ALLOWED_SIGNS)
        return None
    if not _scan(text, report):
        return None
    return _structured(text, report)


def _structured(text: str, report: say.Report) -> Raw | None:
    try:
        parsed = _parser().parse(text)
    except UnexpectedToken as error:
        _unexpected(error, text, report)
        return None
    raw = _Builder(report).transform(parsed)
    if raw.depth > DEPTH_MAX:
        report.add(say.TOO_DEEP, 0, found=raw.depth, allowed=DEPTH_MAX)
        return None
    return raw
