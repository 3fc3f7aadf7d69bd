"""What goes home: printed on one side, copied by a press, read without script."""

import re

import pytest
from conftest import new_context, watched
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def sides(page: Page) -> int:
    """How many sides of paper a page takes."""
    printed = page.pdf(prefer_css_page_size=True)
    return len(re.findall(rb"/Type\s*/Page\b", printed))


def enter(page: Page, demo) -> list[str]:
    """Addresses of the closed sessions, once the consultant has signed in."""
    page.goto(demo.links["consultant_url"])
    page.goto(f"{demo.links['base_url']}/konsulent/")
    links = [one.get_attribute("href") for one in page.locator("td a").all()]
    return [f"{demo.links['base_url']}{one}" for one in links[1:]]


def test_summary_takes_one_side_and_is_copied_by_a_press(browser: Browser, demo):
    context = new_context(browser, demo)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watched(context, demo)
    addresses = enter(page, demo)
    assert len(addresses) == 3
    for address in addresses:
        page.goto(address)
        page.fill("#agreement", "\n".join(["Vi siger det til en voksen." * 3] * 4))
        page.click("text=Gem aftalen")
        for language in ("da", "en"):
            page.goto(f"{address}/hjem/side?sprog={language}")
            assert sides(page) == 1, address
    page.goto(f"{addresses[0]}/hjem")
    page.click("text=Kopiér teksten >> nth=0")
    page.get_by_text("Kopieret.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.replace("\r\n", "\n") == page.input_value("#text-da")
    context.close()
    assert demo.complaints == []


def test_class_reads_its_page_without_script(browser: Browser, demo):
    context = new_context(browser, demo, java_script_enabled=False)
    page = watched(context, demo)
    address = enter(page, demo)[0]
    page.goto(f"{address}/hjem")
    assert page.locator("[data-module=copy]:visible").count() == 0
    page.goto(f"{address}/klasseside")
    page.click("text=Åbn siden, og vis linket")
    link = page.input_value("#link")
    phone = new_context(
        browser,
        demo,
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
    )
    read = watched(phone, demo)
    read.goto(link)
    # Nothing is wider than the phone, and the pictures are there.
    width = read.locator("body").bounding_box()["width"]
    assert width <= 360
    pictures = read.locator(".ours__posters img")
    assert pictures.count() > 0
    assert all(one.bounding_box()["height"] > 100 for one in pictures.all())
    assert sides(read) == 2
    context.close()
    phone.close()
    assert demo.complaints == []
