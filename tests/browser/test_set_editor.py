"""Writing a set: with the checker's words as one types, and without script."""

import pytest
from conftest import new_context, watched
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

ALCOHOL = "har drukket mindst ét glas alkohol"


def begin(browser: Browser, demo, **options) -> Page:
    """The page of a fresh draft, made from 7a."""
    page = watched(new_context(browser, demo, **options), demo)
    page.goto(demo.links["consultant_url"])
    page.goto(f"{demo.links['base_url']}/laerer/saet/7a")
    page.get_by_role("button", name="Tilpas til os").click()
    page.wait_for_url("**/konsulent/saet/**")
    return page


def save(page: Page) -> None:
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.locator("main")).to_contain_text("Gemt i kladden.")


def test_the_words_come_while_one_types_and_the_set_is_published(browser, demo):
    page = begin(browser, demo)
    draft = page.url
    page.get_by_role("link", name=ALCOHOL, exact=True).click()
    beside = page.locator("#kort-check")
    expect(beside).to_have_text("")
    act = page.get_by_label("Det, man gør eller synes")
    act.fill("har desværre drukket mindst ét glas alkohol")
    expect(beside).to_contain_text("”desværre”")
    expect(beside).to_contain_text("det svar, det beder om")
    expect(page.locator("[data-asked]")).to_contain_text(
        "Hvor mange af alle de andre i 7. klasse har desværre drukket"
    )
    # In focus all the while, and nothing is saved yet.
    expect(act).to_be_focused()
    act.fill("har drukket mindst ét glas alkohol")
    expect(beside).to_have_text("")
    page.get_by_label("Note til læreren").fill("Kun hos os.")
    save(page)
    page.goto(draft)
    page.get_by_role("button", name="Udgiv").click()
    expect(page.get_by_text("Sættet er udgivet.")).to_be_visible()
    page.get_by_role("link", name="årsplanen").click()
    expect(page.get_by_role("link", name="Åbn for 7. årgang")).to_be_visible()
    assert demo.complaints == []


def test_a_lost_line_leaves_the_words_and_the_typing_alone(browser, demo):
    page = begin(browser, demo)
    page.get_by_role("link", name=ALCOHOL, exact=True).click()
    act = page.get_by_label("Det, man gør eller synes")
    act.fill("har desværre drukket alkohol")
    beside = page.locator("#kort-check")
    expect(beside).to_contain_text("”desværre”")
    page.route("**/spoergsmaal/**", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        act.fill("har drukket mindst én øl")
    expect(beside).to_contain_text("”desværre”")
    expect(act).to_have_value("har drukket mindst én øl")
    page.unroute("**/spoergsmaal/**")
    page.get_by_role("button", name="Gem", exact=True).click()
    expect(page.get_by_label("Det, man gør eller synes")).to_have_value(
        "har drukket mindst én øl"
    )


def test_everything_is_done_without_script(browser, demo):
    page = begin(browser, demo, java_script_enabled=False)
    draft = page.url
    page.get_by_role("link", name=ALCOHOL, exact=True).click()
    page.get_by_label("Det, man gør eller synes").fill("har stjålet en øl")
    page.get_by_role("button", name="Se efter uden at gemme").click()
    beside = page.locator("#foelsomhed-check")
    expect(beside).to_contain_text("Spørgsmålet handler om ”stjålet”")
    save(page)
    page.goto(draft)
    page.get_by_role("button", name="Udgiv").click()
    expect(page.get_by_role("alert")).to_contain_text("Sættet kan ikke udgives endnu")
    page.get_by_role("alert").get_by_role("link").first.click()
    page.get_by_label("Det, man gør eller synes").fill("har drukket ét glas alkohol")
    page.get_by_label("Spørgsmålet til eleven selv").fill(
        "Har du selv drukket ét glas alkohol de seneste 30 dage?"
    )
    # Enter in a field saves.
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Gemt i kladden.")
    page.goto(draft)
    page.get_by_label("Nyt spørgsmål").fill("synes, det er fint at drikke vand")
    page.get_by_role("button", name="Tilføj").click()
    page.get_by_label("Spørgsmålet til eleven selv").fill(
        "Synes du selv, det er fint at drikke vand?"
    )
    save(page)
    page.goto(draft)
    page.get_by_role("button", name="Udgiv").click()
    expect(page.locator("main")).to_contain_text("Sættet er udgivet.")
    page.get_by_role("link", name="Prøv som elev").click()
    expect(page.locator("main")).to_contain_text("Prøve: intet tælles eller gemmes.")
