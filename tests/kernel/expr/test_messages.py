"""Every message about expressions can be filled, in both languages, and its sample works."""

from __future__ import annotations

import re

import pytest

from gridward.kernel.errors import Message
from gridward.kernel.expr import Bool, Date, Int, Record, Schema, Text, check, examine
from gridward.kernel.expr import messages as say
from tests.kernel.expr.sample import SCHEMA

MESSAGES = [m for m in vars(say).values() if isinstance(m, Message)]
SAMPLE_SCHEMA: Schema = {
    "trade": Text(("food", "drug")),
    "name": Text(),
    "licensed": Bool(),
    "penalties": Int(0, 100),
    "opened": Date(),
    "owner": Record({"name": Text()}),
}


def test_codes_are_unique() -> None:
    codes = [m.code for m in MESSAGES]
    assert sorted(set(codes)) == sorted(codes)


def placeholders(template: str) -> set[str]:
    return {re.sub("_(zh|en)$", "", name) for name in re.findall(r"{(\w+)}", template)}


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.code)
def test_both_languages_tell_the_same(message: Message) -> None:
    assert placeholders(message.zh) == placeholders(message.en)


@pytest.mark.parametrize("sample", sorted(set(say.SAMPLES.values()) | {"penalties > 1 && penalties < 5"}))
def test_sample_in_a_message_works(sample: str) -> None:
    assert check(sample, SAMPLE_SCHEMA)


@pytest.mark.parametrize(
    "text",
    ["", "@", "count >", "a = 1", "'a", r"'\q'", "!" * 60 + "a", "1e99", "f(1)", "size(1)", "1 + 'a'",
     "1 == 'a'", "[1]", "1 in []", "large * large", "large * 2 > 1.5", "trade == 'a'", "opened == 'a'",
     "true ? 1 : 'a'", "name.b", "owner", "x" * 2001],
)  # fmt: skip
def test_no_sentence_has_a_hole(text: str) -> None:
    _, problems = examine(text, SCHEMA)
    sentences = [p.sentence(language) for p in problems for language in ("zh", "en")]
    assert sentences != []
    assert [s for s in sentences if re.search(r"{\w+}", s)] == []
