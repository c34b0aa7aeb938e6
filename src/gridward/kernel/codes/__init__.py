"""Chinese codes: areas and grids, unified social credit codes, personal numbers and how they are hidden."""

from gridward.kernel.codes.areas import (
    PROVINCES,
    AreaCode,
    check_county,
    community_kind,
    county_kind,
    grid_code,
    number_children,
    street_kind,
)
from gridward.kernel.codes.credit import (
    check_character,
    check_credit_code,
    credit_code_problems,
    is_credit_code,
    likely_credit_code,
    organisation_check,
)
from gridward.kernel.codes.halfwidth import half_width, normal_code
from gridward.kernel.codes.masking import mask_card, mask_email, mask_id_number, mask_phone, mask_text

__all__ = [
    "PROVINCES",
    "AreaCode",
    "check_character",
    "check_county",
    "check_credit_code",
    "community_kind",
    "county_kind",
    "credit_code_problems",
    "grid_code",
    "half_width",
    "is_credit_code",
    "likely_credit_code",
    "mask_card",
    "mask_email",
    "mask_id_number",
    "mask_phone",
    "mask_text",
    "normal_code",
    "number_children",
    "organisation_check",
    "street_kind",
]
