"""What a room does to a screen: ten minutes without network, zoom, unwanted motion."""

import pytest
from conftest import Demo, new_context, watched
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser

TEN_MINUTES = 10 * 60 * 1000
HELD = "Et spørgsmål om valg: fest og alkohol"

ANIMATIONS = """
() => document.getAnimations().map((one) => one.effect.getComputedTiming().endTime)
"""
"""When each running animation ends, in ms after it began."""


def run_on(page: Page, milliseconds: int, done: Locator) -> None:
    """Let a page's clock run in strides until something is to be seen.

    What a page hears from the network comes in its own time: a stride may be over
    before the timer that it would have moved is set.
    """
    for _ in range(40):
        page.clock.fast_forward(milliseconds)
        page.wait_for_timeout(250)
        if done.is_visible():
            return
    expect(done).to_be_visible()


def open_held(teacher: Page, demo: Demo) -> str:
    """The teacher's page of the session that was held; the address of its wall."""
    teacher.goto(demo.links["teacher_url"])
    teacher.goto(f"{demo.links['base_url']}/laerer/")
    teacher.locator("td").get_by_role("link", name=HELD).click()
    path = teacher.get_by_role("link", name="Åbn tavlen").get_attribute("href")
    return f"{demo.links['base_url']}{path}"


def test_phone_comes_back_by_itself(browser: Browser, demo: Demo):
    teacher = watched(new_context(browser, demo), demo)
    teacher.goto(demo.links["teacher_url"])
    context = new_context(browser, demo, viewport={"width": 360, "height": 740})
    phone = context.new_page()
    phone.clock.install()
    phone.goto(demo.links["join_url"])
    phone.get_by_role("button", name="Jeg er med").click()
    expect(phone.get_by_role("heading", name="Du er med")).to_be_visible()
    phone.wait_for_load_state("networkidle")
    context.set_offline(True)
    away = phone.get_by_text("Forbindelsen er væk. Vi prøver igen.")
    run_on(phone, 8_000, away)
    for _ in range(20):
        phone.clock.fast_forward(TEN_MINUTES // 20)
    teacher.get_by_role("button", name="Begynd opvarmningen").click()
    expect(phone.get_by_role("heading", name="Du er med")).to_be_visible()
    context.set_offline(False)
    run_on(phone, 31_000, phone.locator("fieldset").first)


def test_wall_comes_back_by_itself(browser: Browser, demo: Demo):
    teacher = watched(new_context(browser, demo), demo)
    address = open_held(teacher, demo)
    context = new_context(browser, demo, viewport={"width": 1280, "height": 720})
    wall = context.new_page()
    wall.clock.install()
    wall.goto(address)
    expect(wall.locator("h1")).to_have_text("Nu ser vi på tallene.")
    context.set_offline(True)
    teacher.get_by_role("button", name="Næste på tavlen").click()
    run_on(wall, 3_000, wall.locator("#away"))
    for _ in range(20):
        wall.clock.fast_forward(TEN_MINUTES // 20)
    # The last picture stays as long as there is no other.
    expect(wall.locator("h1")).to_have_text("Nu ser vi på tallene.")
    context.set_offline(False)
    run_on(wall, 16_000, wall.get_by_role("heading", name="Hvor mange i klassen"))
    expect(wall.locator("#away")).to_be_hidden()


def test_teachers_screen_comes_back_by_itself(browser: Browser, demo: Demo):
    context = new_context(browser, demo)
    away = context.new_page()
    open_held(away, demo)
    other = watched(new_context(browser, demo), demo)
    open_held(other, demo)
    context.set_offline(True)
    other.get_by_role("button", name="Næste på tavlen").click()
    now = other.locator("#nu").inner_text()
    expect(away.locator("#nu")).not_to_have_text(now)
    context.set_offline(False)
    expect(away.locator("#nu")).to_have_text(now)
    context.close()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_motion_is_short_or_not_there(browser: Browser, demo: Demo, motion: str):
    teacher = watched(new_context(browser, demo), demo)
    address = open_held(teacher, demo)
    wall = watched(
        new_context(
            browser,
            demo,
            viewport={"width": 1280, "height": 720},
            reduced_motion=motion,
        ),
        demo,
    )
    wall.goto(address)
    seen: list[float] = []
    for step in ("Spørgsmålet", "Klassens gæt", "Facit"):
        teacher.get_by_role("button", name="Næste på tavlen").click()
        expect(teacher.locator("#nu + p")).to_contain_text(step)
        for _ in range(20):
            seen += wall.evaluate(ANIMATIONS)
            wall.wait_for_timeout(50)
    expect(wall.locator(".tracefacit, .shapelayer").first).to_be_attached()
    assert max(seen, default=0) <= 600
    assert bool(seen) == (motion == "no-preference")
    assert demo.complaints == []


@pytest.mark.parametrize(("width", "height"), [(640, 400), (320, 256)])
def test_zoomed_pages_scroll_one_way_only(
    browser: Browser, demo: Demo, width: int, height: int
):
    # 200 % and 400 % of a window of 1280 px.
    context = new_context(browser, demo, viewport={"width": width, "height": height})
    page = watched(context, demo)
    wall = open_held(page, demo)
    lead = page.url
    paths = ("laerer/", "laerer/aarsplan", "laerer/ny/7/7a", "laerer/saet/7a")
    session = lead.rpartition("/")[2]
    addresses = [
        demo.links["join_url"],
        lead,
        f"{lead}/plakater",
        f"{lead}/ark",
        wall,
        *(f"{demo.links['base_url']}/{path}" for path in paths),
        f"{demo.links['base_url']}/fjern/{session}",
    ]
    for address in addresses:
        page.goto(address)
        page.wait_for_timeout(150)
        wide = page.evaluate("document.scrollingElement.scrollWidth")
        assert wide <= width, address
        bar = page.locator(".next--main")
        if bar.count():
            # What is always there leaves room for what changes, or is not always there.
            is_fixed = bar.evaluate("one => getComputedStyle(one).position") == "fixed"
            assert not is_fixed or bar.bounding_box()["height"] <= height / 2, address
    context.close()


def test_figure_that_nobody_sees_breaks_no_rule_and_goes(browser: Browser, demo: Demo):
    wall = watched(new_context(browser, demo), demo)
    wall.goto(demo.links["projector_url"])
    wall.evaluate(
        """async () => {
          const at = document.querySelector("script[type=module]").src;
          const figure = await import(new URL("figure.mjs", at));
          await figure.load(document.querySelector("main").dataset.plotly);
          await figure.rehearse(document);
        }"""
    )
    assert wall.locator(".js-plotly-plot").count() == 0
    assert demo.complaints == []
