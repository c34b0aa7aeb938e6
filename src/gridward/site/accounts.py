"""The actor of the shell: whoever can run the command line on the server administers the jurisdiction."""

from __future__ import annotations

from gridward.kernel.actor import EVERYWHERE, Actor, Grant
from gridward.site.permissions import ALL_PERMISSIONS


def shell_actor() -> Actor:
    """System, with every permission everywhere; the journal names it `system`."""
    grants = tuple(Grant(name, EVERYWHERE) for name in ALL_PERMISSIONS)
    return Actor(id=None, name="系统", kind="system", grants=grants)
