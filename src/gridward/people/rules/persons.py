"""What may stand in a staff profile, and what never."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gridward.kernel.errors import BadInput, Message

PROFILE_KEYS = ("education", "service_since", "titles", "certificates")
CERTIFICATE_KEYS = ("name", "number", "issued_on", "valid_until")
NEVER = {
    "sex",
    "gender",
    "birth_date",
    "birthday",
    "age",
    "ethnicity",
    "religion",
    "id_number",
    "origin",
    "health",
}

FORBIDDEN_KEY = Message(
    "GW-PEOPLE-050",
    "人员档案不收“{found}”：性别、出生日期、民族、证件号等与岗位无关；允许 {allowed}。",
    "A staff profile does not keep “{found}”: sex, birth date, origin and the like are no work data. "
    "Allowed are {allowed}.",
)
UNKNOWN_KEY = Message(
    "GW-PEOPLE-051",
    "人员档案没有“{found}”一项；允许 {allowed}。",
    "A staff profile has no entry “{found}”; allowed are {allowed}.",
)
NO_NAME = Message("GW-PEOPLE-052", "姓名为空；请填写姓名。", "The name is empty; give the person's name.")


def check_name(name: str) -> str:
    """The name without blanks around it. Raises BadInput when nothing is left."""
    clean = " ".join(name.split())
    if not clean:
        raise BadInput(NO_NAME, field="name")
    return clean[:200]


def check_profile(profile: Mapping[str, Any]) -> dict[str, Any]:
    """The profile as it may be stored. Raises BadInput for anything that is no work data."""
    for key in profile:
        _check_key(key, PROFILE_KEYS)
    for certificate in profile.get("certificates", ()):
        for key in certificate:
            _check_key(key, CERTIFICATE_KEYS)
    return dict(profile)


def _check_key(key: str, allowed: tuple[str, ...]) -> None:
    if key.casefold() in NEVER:
        raise BadInput(FORBIDDEN_KEY, field=key, found=key, allowed="、".join(allowed))
    if key not in allowed:
        raise BadInput(UNKNOWN_KEY, field=key, found=key, allowed="、".join(allowed))
