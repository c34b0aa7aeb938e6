"""Logging in: how a login is written, what a password must be, when a key is locked and for how long."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from gridward.kernel.errors import BadInput, Message

WRONG = Message(
    "GW-PEOPLE-040",
    "用户名或密码不对。请核对后再试；忘记密码请联系管理员。",
    "Login or password is wrong. Check both and try again; ask your administrator if you forgot the "
    "password.",
)
LOCKED = Message(
    "GW-PEOPLE-041",
    "失败次数过多，请在 {until} 之后再试；急用请联系管理员。",
    "Too many failures. Try again after {until}, or ask your administrator.",
)
BAD_LOGIN = Message(
    "GW-PEOPLE-042",
    "用户名“{found}”不合适；允许 2 至 64 个字母、数字、汉字或 . _ - @，不含空格。",
    "The login “{found}” will not do; allowed are 2 to 64 letters, digits or . _ - @ without blanks.",
)
SHORT_PASSWORD = Message(
    "GW-PEOPLE-043",
    "密码有 {found} 个字符；须为 {least} 至 {most} 个字符。",
    "The password has {found} characters; it needs {least} to {most}.",
)
PLAIN_PASSWORD = Message(
    "GW-PEOPLE-044",
    "密码不能包含用户名，也不能只是同一个字符重复；请换一个。",
    "A password must not contain the login or repeat a single character; choose another.",
)

FAILURES_PER_LOGIN = 5
FAILURES_PER_ADDRESS = 20
"""An address is shared by an office; it is locked later than a single login."""
FIRST_LOCK_S = 60
LONGEST_LOCK_S = 3600
FORGET_AFTER = timedelta(hours=24)
SESSION_IDLE = timedelta(hours=12)
SESSION_LONGEST = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=5)
LEAST_PASSWORD = 10
MOST_PASSWORD = 256

_LOGIN = re.compile(r"[\w.@-]{2,64}")


def clean_login(text: str) -> str:
    """A login in its one spelling: NFKC, small letters, no blanks around it. Raises BadInput."""
    login = fold_login(text)
    if not _LOGIN.fullmatch(login):
        raise BadInput(BAD_LOGIN, field="login", found=text[:80])
    return login


def fold_login(text: str) -> str:
    """What somebody typed as login, in the spelling under which logins are stored; never refuses."""
    return unicodedata.normalize("NFKC", text[:200]).strip().casefold()


def check_password(password: str, login: str) -> None:
    """Refuse a password that is too short, too long, or one that anybody would try first. Raises BadInput."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise BadInput(
            SHORT_PASSWORD, field="password", found=len(password), least=LEAST_PASSWORD, most=MOST_PASSWORD
        )
    if len(set(password)) == 1 or (login and login in password.casefold()):
        raise BadInput(PLAIN_PASSWORD, field="password")


def decide_lock(failures: int, limit: int, now: datetime) -> datetime | None:
    """Until when a key is locked after its `failures`-th failure in a row: 1 min, doubled each time, at most
    1 h."""
    if failures < limit:
        return None
    seconds = min(FIRST_LOCK_S * 2 ** min(failures - limit, 12), LONGEST_LOCK_S)
    return now + timedelta(seconds=seconds)


def compute_failures(before: int, last_failed_at: datetime | None, now: datetime) -> int:
    """The length of the run of failures with one more at `now`; a run ends after a day of quiet."""
    if last_failed_at is None or now - last_failed_at > FORGET_AFTER:
        return 1
    return before + 1


def is_due(last: datetime, now: datetime) -> bool:
    """Whether "last seen" is to be written again."""
    return now - last >= SEEN_EVERY
