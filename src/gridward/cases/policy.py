"""Permissions of the case loop: permission -> (Chinese, English). Posts hold them, people evaluates them."""

from __future__ import annotations

PERMISSIONS: dict[str, tuple[str, str]] = {
    "cases:case:read": ("查看案件", "Read cases"),
    "cases:case:report": ("上报案件", "Report cases"),
    "cases:case:pre_check": ("核实", "Check before filing"),
    "cases:case:file": ("立案、不予立案", "File or decline"),
    "cases:case:void": ("作废", "Void cases"),
    "cases:case:settle": ("当场处置", "Settle on site"),
    "cases:case:assign": ("派遣", "Assign"),
    "cases:case:handle": ("签收、退回、反馈", "Sign, return and hand in"),
    "cases:case:check": ("核查", "Check after handling"),
    "cases:case:close": ("结案", "Close"),
    "cases:case:evaluate": ("评价", "Evaluate"),
    "cases:case:reopen": ("重开", "Reopen"),
    "cases:case:adopt": ("接入历史案件", "Import cases"),
    "cases:case:export": ("导出案件", "Export cases"),
    "cases:contact:read": ("查看举报人联系方式", "See the reporter's contact"),
}
