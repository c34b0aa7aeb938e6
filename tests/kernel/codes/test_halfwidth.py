"""kernel/codes/halfwidth.py: what Chinese input methods type, as codes want it."""

from hypothesis import given
from hypothesis import strategies as st

from gridward.kernel.codes.halfwidth import half_width, normal_code


def test_full_width_digits_letters_and_signs_become_ascii() -> None:
    assert half_width("１２３ＡＢｃ－（）＠．　六联") == "123ABc-()@. 六联"


def test_dashes_and_no_break_blanks_become_ascii() -> None:
    assert half_width("0755‐2558–1234−5\u00a06") == "0755-2558-1234-5 6"


@given(st.text())
def test_length_never_changes_and_doing_it_twice_changes_nothing(text: str) -> None:
    once = half_width(text)
    assert (len(once), half_width(once)) == (len(text), once)


def test_normal_code_is_upper_case_without_blanks() -> None:
    assert normal_code(" 9135 0100 m000１００y43\t") == "91350100M000100Y43"
