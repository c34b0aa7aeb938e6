"""The seven stages (fixed, so that packs stay comparable) and the side stages."""

from __future__ import annotations

COLLECTED, FILED, ASSIGNED, HANDLING, REPORTED_BACK, CHECKED, EVALUATED = (
    "collected",
    "filed",
    "assigned",
    "handling",
    "reported_back",
    "checked",
    "evaluated",
)
STAGES = (COLLECTED, FILED, ASSIGNED, HANDLING, REPORTED_BACK, CHECKED, EVALUATED)

SUSPENDED, DECLINED, VOID, MERGED = "suspended", "declined", "void", "merged"
SIDE_STAGES = (SUSPENDED, DECLINED, VOID, MERGED)
ENDED = frozenset({DECLINED, VOID, MERGED, EVALUATED})

LABELS = {
    COLLECTED: ("信息收集", "Collected"),
    FILED: ("立案", "Filed"),
    ASSIGNED: ("派遣", "Assigned"),
    HANDLING: ("处理", "Handling"),
    REPORTED_BACK: ("反馈", "Reported back"),
    CHECKED: ("核查结案", "Checked"),
    EVALUATED: ("综合评价", "Evaluated"),
    SUSPENDED: ("挂账", "Suspended"),
    DECLINED: ("不予立案", "Declined"),
    VOID: ("作废", "Void"),
    MERGED: ("并案", "Merged"),
}

OUTCOMES = ("fixed", "cannot_fix", "not_ours", "unfounded", "duplicate", "withdrawn", "transferred")
GRADES = ("good", "fairly_good", "average", "poor")  # 好 较好 一般 较差
