"""The clock, the user and the settings come in through the door; reactions are wired in one visible place."""

from __future__ import annotations

from pathlib import Path

from tests.house.source import Module, findings, plant

DOMAIN = {"rules", "actions", "queries", "facts", "models", "bulk", "policy", "pack_schema"}
PURE_ROOMS = {"kernel", "reading", "planning"}
CLOCKS = (
    "timezone.now", "timezone.localtime", "timezone.localdate", "datetime.now", "datetime.utcnow",
    "datetime.today", "date.today", "time.time", "time.time_ns", "request.user",
)  # fmt: skip
SIGNALS = ("django.dispatch", "django.db.models.signals", "django.core.signals", "django.test.signals")
# place → why this file may look.
ALLOWED_CLOCKS: dict[str, str] = {}


def hidden_inputs(module: Module) -> list[str]:
    """Readings of the clock, of the user and of settings in code that must be handed them."""
    if (module.furniture not in DOMAIN and module.room not in PURE_ROOMS) or module.place in ALLOWED_CLOCKS:
        return []
    clocks = [
        (line, name)
        for line, name in module.dotted
        if any(name == clock or name.endswith(f".{clock}") for clock in CLOCKS)
    ]
    settings = [
        (line, "django.conf.settings") for line, name in module.imports if name.startswith("django.conf")
    ]
    return [f"line {line}: {name} comes in as an argument" for line, name in sorted(clocks + settings)]


def signals(module: Module) -> list[str]:
    """Signals and receivers outside site: nobody sees who reacts to what."""
    if module.room == "site":
        return []
    return [
        f"line {line}: {name}; record a fact and wire it in site/wiring.py"
        for line, name in module.imports
        if name.startswith(SIGNALS)
    ]


def test_domain_code_never_looks_up_clock_user_or_settings() -> None:
    assert findings(hidden_inputs) == []


def test_hidden_inputs_planted_are_named(tmp_path: Path) -> None:
    text = (
        "import datetime\nfrom django.utils import timezone\nfrom django.conf import settings\n"
        "A = timezone.now\ndef f(request):\n    return datetime.datetime.now(), request.user, now()\n"
    )
    planted = plant(tmp_path, "cases/actions/close.py", text)
    plant(tmp_path, "cases/jobs.py", text)
    assert findings(hidden_inputs, planted) == [
        "cases/actions/close.py: line 3: django.conf.settings comes in as an argument",
        "cases/actions/close.py: line 4: timezone.now comes in as an argument",
        "cases/actions/close.py: line 6: datetime.datetime.now comes in as an argument",
        "cases/actions/close.py: line 6: request.user comes in as an argument",
    ]


def test_no_signals_outside_site() -> None:
    assert findings(signals) == []


def test_signals_planted_are_named(tmp_path: Path) -> None:
    text = "from django.db.models.signals import post_save\nfrom django.dispatch import receiver\n"
    planted = plant(tmp_path, "cases/handlers.py", text)
    plant(tmp_path, "site/start.py", text)
    advice = "; record a fact and wire it in site/wiring.py"
    assert findings(signals, planted) == [
        f"cases/handlers.py: line 1: django.db.models.signals.post_save{advice}",
        f"cases/handlers.py: line 2: django.dispatch.receiver{advice}",
    ]
