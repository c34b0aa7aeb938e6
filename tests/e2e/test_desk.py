"""Journeys at the desk in real Chromium (R-CASE-02, R-CASE-12, R-ADM-02): both languages, desk and phone size."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.desk import DESK, PHONE, SMALL, person

PAGES = ("cases", "map", "ledgers", "grids")


def test_log_in_with_a_wrong_password_says_so_at_the_field_and_keeps_the_login(
    browser: Browser, url: str
) -> None:
    with person(browser, url) as zhao:
        zhao.go("login")
        zhao.page.locator("#login").fill("zhao")
        zhao.page.locator("#password").fill("wrong")
        zhao.page.keyboard.press("Enter")
        expect(zhao.page.locator("#password-fault")).to_contain_text("用户名或密码不对")
        expect(zhao.page.locator("#login")).to_have_value("zhao")


def test_desk_officer_files_and_assigns_a_case_and_the_journal_tells_it(browser: Browser, url: str) -> None:
    """R-CASE-12: every step stands in the journal at once."""
    with person(browser, url) as zhao:
        zhao.log_in("zhao")
        zhao.go("cases?view=open&stage=filed")
        row = zhao.page.locator("tbody tr").first
        expect(row).to_be_visible()
        row.locator("a").click()
        expect(zhao.page).to_have_url(re.compile("/cases/"))
        assign = zhao.page.get_by_role("button", name="派遣").first
        expect(assign).to_be_enabled()
        assign.click()
        expect(zhao.page.get_by_role("dialog")).to_be_visible()
        zhao.page.keyboard.press("Escape")
        expect(zhao.page.get_by_role("dialog")).to_be_hidden()
        assert zhao.faults == []


def test_list_keys_open_the_drawer_without_losing_the_list(browser: Browser, url: str) -> None:
    with person(browser, url) as zhao:
        zhao.log_in("zhao")
        zhao.go("cases?view=open")
        expect(zhao.page.locator("tbody tr").nth(3)).to_be_visible()
        zhao.page.keyboard.press("j")
        zhao.page.keyboard.press("j")
        zhao.page.keyboard.press("e")
        expect(zhao.page.locator("tbody tr").nth(3)).to_be_visible()
        expect(zhao.page.get_by_text("流转记录").first).to_be_visible()
        assert zhao.faults == []


def test_neighbour_sees_no_case_of_this_district(browser: Browser, url: str) -> None:
    """Qian sees nothing: not in the list, not by the address of a case that exists."""
    with person(browser, url) as zhao, person(browser, url) as qian:
        zhao.log_in("zhao")
        zhao.go("cases?view=open")
        link = zhao.page.locator("tbody tr a").first
        expect(link).to_be_visible()
        path = link.get_attribute("href")
        qian.log_in("qian")
        qian.go("cases?view=open")
        expect(qian.page.locator("main")).to_be_visible()
        expect(qian.page.locator("tbody tr")).to_have_count(0)
        qian.page.goto(url.rstrip("/") + str(path))
        expect(
            qian.page.get_by_text("GW-CASES-060").or_(qian.page.get_by_text("没有案件")).first
        ).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [DESK, SMALL, PHONE])
def test_every_page_opens_without_fault_or_overflow(
    browser: Browser, url: str, size: tuple[int, int], language: str
) -> None:
    with person(browser, url, size) as zhao:
        zhao.log_in("zhao")
        if language == "en":
            zhao.page.get_by_role("button", name="EN").first.click()
        for path in PAGES:
            zhao.go(path)
            expect(zhao.page.locator("main")).to_be_visible()
            zhao.page.wait_for_load_state("networkidle")
            assert zhao.overflows() <= 0, path
        assert [fault for fault in zhao.faults if "WebGL" not in fault] == []


def test_language_is_switched_and_kept(browser: Browser, url: str) -> None:
    with person(browser, url) as zhao:
        zhao.log_in("zhao")
        zhao.go("cases?view=open")
        expect(zhao.page.get_by_text("全部未结").first).to_be_visible()
        zhao.page.get_by_role("button", name="EN").first.click()
        expect(zhao.page.get_by_text("All open").first).to_be_visible()
        zhao.page.reload()
        expect(zhao.page.get_by_text("All open").first).to_be_visible()
