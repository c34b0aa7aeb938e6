"""Permissions of packs."""

from __future__ import annotations

PERMISSIONS: dict[str, tuple[str, str]] = {
    "packs:pack:read": ("查看方案包", "Read packs"),
    "packs:pack:install": ("发布方案包", "Install packs"),
}
