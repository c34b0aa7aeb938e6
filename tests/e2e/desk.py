"""What every browser test stands on: a served demo, a browser, people who log in, and a watch over errors."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

GRIDWARD = str(Path(sys.executable).with_name("gridward"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
DESK, SMALL, PHONE = (1440, 900), (1366, 768), (390, 844)
PASSWORD = "yunxi-2026"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The small demo in `folder`, served; yields the address. Ended by SIGTERM."""
    env = {**os.environ, "GRIDWARD_HOME": str(folder), "DATABASE_URL": ""}
    subprocess.run(
        [GRIDWARD, "demo", "--size", "small", "--no-serve", "--json"],
        env=env,
        check=True,
        capture_output=True,
    )
    server = subprocess.Popen(
        [GRIDWARD, "serve", "--port", "0", "--json"], env=env, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    try:
        yield json.loads(server.stdout.readline())["url"]
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(15)


@dataclass
class Person:
    """Somebody at the desk: a browser context of their own and what went wrong in it."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def log_in(self, login: str) -> None:
        self.go("login")
        self.page.locator("#login").fill(login)
        self.page.locator("#password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page).not_to_have_url(re.compile("/login"))
        expect(self.page.locator("main")).to_be_visible()

    def take(self, move: str, **fields: str) -> None:
        """Take a move on the open case page: its button, its form, its submit button."""
        self.page.get_by_role("button", name=move).first.click()
        dialog = self.page.get_by_role("dialog")
        expect(dialog).to_be_visible()
        for name, text in fields.items():
            dialog.locator(f"[id*='{name}'], [name='{name}']").first.fill(text)
        dialog.locator("button[type=submit]").click()
        expect(dialog).to_be_hidden()

    def overflows(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@contextmanager
def person(
    browser: Browser, url: str, size: tuple[int, int] = DESK, locale: str = "zh-CN"
) -> Iterator[Person]:
    """A fresh browser context; errors of the console and of the page are collected."""
    context: BrowserContext = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale=locale
    )
    page = context.new_page()
    someone = Person(page, url)
    page.on("pageerror", lambda error: someone.faults.append(str(error)))
    page.on("console", lambda message: _note(someone, message))
    yield someone
    context.close()


def _note(someone: Person, message: Any) -> None:
    if message.type == "error" and "401" not in message.text:
        someone.faults.append(message.text)
