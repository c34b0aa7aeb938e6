"""Lawful design (requirements.md, last table): what no pack may hold, whatever its document says.

Each row of the table has a code. The words are those of ids (`face_id`) and labels (人脸); English words count as
whole words only, so that surface_m2 is no face. Decisions are ours, to be confirmed by a lawyer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gridward.kernel.document import Flaw, Path

REVIEW = "privacy_review: {purpose: …, basis: …, fields: [], period: …, viewers: …}"


@dataclass(frozen=True)
class Ban:
    """Words that may not name a thing of some kind, what is allowed, and what to write instead."""

    code: str
    where: frozenset[str]
    english: str
    chinese: str
    allowed: str
    sample: str

    def hits(self, text: str) -> bool:
        """Whether a text of ids and labels uses one of the words."""
        whole = rf"(?<![a-z])(?:{self.english})(?![a-z])"
        return re.search(rf"{whole}|{self.chinese}", text.lower()) is not None


def _ban(code: str, where: str, english: str, chinese: str, allowed: str, sample: str) -> Ban:
    return Ban(f"GW-PACKS-LAW-{code}", frozenset(where.split()), english, chinese, allowed, sample)


BANS: tuple[Ban, ...] = (
    _ban("002", "field ledger", "face|faces|face_id|plate_no|plate_number|footage|snapshot_video",
         "人脸|车牌|录像|抓拍|监控视频", "no face, plate or footage data; cameras as assets only", "camera_count"),
    _ban("003", "field ledger", "opinion|opinions|ideology|religion|ethnicity|ethnic|origin_region|political_view",
         "舆情|思想动态|宗教|民族|籍贯|信仰|涉.人员", "no opinion, religion, ethnicity or origin", "remove the field"),
    _ban("004", "field ledger", "child_name|child_names|student_name|pupil_name|minor_name|minors|child_id",
         "儿童姓名|学生姓名|幼儿姓名|未成年", "no records of children; counts per class or place", "children_count"),
    _ban("005", "field ledger", "blacklist|negative_list|resident_score|person_of_concern|social_credit|resident_rank",
         "黑榜|黑名单|重点人员|信用分|居民积分排名", "no lists that rank or mark residents", "remove the list"),
    _ban("006", "post team", "collector|collectors|debt_collection|debt|loan_informant|credit_informant",
         "催收|清收|讨债|准信贷员", "no posts of debt collection or loan information", "customer_manager"),
    _ban("008", "field ledger", "family_members|birth_control|social_insurance|marital_status|household_members",
         "家庭成员|家庭情况|计生|社保|婚姻", "counts of buildings and households only", "household_count"),
    _ban("010", "field ledger post", "track|tracks|trajectory|gps_trace|live_position|clock_in_position",
         "轨迹|实时位置|连续定位|打卡定位", "one position per record, entered by the person", "type: point"),
    _ban("011", "field ledger", "reporter_name|reporter_phone|reporter_id|informant|whistleblower",
         "举报人", "the reporter's identity is sealed with the case, in no ledger", "remove the field"),
    _ban("012", "field ledger layer", "name_list|published_names|shame_list|exposure_list|penalty_names",
         "曝光|公示名单|名单公布|失信人员", "only companies, by authorised decision; no names of people",
         "company_notice"),
    _ban("013", "qualification", "male|female|sex|age|years_old", "男|女|周岁|年龄|岁以下|岁以上",
         "no limits of age or sex for a post", "持消防设施操作员证"),
    _ban("014", "terms", "fine|fines|fined|wage_deduction", "罚款|扣工资|扣发|扣款",
         "a deduction is proposed and a person confirms it (assessment)", "年度考核依据"),
    _ban("015", "terms", "suspension_from_duty|veto|dismissal|last_place", "待岗|一票否决|不称职|末位淘汰|辞退",
         "a consequence is proposed, heard and decided by a person (assessment)", "年度考核依据"),
    _ban("016", "field ledger", "balance|balances|loan_amount|deposit_amount|account_no",
         "存款余额|贷款余额|贷款金额|账户余额|银行卡号", "balances stay in the bank; show the tier", "customer_tier"),
)  # fmt: skip
HEALTH = _ban(
    "009", "field ledger", "temperature|body_temperature|isolation|quarantine|infected|nucleic_acid",
    "体温|隔离|确诊|核酸|发热", "only under a legal emergency order with an end date, in pack.yaml",
    "emergency: {order: 省政府令 12 号, until: 2026-12-31}",
)  # fmt: skip
POINTS = _ban(
    "007", "condition", r"\w*points|moral_\w+|points_\w+", "积分",
    "residents' points are input of no class, case or assessment", "remove the condition",
)  # fmt: skip
ROWS = (
    "001",
    "002",
    "003",
    "004",
    "005",
    "006",
    "007",
    "008",
    "009",
    "010",
    "011",
    "012",
    "013",
    "014",
    "015",
    "016",
)


def check_law(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    """Every breach of the lawful design in a document of sound parts."""
    emergency = (doc.get("pack") or {}).get("emergency") or {}
    ordered = bool(emergency.get("order") and emergency.get("until"))
    bans = BANS if ordered else (*BANS, HEALTH)
    for kind, path, text in (*_things(doc), *_conditions(doc)):
        for ban in (*bans, POINTS):
            if kind in ban.where and ban.hits(text):
                yield Flaw(ban.code, path, text[:60], ban.allowed, ban.sample)
    yield from _check_personal(doc)


Thing = tuple[str, Path, str]


def _things(doc: Mapping[str, Any]) -> Iterator[Thing]:
    """Everything with a name: (kind, path, id and labels in one text)."""
    for path, ledger in _members(doc.get("ledgers"), ("ledgers",)):
        yield "ledger", path, _named(ledger)
        for inner, item in _members(ledger.get("fields"), (*path, "fields")):
            choices = [_named(c) if isinstance(c, dict) else str(c) for c in item.get("choices") or ()]
            yield (
                "field",
                inner,
                " ".join((_named(item), *choices)) if item.get("type") == "multichoice" else _named(item),
            )
    section = doc.get("posts") or {}
    for kind in ("posts", "teams"):
        for path, item in _members(section.get(kind), ("posts", kind)):
            yield kind.removesuffix("s"), path, _named(item)
            yield from _of_post(item, path)
    levels = doc.get("levels") or {}
    for n, layer in enumerate(levels.get("map_layers") or ()):
        yield "layer", ("levels", "map_layers", n), _named(layer) if isinstance(layer, dict) else str(layer)


def _of_post(post: Mapping[str, Any], path: Path) -> Iterator[Thing]:
    for n, text in enumerate(post.get("qualifications") or ()):
        yield "qualification", (*path, "qualifications", n), str(text or "")
    for name, text in (post.get("terms") or {}).items():
        yield "terms", (*path, "terms", name), str(text)
    if post.get("duties"):
        yield "terms", (*path, "duties"), str(post["duties"])


def _conditions(doc: Mapping[str, Any]) -> Iterator[Thing]:
    """Conditions and formulas of classes and standard rows."""
    for path, entry in _members(doc.get("classes"), ("classes",)):
        for name, rows in (entry.get("facets") or {}).items():
            yield from _whens(rows, (*path, "facets", name))
    section = doc.get("categories") or {}
    for path, category in _members(section.get("categories"), ("categories", "categories")):
        yield from _whens(category.get("rows"), (*path, "rows"))


def _whens(rows: Any, path: Path) -> Iterator[Thing]:
    for inner, row in _members(rows, path):
        if row.get("when"):
            yield "condition", (*inner, "when"), str(row["when"])


def _members(items: Any, path: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    found = items if isinstance(items, list) else ()
    yield from (((*path, n), item) for n, item in enumerate(found) if isinstance(item, dict))


def _named(item: Mapping[str, Any]) -> str:
    label = item.get("label")
    texts = label.values() if isinstance(label, dict) else (label,)
    return " ".join(str(text) for text in (item.get("id"), *texts) if text)


def _check_personal(doc: Mapping[str, Any]) -> Iterator[Flaw]:
    """Personal fields need a privacy review, a purpose and a period."""
    reviewed = bool((doc.get("pack") or {}).get("privacy_review"))
    for path, ledger in _members(doc.get("ledgers"), ("ledgers",)):
        for inner, item in _members(ledger.get("fields"), (*path, "fields")):
            if item.get("personal") not in ("contact", "sensitive"):
                continue
            if not reviewed:
                found = f"personal: {item['personal']}"
                yield Flaw("GW-PACKS-LAW-001", inner, found, "a privacy_review in pack.yaml", REVIEW)
            if not item.get("purpose") or not item.get("retention_days"):
                allowed = "purpose and retention_days are required for personal fields"
                sample = "purpose: 联系负责人, retention_days: 730"
                yield Flaw("GW-PACKS-LAW-001", inner, "no purpose or retention_days", allowed, sample)


__all__ = ["ROWS", "check_law"]
