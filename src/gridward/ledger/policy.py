"""Permissions of the ledgers."""

from __future__ import annotations

PERMISSIONS: dict[str, tuple[str, str]] = {
    "ledger:subject:read": ("查看台账", "Read ledgers"),
    "ledger:subject:create": ("新建对象", "Enter subjects"),
    "ledger:subject:change": ("修改对象档案", "Change subjects"),
    "ledger:subject:move": ("调整对象所属网格", "Move subjects to another grid"),
    "ledger:subject:end": ("注销对象", "End subjects"),
    "ledger:subject:import": ("导入台账", "Import ledgers"),
    "ledger:subject:export": ("导出台账", "Export ledgers"),
    "ledger:personal:read": ("查看个人信息", "See personal fields"),
    "ledger:ledger:define": ("定义台账", "Define ledgers"),
}
