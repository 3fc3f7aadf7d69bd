"""Entering figures: twelve rows pasted from a spreadsheet, and beside a class."""

import pytest
from conftest import Demo, new_context, watched
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser

PASTE = """
(text) => {
  const field = document.querySelector("[name=r0-indicator_id]");
  field.focus();
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/plain", text);
  field.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}
"""


def test_twelve_rows_are_pasted_and_one_stands_beside_a_class(
    browser: Browser, demo: Demo
):
    base = demo.links["base_url"]
    page = watched(new_context(browser, demo), demo)
    page.goto(demo.links["consultant_url"])
    page.goto(f"{base}/konsulent/tal")
    page.wait_for_timeout(300)
    rows = [
        [
            "alcohol_last_30d",
            str(grade),
            level,
            area,
            "2025/26",
            "2,5",
            "200",
            "",
            "UPU",
        ]
        for grade in (7, 8, 9)
        for level, area in (
            ("Kommune", "Demo"),
            ("region", "Midt"),
            ("Landsplan", "Danmark"),
            ("region", "Syd"),
        )
    ]
    page.evaluate(PASTE, "\r\n".join("\t".join(row) for row in rows))
    last = [page.locator(f"[name=r11-{one}]") for one in ("grade", "source_title")]
    assert [one.input_value() for one in last] == ["9", "UPU"]
    assert page.locator("[name=r2-area_type]").input_value() == "land"
    page.get_by_role("button", name="Se det igennem").press("Enter")
    expect(page.get_by_role("heading", name="Se tallene igennem")).to_be_visible()
    assert page.get_by_text("nyt", exact=True).count() == 12
    page.get_by_role("button", name="Gem 12 tal").press("Enter")
    expect(page.get_by_role("button", name="Tag tilbage")).to_be_visible()

    page.goto(f"{base}/tal/cannabis_ever")
    expect(page.locator(".series .js-plotly-plot .point").first).to_be_attached()
    expect(page.locator(".series")).to_contain_text("9. klasse (15-16-årige), Danmark")

    # The class of 7.B, where at most two did: the kommune's figure stands beside it.
    page.goto(demo.links["teacher_url"])
    page.goto(f"{base}/laerer/")
    page.locator("td").get_by_role("link", name="fest og alkohol").click()
    expect(page.get_by_text("Andre steder: 3 ud af 100 (2025)")).to_be_visible()
    path = page.get_by_role("link", name="Åbn tavlen").get_attribute("href")
    wall = watched(new_context(browser, demo), demo)
    wall.goto(f"{base}{path}")
    for _ in range(30):
        page.get_by_role("button", name="Næste på tavlen").click()
        page.wait_for_load_state()
        if "Andre steder" in page.locator("#nu + p").inner_text():
            break
    expect(wall.locator(".say")).to_contain_text("I Demo var det 3 ud af 100")
    expect(wall.locator(".traceelsewhere, .scatterlayer").first).to_be_attached()
    assert demo.complaints == []
