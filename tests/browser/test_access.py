"""axe-core finds nothing on any page, at four widths, in light and dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import new_context, watched
from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

WIDTHS = (320, 768, 1280, 1920)


def violations(page: Page, name: str) -> list[str]:
    """What axe holds against a page, with the first place of each."""
    found = Axe().run(page).response
    assert found["passes"], f"axe did not run on {name}"
    return [
        f"{name}: {one['id']} at {one['nodes'][0]['html'][:120]}"
        for one in found["violations"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_anybody_out(browser: Browser, demo, scheme: str):
    base = demo.links["base_url"]
    found = []
    context = new_context(browser, demo, color_scheme=scheme)
    page = watched(context, demo)
    page.goto(demo.links["consultant_url"])
    page.goto(f"{base}/konsulent/")
    sessions = [one.get_attribute("href") for one in page.locator("td a").all()]
    paths = [
        "/",
        demo.links["join_url"].removeprefix(base),
        demo.links["join_url"].removeprefix(base) + "?sprog=en",
        "/laerer/",
        "/laerer/aarsplan",
        "/laerer/aarsplan?plan=stevns",
        "/laerer/saet/7a",
        "/laerer/planlaegning",
        "/laerer/saet/f7",
        "/laerer/saet/7a/vejledning",
        "/laerer/saet/7a/brev",
        "/dine-data",
        "/dine-data?sprog=en",
        "/was",
        "/konsulent/konsekvensanalyse",
        "/konsulent/oplysninger",
        "/konsulent/oplysninger/logo",
        "/konsulent/oplysninger/hjaelp",
        "/konsulent/oplysninger/adresse",
        "/konsulent/oplysninger/sprog",
        "/konsulent/oplysninger/roede",
        "/konsulent/personale/",
        "/konsulent/log/",
        "/konsulent/daekning",
        "/konsulent/skoler",
        "/konsulent/skoler/1",
        "/konsulent/skoler/1/paamindelse",
        "/konto/",
        "/konto/totrin",
        "/laerer/ny/9/9a",
        "/konsulent/",
        "/styregruppe/",
        "/findes-ikke",
        "/log-ind/faelles/videre?skole=1",
        "/moenstre",
        "/tal?aargang=9",
        "/tal/cannabis_ever",
        "/konsulent/tal",
        *sessions[:2],
        f"{sessions[1]}/plakater",
        f"{sessions[1]}/ark",
        f"{sessions[1]}/ung-til-ung",
        f"{sessions[1]}/klasseside",
        f"{sessions[1]}/hjem",
        f"{sessions[1]}/hjem/side",
        f"{sessions[1]}/hjem/side?sprog=en",
        f"{sessions[1]}/slet",
        f"{sessions[1]}/opfoelgning",
        sessions[1].replace("/laerer/", "/fjern/"),
    ]
    page.goto(f"{base}/laerer/saet/7a")
    page.click("text=Tilpas til os")
    own = page.url.removeprefix(base)
    paths += ["/konsulent/saet/", own, f"{own}/om", f"{own}/spoergsmaal/sang"]
    paths += [f"{own}/proev"]
    page.goto(f"{base}{sessions[1]}/klasseside")
    page.click("text=Åbn siden, og vis linket")
    found += violations(page, "link to the class's page")
    paths.append(page.input_value("#link").removeprefix(base))
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for path in paths:
            page.goto(base + path)
            found += violations(page, f"{path} at {width}")
    for width, height in ((1280, 720), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(demo.links["projector_url"])
        page.locator(".seats").wait_for()
        found += violations(page, f"wall at {width}")
    context.close()
    assert found == []


def test_paper_and_slips_shut_nobody_out(browser: Browser, demo):
    base = demo.links["base_url"]
    page = watched(new_context(browser, demo), demo)
    page.goto(demo.links["teacher_url"])
    found = []
    for mode in ("papir", "sedler"):
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(f"{base}/laerer/ny/7/7a")
        page.select_option("#school", index=1)
        page.fill("#present", "12")
        page.check(f"[name=mode][value={mode}]")
        page.click("text=Åbn for klassen")
        lead = page.url
        paths = [lead]
        if mode == "papir":
            pages = ("stemmesedler", "optaellingsark", "optaelling")
            paths += [f"{lead}/{one}" for one in pages]
        wall = page.get_by_role("link", name="Åbn tavlen").get_attribute("href")
        paths.append(f"{base}{wall}")
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            for path in paths:
                page.goto(path)
                page.wait_for_timeout(100)
                found += violations(page, f"{path} at {width}")
    page.goto(lead)
    page.click("text=Lav sedler")
    found += violations(page, "slips")
    assert found == []
