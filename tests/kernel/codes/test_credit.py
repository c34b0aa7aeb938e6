"""kernel/codes/credit.py: unified social credit codes (GB 32100), the mistake narrowed down (R-LED-03)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.codes.credit import (
    ALPHABET,
    check_character,
    check_credit_code,
    credit_code_problems,
    is_credit_code,
    likely_credit_code,
    organisation_check,
)
from gridward.kernel.errors import BadInput

GOOD = "91350100M000100Y43"  # the worked example of the standard


def compose(authority: str, division: int, body: str) -> str:
    first = f"{authority}{division:06d}{body}{organisation_check(body)}"
    return first + check_character(first)


credit_codes = st.builds(
    compose,
    st.sampled_from(["11", "12", "51", "52", "91", "92", "93", "Y1"]),
    st.integers(110000, 659999),
    st.text(ALPHABET, min_size=8, max_size=8),
)


def problem(code: str) -> BadInput:
    found = credit_code_problems(code)
    assert len(found) == 1
    assert not is_credit_code(code)
    return found[0]


def test_example_of_the_standard_is_right() -> None:
    assert credit_code_problems(GOOD) == []
    assert (check_character(GOOD[:17]), organisation_check(GOOD[8:16])) == ("3", "4")


@pytest.mark.parametrize(
    "typed", [GOOD.lower(), f" {GOOD} ", "９１３５０１００Ｍ０００１００Ｙ４３", "9135 0100 M000 100Y 43"]
)
def test_case_blanks_and_full_width_do_not_matter(typed: str) -> None:
    assert check_credit_code(typed) == GOOD
    assert is_credit_code(typed)


@pytest.mark.parametrize(("first8", "check"), [("D2143569", "X"), ("00000000", "0"), ("M000100Y", "4")])
def test_organisation_check_knows_x_and_zero(first8: str, check: str) -> None:
    """GB 11714: ten is X, eleven is 0; D2143569-X is its own example."""
    assert organisation_check(first8) == check


@pytest.mark.parametrize(
    ("code", "count"), [("", 0), (GOOD[:-1], 17), (GOOD + "1", 19), ("110108000000001", 15)]
)
def test_wrong_length_is_counted(code: str, count: int) -> None:
    error = problem(code)
    assert (error.code, error.values["count"]) == ("GW-CODE-020", count)


def test_forbidden_letter_is_named_with_what_was_meant() -> None:
    error = problem("9135O100M000100Y43")
    assert (error.code, error.values["place"], error.values["character"]) == ("GW-CODE-021", 5, "O")
    assert error.sentence("zh") == (
        "统一社会信用代码“9135O100M000100Y43”第 5 位“O”不允许，可能是“0”；"
        "只能用数字和大写字母，不含 I O S V Z。"
    )
    assert "(perhaps “0”)" in error.sentence("en")
    assert "可能" not in problem("9135*100M000100Y43").sentence("zh")


def test_letter_in_the_division_is_named() -> None:
    error = problem("9135A100M000100Y43")
    assert (error.code, error.values["place"], error.values["character"]) == ("GW-CODE-022", 5, "A")


def test_all_forbidden_characters_are_told_in_one_run() -> None:
    found = credit_code_problems("9I35A100M000100YSZ")
    assert [(p.code, p.values["place"]) for p in found] == [
        ("GW-CODE-021", 2),
        ("GW-CODE-021", 17),
        ("GW-CODE-021", 18),
        ("GW-CODE-022", 5),
    ]
    with pytest.raises(BadInput) as caught:
        check_credit_code("9I35A100M000100YSZ")
    assert caught.value.values["place"] == 2


def test_wrong_check_character_names_the_expected_one() -> None:
    error = problem(GOOD[:-1] + "7")
    assert (error.code, error.values["expected"], error.values["character"]) == ("GW-CODE-023", "3", "7")
    assert error.values["suspect"] == "1-8 / 18"


def test_mistake_in_the_organisation_code_is_narrowed_to_its_places() -> None:
    assert problem("91350100M000200Y43").values["suspect"] == "9-17"
    assert problem("91350200M000100Y43").values["suspect"] == "1-8 / 18"


@given(credit_codes)
def test_composed_codes_are_right(code: str) -> None:
    assert credit_code_problems(code) == []


@given(credit_codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_single_wrong_character_is_found(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert is_credit_code(wrong) == (wrong == code)


@given(credit_codes, st.integers(0, 16))
def test_any_swap_of_neighbours_is_found(code: str, place: int) -> None:
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert is_credit_code(wrong) == (wrong == code)


@given(credit_codes, st.integers(0, 16))
def test_suggestion_is_always_a_right_code(code: str, place: int) -> None:
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    likely = likely_credit_code(wrong)
    assert likely is None or is_credit_code(likely)


def test_look_alike_and_swap_are_suggested() -> None:
    assert likely_credit_code("9135O100M000100Y43".replace("O", "D")) == GOOD
    assert likely_credit_code("91350100M00010Y043") == GOOD
    assert "可能是 91350100M000100Y43" in problem("91350100M00010Y043").sentence("zh")
    assert likely_credit_code("123") is None
    assert likely_credit_code("91350100M999999Y43") is None
