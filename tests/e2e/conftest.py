"""One served demo and one browser for all journeys of a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from tests.e2e.desk import ARGS, CHROMIUM, served


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/e2e/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium not present: install it to run the journeys")
    if not (settings.STATIC_ROOT / "desk" / "index.html").exists():
        pytest.fail("the web pages are not built: run make setup")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("e2e") / "home") as address:
        yield address
