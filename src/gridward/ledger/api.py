"""HTTP doors of the ledgers."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["ledgers"])
