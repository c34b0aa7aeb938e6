"""Codes of administrative areas and grids: 6 county + 3 street + 3 community + 3 grid digits.

Sources: GB/T 2260 (county), GB/T 10114-2003 (street, town, township), statistical division codes
(community), GB/T 30428.1 / GB/T 47678.3 (15-digit unit grid). Only the structure is checked, not whether a
place exists: divisions change every year and lists belong to packs. Kinds found in the published division of
2023 beyond the standards (community-like and village-like units, 400-599) are named too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from gridward.kernel.codes.halfwidth import normal_code
from gridward.kernel.errors import BadInput, Message

Level: TypeAlias = Literal["county", "street", "community", "grid"]
LEVELS: dict[int, Level] = {6: "county", 9: "street", 12: "community", 15: "grid"}

PROVINCES: dict[str, str] = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区",
    "21": "辽宁省", "22": "吉林省", "23": "黑龙江省",
    "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省",
    "36": "江西省", "37": "山东省",
    "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省",
    "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区",
    "61": "陕西省", "62": "甘肃省", "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
    "71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区",
}  # fmt: skip

BAD_LENGTH = Message(
    "GW-CODE-001",
    "编码“{found}”有 {count} 位。县 6 位、街道 9 位、社区 12 位、网格 15 位，例如 440305001002003。",
    "The code “{found}” has {count} digits. County 6, street 9, community 12, grid 15: 440305001002003.",
)
NOT_DIGITS = Message(
    "GW-CODE-002",
    "编码“{found}”第 {place} 位是“{character}”，只能是数字 0-9。",
    "Character {place} of the code “{found}” is “{character}”; only digits 0-9 are allowed.",
)
BAD_PROVINCE = Message(
    "GW-CODE-003",
    "编码“{found}”的前两位 {part} 不是省级代码（GB/T 2260，11 北京 … 82 澳门）。请核对是否缺位或错列。",
    "{part}, the first two digits of “{found}”, is no province code (GB/T 2260, 11 Beijing … 82 Macao). "
    "Check for a missing digit or a shifted column.",
)
BAD_CITY = Message(
    "GW-CODE-004",
    "编码“{found}”的第 3-4 位 {part} 不在 GB/T 2260 范围内（01-70 市、州、盟，90 省直辖县级）。",
    "Digits 3-4 of “{found}”, {part}, are outside GB/T 2260 (01-70 city, prefecture, league; 90 directly "
    "administered counties).",
)
NOT_COUNTY = Message(
    "GW-CODE-005",
    "编码“{found}”以 00 结尾，是{wider}代码，不是县级代码。县级第 5-6 位为 01-99。",
    "“{found}” ends in 00 and names a {wider_en}, not a county. Digits 5-6 of a county are 01-99.",
)
BAD_STREET = Message(
    "GW-CODE-006",
    "编码“{found}”的街道段 {part} 不在范围内：001-099 街道，100-199 镇，200-399 乡，400-599 政企合一等单位。",
    "The street part {part} of “{found}” is out of range: 001-099 subdistrict, 100-199 town, "
    "200-399 township, 400-599 unit that is both government and enterprise.",
)
BAD_COMMUNITY = Message(
    "GW-CODE-007",
    "编码“{found}”的社区段 {part} 不在范围内：001-199 居委会，200-399 村委会，400-499 类似居委会，"
    "500-599 类似村委会，601-999 合并社区。",
    "The community part {part} of “{found}” is out of range: 001-199 residents' committee, 200-399 "
    "villagers' committee, 400-499 and 500-599 similar units, 601-999 merged community.",
)
BAD_SEQUENCE = Message(
    "GW-CODE-008",
    "编码“{found}”的网格序号是 000，应从 001 开始（由西向东、由北向南编号）。",
    "The grid sequence of “{found}” is 000; it starts at 001 (numbered west to east, north to south).",
)
PADDED = Message(
    "GW-CODE-009",
    "编码“{found}”末尾用 0 补齐，请写成 {short}。",
    "The code “{found}” is padded with zeros; write {short}.",
)
FULL = Message(
    "GW-CODE-010",
    "{parent} 下只剩 {left} 个可用序号，需要 {wanted} 个（最多 999 个）。请先拆分上级区域。",
    "{parent} has only {left} numbers left, {wanted} are needed (999 at most). Split the parent area first.",
)
NO_CHILDREN = Message(
    "GW-CODE-011",
    "网格 {parent} 是最低一级，不能再编下级编码。",
    "Grid {parent} is the lowest level; it has no children with a code.",
)

_PREFECTURE_DIGITS = (*range(1, 71), 90)


# Cities without districts (2023): they stand for their own county and their streets hang on them.
CITIES_AS_COUNTIES = ("441900", "442000", "460400", "620200")


def county_kind(code: str) -> str:
    """By digits 5-6: 'district', 'county', 'county_city' 县级市; 'city' for one without districts."""
    text = check_county(code)
    number = int(text[4:])
    if text in CITIES_AS_COUNTIES:
        return "city"
    return "district" if number <= 18 else "county" if number <= 80 else "county_city"


def check_county(code: str) -> str:
    """The 6 digits, normalised. BadInput GW-CODE-001…005 when they cannot be a county of GB/T 2260.

    Taiwan, Hong Kong and Macao (71, 81, 82) have no public structure below the first two digits and pass.
    """
    text = _digits(code)
    if len(text) != 6:
        raise BadInput(BAD_LENGTH, field="code", found=text, count=len(text))
    if text[:2] not in PROVINCES:
        raise BadInput(BAD_PROVINCE, field="code", found=text, part=text[:2])
    if text[:2] in ("71", "81", "82"):
        return text
    _check_below_province(text)
    return text


def _check_below_province(text: str) -> None:
    if text[2:] == "0000":
        raise BadInput(NOT_COUNTY, field="code", found=text, wider="省级", wider_en="province")
    if int(text[2:4]) not in _PREFECTURE_DIGITS:
        raise BadInput(BAD_CITY, field="code", found=text, part=text[2:4])
    if text[4:] == "00" and text not in CITIES_AS_COUNTIES:
        raise BadInput(NOT_COUNTY, field="code", found=text, wider="地市级", wider_en="city or prefecture")


def street_kind(number: int | str) -> str:
    """GB/T 10114 by range: 'subdistrict' 街道, 'town' 镇, 'township' 乡, 'zone' 政企合一 and the like.

    '000' is 'direct': communities that hang on a county without a street. KeyError for 600 and above.
    """
    return _kind(int(number), _STREETS)


def community_kind(number: int | str) -> str:
    """'residents' 居委会, 'villagers' 村委会, 'residents_like', 'villagers_like', 'merged' (CJ/T 349).

    KeyError for 000 and 600.
    """
    return _kind(int(number), _COMMUNITIES)


_STREETS = {
    (0, 0): "direct",
    (1, 99): "subdistrict",
    (100, 199): "town",
    (200, 399): "township",
    (400, 599): "zone",
}
_COMMUNITIES = {
    (1, 199): "residents", (200, 399): "villagers", (400, 499): "residents_like",
    (500, 599): "villagers_like", (601, 999): "merged",
}  # fmt: skip


def _kind(number: int, ranges: dict[tuple[int, int], str]) -> str:
    for (low, high), kind in ranges.items():
        if low <= number <= high:
            return kind
    raise KeyError(number)


def _digits(code: str) -> str:
    text = normal_code(code)
    for place, character in enumerate(text, start=1):
        if character not in "0123456789":
            raise BadInput(NOT_DIGITS, field="code", found=text, place=place, character=character)
    return text


@dataclass(frozen=True, order=True)
class AreaCode:
    """A checked code of 6, 9, 12 or 15 digits; `text` sorts like the areas do."""

    text: str

    @classmethod
    def parse(cls, code: str, *, padded: bool = False) -> AreaCode:
        """Read a code as typed (full-width digits and blanks allowed). BadInput GW-CODE-001…009.

        Statistical tables pad codes to 12 digits with zeros (440305000000): `padded` takes the zeros off,
        otherwise the error names the short form.
        """
        text = _digits(code)
        short = _unpadded(text)
        if short != text:
            if not padded:
                raise BadInput(PADDED, field="code", found=text, short=short)
            text = short
        if len(text) not in LEVELS:
            raise BadInput(BAD_LENGTH, field="code", found=text, count=len(text))
        check_county(text[:6])
        _check_parts(text)
        return cls(text)

    def __str__(self) -> str:
        return self.text

    @property
    def level(self) -> Level:
        return LEVELS[len(self.text)]

    @property
    def province(self) -> str:
        """Two digits."""
        return self.text[:2]

    @property
    def county(self) -> str:
        return self.text[:6]

    @property
    def kind(self) -> str:
        """Kind of the lowest part: see `county_kind`, `street_kind`, `community_kind`; a grid is 'grid'."""
        if self.level == "county":
            return county_kind(self.text)
        if self.level == "street":
            return street_kind(self.text[6:])
        return community_kind(self.text[9:]) if self.level == "community" else "grid"

    def parent(self) -> AreaCode | None:
        """One level up; None for a county. A community under street 000 hangs on its county."""
        if self.level == "county":
            return None
        up = self.text[:-3]
        return AreaCode(up[:6] if up[6:] == "000" else up)

    def ancestors(self) -> list[AreaCode]:
        """From the county down to the parent."""
        up = self.parent()
        return [] if up is None else [*up.ancestors(), up]

    def child(self, number: int) -> AreaCode:
        """The child with this number (1…999). BadInput as in `parse`, GW-CODE-011 below a grid."""
        if self.level == "grid":
            raise BadInput(NO_CHILDREN, field="code", parent=self.text)
        return AreaCode.parse(f"{self.text}{number:03d}")


def _unpadded(text: str) -> str:
    """The code without zeros that only fill it up to 9, 12 or 15 digits; a sequence 000 is left to report."""
    if len(text) == 15 and text[9:12] != "000":
        return text
    while len(text) in (9, 12, 15) and text.endswith("000"):
        text = text[:-3]
    return text


def _check_parts(text: str) -> None:
    street, community, sequence = text[6:9], text[9:12], text[12:15]
    if street and int(street) > 599:
        raise BadInput(BAD_STREET, field="code", found=text, part=street)
    if community and (int(community) == 600 or community == "000"):
        raise BadInput(BAD_COMMUNITY, field="code", found=text, part=community)
    if sequence == "000":
        raise BadInput(BAD_SEQUENCE, field="code", found=text)


def grid_code(community: AreaCode | str, sequence: int) -> AreaCode:
    """The 15-digit unit-grid id: community (12 digits) + sequence 1…999. BadInput GW-CODE-001…008."""
    parent = community if isinstance(community, AreaCode) else AreaCode.parse(community)
    if parent.level != "community":
        raise BadInput(BAD_LENGTH, field="code", found=parent.text, count=len(parent.text))
    return parent.child(sequence)


def number_children(parent: AreaCode, count: int, used: Iterable[str] = (), start: int = 1) -> list[AreaCode]:
    """`count` free codes under `parent`, lowest numbers from `start` on first.

    `used` are codes ever given under this parent: a number is never given twice, codes do not change meaning.
    BadInput GW-CODE-010 when fewer are left, GW-CODE-011 below a grid.
    """
    if parent.level == "grid":
        raise BadInput(NO_CHILDREN, field="code", parent=parent.text)
    taken = set(used)
    free = [f"{parent.text}{n:03d}" for n in range(start, 1000) if _is_open(parent, n)]
    left = [code for code in free if code not in taken]
    if len(left) < count:
        raise BadInput(FULL, field="code", parent=parent.text, left=len(left), wanted=count)
    return [AreaCode(code) for code in left[:count]]


def _is_open(parent: AreaCode, number: int) -> bool:
    if parent.level == "county":
        return number <= 599
    return parent.level != "street" or number != 600
