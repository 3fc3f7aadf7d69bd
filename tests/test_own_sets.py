"""The kommune's own sets: begun, written, tried, published, retired, given on."""

import html
import io
import json
import re
import tomllib
from pathlib import Path

import builders
import pytest
from room import PASSWORD, answer_one, enter, open_room, sign_in, token_of

from pejling.app import create_app
from pejling.domain.content import library
from pejling.domain.content.library import Own
from pejling.storage import accounts, archive, kommune, own_sets, schools, staff_log
from pejling.storage.accounts import Role

SETS = Path(__file__).parent.parent / "question_sets"
NOW = builders.NOW


@pytest.fixture
def desk(app, stores):
    return sign_in(app, stores, "k@example.dk", Role.CONSULTANT)


@pytest.fixture
def colleague(app, stores):
    return sign_in(app, stores, "anden@example.dk", Role.CONSULTANT)


def press(browser, path, **values):
    token = token_of(browser.get("/konto/"))
    return browser.post(f"/konsulent/saet/{path}", data={"csrf_token": token, **values})


def begin(desk, source="7a") -> str:
    answer = press(desk, "kopi", saet=source)
    assert answer.status_code == 303, answer.text
    return answer.location.rpartition("/")[2]


def fields(page) -> dict[str, str]:
    """What a browser would send of the editor's form, untouched."""
    form = page.text[page.text.index('data-module="check"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        value = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        is_box = value.get("type") in ("checkbox", "radio")
        if is_box and not re.search(r"\bchecked\b", tag):
            continue
        name = value["name"]
        found.setdefault(name, []).append(html.unescape(value.get("value", "y")))
    for name, text in re.findall(
        r'<textarea[^>]*name="(\w+)"[^>]*>\s?(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = [html.unescape(text)]
    for name, options in re.findall(
        r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'<option selected value="([^"]*)"', options)
        first = re.search(r'value="([^"]*)"', options)
        found[name] = [html.unescape((chosen or first).group(1))]
    return found


def edit(desk, path, button="gem", **changes):
    """A part's page as it is, with some fields changed, sent."""
    page = desk.get(f"/konsulent/saet/{path}")
    assert page.status_code == 200, page.text
    sent = {**fields(page), "trin": button}
    for name, value in changes.items():
        if value is None:
            sent.pop(name, None)
        else:
            sent[name] = value
    return desk.post(f"/konsulent/saet/{path}", data=sent)


def raw_of(stores, set_id):
    return own_sets.get(stores.archive, set_id).raw


# --- beginning ------------------------------------------------------------------------


def test_a_copy_is_named_after_the_kommune_and_breaks_no_rule(desk, stores):
    kommune.fill_in(stores.archive, {"name": "Høje-Taastrup Kommune"})
    set_id = begin(desk)
    assert set_id == "hoeje_taastrup_7a"
    page = desk.get(f"/konsulent/saet/{set_id}").text
    assert "kladde, ikke udgivet" in page
    assert "at rette" not in page
    assert begin(desk) == "hoeje_taastrup_7a_2"
    assert "hoeje_taastrup_7a_2" in desk.get("/konsulent/saet/").text


@pytest.mark.parametrize("name", ["4a", "6b", "7c", "9a", "p2", "f9"])
def test_each_shipped_set_may_be_adapted_and_saved_untouched(desk, stores, name):
    set_id = begin(desk, name)
    before = raw_of(stores, set_id)
    assert edit(desk, f"{set_id}/om").status_code == 303
    for one in before["spoergsmaal"]:
        assert edit(desk, f"{set_id}/spoergsmaal/{one['id']}").status_code == 303
    # A form that is sent as it came changes nothing, and is no new revision.
    assert json.dumps(raw_of(stores, set_id)) == json.dumps(before)
    assert own_sets.get(stores.archive, set_id).revision.number == 1
    assert press(desk, f"{set_id}/udgiv", revision="1").status_code == 303


def test_a_set_that_is_not_there_cannot_be_copied(desk):
    answer = press(desk, "kopi", saet="nix")
    assert answer.status_code == 404
    assert "Det sæt findes ikke" in answer.text
    assert desk.get("/konsulent/saet/nix").status_code == 404


# --- writing --------------------------------------------------------------------------


def test_words_are_saved_and_the_guesses_follow(desk, stores):
    set_id = begin(desk)
    answer = edit(
        desk,
        f"{set_id}/spoergsmaal/alkohol_30",
        kort="har drukket  mindst én øl ",
        selv="Har du selv drukket mindst én øl de seneste 30 dage?",
    )
    assert answer.location.endswith("/spoergsmaal/alkohol_30?gemt=1")
    one = raw_of(stores, set_id)["spoergsmaal"][2]
    assert one["kort"] == "har drukket mindst én øl"
    assert one["andre"].endswith(
        "7. klasse har drukket mindst én øl de seneste 30 dage?"
    )
    page = desk.get(answer.location).text
    assert "Gemt i kladden." in page
    assert "Skal rettes" not in page


def test_a_breach_stands_beside_its_field_with_the_reason(desk, stores):
    set_id = begin(desk)
    edit(desk, f"{set_id}/spoergsmaal/alkohol_30", kort="har desværre drukket vodka")
    page = desk.get(f"/konsulent/saet/{set_id}/spoergsmaal/alkohol_30").text
    beside = re.search(r'id="kort-check".*?</ul>', page, re.DOTALL).group()
    assert "”desværre”" in beside
    assert "det svar, det beder om" in beside
    # Saved all the same: a draft is not lost because it is not ready.
    assert raw_of(stores, set_id)["spoergsmaal"][2]["kort"].startswith("har desværre")


def test_looking_without_saving_needs_no_script(desk, stores):
    set_id = begin(desk)
    answer = edit(
        desk, f"{set_id}/spoergsmaal/alkohol_30", "tjek", kort="stjæler heldigvis"
    )
    assert answer.status_code == 200
    assert "Set efter, ikke gemt endnu." in answer.text
    assert "”heldigvis”" in answer.text
    assert 'value="stjæler heldigvis"' in answer.text
    assert "Hvor mange af alle de andre i 7. klasse stjæler heldigvis" in answer.text
    assert own_sets.get(stores.archive, set_id).revision.number == 1


def test_the_script_is_told_the_same_words(desk):
    set_id = begin(desk)
    path = f"/konsulent/saet/{set_id}/spoergsmaal/alkohol_30"
    sent = {**fields(desk.get(path)), "trin": "tjek", "kort": "stjæler heldigvis"}
    said = desk.post(path, data=sent, headers={"Accept": "application/json"}).get_json()
    page = desk.post(path, data=sent).text
    assert said["asked"][0].startswith("Hvor mange af alle de andre i 7. klasse stj")
    assert {"kort", "foelsomhed"} <= set(said["remarks"])
    for its in said["remarks"].values():
        for one in its:
            assert one["text"] in html.unescape(page)
            assert one["why"] in html.unescape(page)
            assert one["error"] in (True, False)
    about = f"/konsulent/saet/{set_id}/om"
    sent = {**fields(desk.get(about)), "trin": "tjek", "titel": ""}
    said = desk.post(about, data=sent, headers={"Accept": "application/json"})
    assert list(said.get_json()["remarks"]) == ["titel"]


def test_about_is_saved_line_by_line(desk, stores):
    set_id = begin(desk)
    edit(
        desk,
        f"{set_id}/om",
        titel="Fest hos os",
        aargang=["8", "9", "99", "x"],
        laeringsmaal="Et mål.\r\n\r\n  Et  mål til.",
        ord="glas alkohol: en genstand\nuden kolon",
        alle="Hvad nu?\nOg så?",
        **{"kilde4-kommune": "Stevns", "kilde4-citat": "Valg"},
        emne="trafik",
        minutter="45",
    )
    raw = raw_of(stores, set_id)
    assert raw["titel"] == "Fest hos os"
    assert raw["aargang"] == [8, 9]
    assert raw["laeringsmaal"] == ["Et mål.", "Et mål til."]
    assert raw["ord"][0] == {"ord": "glas alkohol", "betyder": "en genstand"}
    assert raw["ord"][1] == {"ord": "uden kolon", "betyder": ""}
    assert [
        one["tekst"] for one in raw["samtalespoergsmaal"] if one["ved"] == "alle"
    ] == ["Hvad nu?", "Og så?"]
    assert raw["kilder"][4]["kommune"] == "Stevns"
    assert (raw["emne"], raw["minutter"]) == ("trafik", 45)
    page = desk.get(f"/konsulent/saet/{set_id}/om")
    assert "uden kolon: </textarea>" in page.text


def test_parents_guess_at_what_pupils_were_asked(desk, stores):
    set_id = begin(desk, "f7")
    page = desk.get(f"/konsulent/saet/{set_id}/om").text
    assert "Forældrene gætter" in page
    assert 'value="7a/alkohol_30"' in page
    # Roed items, and those of other årgange, are not offered.
    assert 'value="7c/' in page
    assert 'value="8a/' not in page
    edit(desk, f"{set_id}/om", gaet_elevernes_svar=["7a/alkohol_30", "8a/hash", "../x"])
    assert raw_of(stores, set_id)["gaet_elevernes_svar"] == ["7a/alkohol_30"]


def test_questions_are_added_moved_and_taken_out(desk, stores):
    set_id = begin(desk)
    before = [one["id"] for one in raw_of(stores, set_id)["spoergsmaal"]]
    answer = press(desk, f"{set_id}/spoergsmaal", kort="har danset")
    assert answer.location.endswith("/spoergsmaal/har_danset")
    assert "Skal rettes" in desk.get(answer.location).text
    press(desk, f"{set_id}/orden", trin="op", triade="har_danset")
    after = [one["id"] for one in raw_of(stores, set_id)["spoergsmaal"]]
    assert after == [*before[:-2], "har_danset", *before[-2:]]
    press(desk, f"{set_id}/orden", trin="ned", triade=before[0])
    press(desk, f"{set_id}/orden", trin="ud", triade="har_danset")
    ids = [one["id"] for one in raw_of(stores, set_id)["spoergsmaal"]]
    assert ids == [before[1], before[0], *before[2:]]
    gone = press(desk, f"{set_id}/orden", trin="ud", triade="har_danset")
    assert gone.status_code == 404
    assert "taget ud" in gone.text
    assert press(desk, f"{set_id}/orden", trin="x", triade="sang").status_code == 400


def test_a_full_set_says_so(desk, stores):
    set_id = begin(desk)
    answers = [press(desk, f"{set_id}/spoergsmaal", kort="har set") for _ in range(3)]
    assert [one.status_code for one in answers] == [303, 303, 409]
    assert "plads til 12" in answers[-1].text


# --- two who write --------------------------------------------------------------------


def test_two_who_write_in_different_parts_do_not_meet(desk, colleague, stores):
    set_id = begin(desk)
    mine = fields(desk.get(f"/konsulent/saet/{set_id}/spoergsmaal/sang"))
    edit(colleague, f"{set_id}/om", titel="Deres titel")
    edit(colleague, f"{set_id}/spoergsmaal/alkohol_30", note="Deres note")
    sent = {**mine, "trin": "gem", "note": "Min note"}
    answer = desk.post(f"/konsulent/saet/{set_id}/spoergsmaal/sang", data=sent)
    assert answer.status_code == 303
    raw = raw_of(stores, set_id)
    assert raw["titel"] == "Deres titel"
    assert raw["spoergsmaal"][0]["note"] == "Min note"
    assert raw["spoergsmaal"][2]["note"] == "Deres note"


def test_the_second_who_saves_the_same_is_told_and_nothing_is_lost(
    desk, colleague, stores
):
    set_id = begin(desk)
    path = f"/konsulent/saet/{set_id}/spoergsmaal/sang"
    mine = fields(desk.get(path))
    edit(colleague, f"{set_id}/spoergsmaal/sang", note="Deres note")
    sent = {**mine, "trin": "gem", "note": "Min note"}
    told = desk.post(path, data=sent)
    assert told.status_code == 409
    assert "anden@example.dk gemte" in told.text
    assert "Min note</textarea>" in told.text
    assert "Nu gemt: <q>Deres note</q>" in told.text
    assert raw_of(stores, set_id)["spoergsmaal"][0]["note"] == "Deres note"
    # Pressed again it goes in place of the other, which stays in the list.
    again = desk.post(path, data={**fields(told), "trin": "gem"})
    assert again.status_code == 303
    assert raw_of(stores, set_id)["spoergsmaal"][0]["note"] == "Min note"
    press(desk, f"{set_id}/tilbage", udgave="2")
    assert raw_of(stores, set_id)["spoergsmaal"][0]["note"] == "Deres note"


def test_the_same_words_from_two_are_no_conflict(desk, colleague, stores):
    set_id = begin(desk)
    path = f"/konsulent/saet/{set_id}/spoergsmaal/sang"
    mine = fields(desk.get(path))
    edit(colleague, f"{set_id}/spoergsmaal/sang", note="Samme")
    answer = desk.post(path, data={**mine, "trin": "gem", "note": "Samme"})
    assert answer.status_code == 303
    assert own_sets.get(stores.archive, set_id).revision.number == 2


def test_a_part_taken_out_meanwhile_is_told(desk, colleague):
    set_id = begin(desk)
    path = f"/konsulent/saet/{set_id}/spoergsmaal/alkohol_30"
    mine = fields(desk.get(path))
    press(colleague, f"{set_id}/orden", trin="ud", triade="alkohol_30")
    answer = desk.post(path, data={**mine, "trin": "gem"})
    assert answer.status_code == 404
    assert "kopiér det, du har" in answer.text
    assert desk.get(path).status_code == 404


def test_a_page_from_before_everything_that_is_kept_is_told(desk, stores):
    set_id = begin(desk)
    path = f"/konsulent/saet/{set_id}/spoergsmaal/sang"
    old = fields(desk.get(path))
    for number in range(own_sets.KEPT_REVISIONS + 1):
        edit(desk, f"{set_id}/om", titel=f"Titel {number}")
    kept = own_sets.revisions(stores.archive, set_id)
    assert len(kept) == own_sets.KEPT_REVISIONS
    answer = desk.post(path, data={**old, "trin": "gem", "note": "Ny"})
    assert answer.status_code == 409
    odd = desk.post(path, data={**old, "revision": "x", "trin": "gem", "note": "Ny"})
    assert odd.status_code == 409
    assert press(desk, f"{set_id}/tilbage", udgave="1").status_code == 404
    assert press(desk, f"{set_id}/tilbage", udgave="x").status_code == 404


def test_a_save_that_loses_the_race_is_tried_again(desk, stores, monkeypatch):
    set_id = begin(desk)
    save, times = own_sets.save, []

    def slow(db, name, raw, based_on, account, now):
        if not times:
            times.append(1)
            theirs = {**own_sets.get(db, name).raw, "titel": "Kom imellem"}
            save(db, name, theirs, based_on, account, now)
        return save(db, name, raw, based_on, account, now)

    monkeypatch.setattr(own_sets, "save", slow)
    assert edit(desk, f"{set_id}/spoergsmaal/sang", note="Min").status_code == 303
    raw = raw_of(stores, set_id)
    assert (raw["titel"], raw["spoergsmaal"][0]["note"]) == ("Kom imellem", "Min")


# --- publishing -----------------------------------------------------------------------


def test_a_set_that_breaks_a_rule_is_not_published_and_says_why(desk, app, stores):
    set_id = begin(desk)
    edit(desk, f"{set_id}/spoergsmaal/alkohol_30", kort="har stjålet en øl")
    answer = press(desk, f"{set_id}/udgiv", revision="2")
    assert answer.status_code == 422
    assert "Sættet kan ikke udgives endnu" in answer.text
    assert "strengeste regler" in answer.text
    assert f"/konsulent/saet/{set_id}/spoergsmaal/alkohol_30#foelsomhed" in answer.text
    assert own_sets.editions(stores.archive) == []
    teacher = sign_in(app, stores, "l@example.dk", Role.TEACHER)
    assert teacher.get(f"/laerer/saet/{set_id}").status_code == 404


def test_order_and_balance_are_told_for_the_set(desk):
    set_id = begin(desk)
    press(desk, f"{set_id}/orden", trin="ned", triade="sang")
    answer = press(desk, f"{set_id}/udgiv", revision="2")
    assert answer.status_code == 422
    assert "Opvarmningen skal stå først" in answer.text


def test_a_published_set_stands_in_the_plan_behind_its_source(desk, app, stores):
    set_id = begin(desk)
    answer = press(desk, f"{set_id}/udgiv", revision="1")
    assert "udgivet" in desk.get(answer.location).text
    teacher = sign_in(app, stores, "l@example.dk", Role.TEACHER)
    plan = teacher.get("/laerer/aarsplan").text
    grid = plan[: plan.index('id="aarshjul"')]
    assert grid.index("/laerer/saet/7a") < grid.index(f"/laerer/saet/{set_id}")
    assert teacher.get(f"/laerer/saet/{set_id}").status_code == 200
    assert teacher.get(f"/laerer/saet/{set_id}/vejledning").status_code == 200
    assert teacher.get(f"/laerer/saet/{set_id}/brev").status_code == 200
    assert teacher.get(f"/laerer/ny/7/{set_id}").status_code == 200


def test_pressed_twice_it_is_published_once(desk, stores):
    set_id = begin(desk)
    for _ in range(2):
        assert press(desk, f"{set_id}/udgiv", revision="1").status_code == 303
    assert len(own_sets.editions(stores.archive)) == 1
    count = stores.archive.conn.execute("select count(*) from own_edition").fetchone()
    assert count == (1,)


def test_what_was_not_looked_at_is_not_published(desk, colleague, stores):
    set_id = begin(desk)
    edit(colleague, f"{set_id}/om", titel="Deres")
    answer = press(desk, f"{set_id}/udgiv", revision="1")
    assert answer.status_code == 409
    assert "En anden har gemt imens" in answer.text
    assert own_sets.editions(stores.archive) == []


def test_a_class_keeps_the_words_it_was_asked(desk, app, stores):
    set_id = begin(desk)
    press(desk, f"{set_id}/udgiv", revision="1")
    room = open_room(app, stores)
    token = token_of(room.teacher.get("/konto/"))
    page = room.teacher.get(f"/laerer/ny/7/{set_id}").text
    core = re.findall(r'<input checked[^>]*name="items"[^>]*value="(\w+)"', page)
    opened = room.teacher.post(
        f"/laerer/ny/7/{set_id}",
        data={
            "csrf_token": token,
            "items": core,
            "school": "Åskolen",
            "letter": "B",
            "present": "10",
            "pacing": "samlet",
        },
    )
    assert opened.status_code == 303, opened.text
    edit(
        desk,
        f"{set_id}/spoergsmaal/sang",
        kort="har danset i badet",
        selv="Har du selv danset i badet de seneste 7 dage?",
    )
    assert press(desk, f"{set_id}/udgiv", revision="2").status_code == 303
    lead = room.teacher.get(opened.location).text
    assert "har sunget i badet" in lead
    assert "har danset i badet" in room.teacher.get(f"/laerer/saet/{set_id}").text


def test_the_version_grows_with_pupils_words_only(desk, stores):
    set_id = begin(desk)
    versions = []
    for change in ({}, {"note": "Ny note"}, {"kort": "har sunget højt i badet"}):
        if change:
            edit(desk, f"{set_id}/spoergsmaal/sang", **change)
        number = own_sets.get(stores.archive, set_id).revision.number
        press(desk, f"{set_id}/udgiv", revision=str(number))
        versions.append(own_sets.get(stores.archive, set_id).version)
    # The last breaks "own-act"? No: "sunget" and "badet" are still asked for.
    assert versions == [1, 1, 2]
    assert own_sets.editions(stores.archive)[0].raw["version"] == 2


def test_retired_sets_are_offered_no_more_and_stay_in_the_coverage(desk, app, stores):
    set_id = begin(desk)
    press(desk, f"{set_id}/udgiv", revision="1")
    press(desk, f"{set_id}/brug", ud="1")
    assert desk.get(f"/laerer/saet/{set_id}").status_code == 404
    assert own_sets.topics(stores.archive)[set_id].value == "alkohol"
    page = desk.get(f"/konsulent/saet/{set_id}").text
    assert "ude af brug" in page
    assert ">Udgiv<" not in page
    press(desk, f"{set_id}/brug", ud="0")
    assert desk.get(f"/laerer/saet/{set_id}").status_code == 200


def test_coverage_counts_a_retired_own_set(desk, stores):
    set_id = begin(desk)
    press(desk, f"{set_id}/udgiv", revision="1")
    press(desk, f"{set_id}/brug", ud="1")
    schools.add(stores.archive, ["Åskolen"])
    account = accounts.find(stores.archive, "k@example.dk")
    closed = builders.closed_class(stores, dyr=builders.tallies("dyr", 6, 6))
    stores.archive["session"].update(
        closed.id,
        {"set_id": set_id, "school": "Åskolen", "owner": account.id, "grade": 7},
    )
    page = desk.get("/konsulent/skoler/1")
    assert page.status_code == 200
    alcohol = re.search(r"<td>Alkohol og fest</td>.*?</tr>", page.text, re.DOTALL)
    assert "missing" not in alcohol.group()
    assert "hele årgangen" in alcohol.group() or "A:" in alcohol.group()


def test_drafts_are_deleted_and_editions_are_not(desk, stores):
    set_id = begin(desk)
    press(desk, f"{set_id}/slet")
    assert desk.get(f"/konsulent/saet/{set_id}").status_code == 404
    assert stores.archive["own_draft"].count == 0
    kept = begin(desk)
    press(desk, f"{kept}/udgiv", revision="1")
    refused = press(desk, f"{kept}/slet")
    assert refused.status_code == 409
    assert "Tag det ud af brug" in refused.text
    assert own_sets.get(stores.archive, kept).version == 1


def test_another_process_offers_what_was_published(desk, app, stores, tmp_path):
    other = create_app(tmp_path, clock=lambda: NOW, PUBLIC_URL="http://localhost")
    accounts.add(stores.archive, "l@example.dk", Role.TEACHER, PASSWORD)
    teacher = enter(other, "l@example.dk")
    set_id = begin(desk)
    assert teacher.get(f"/laerer/saet/{set_id}").status_code == 404
    press(desk, f"{set_id}/udgiv", revision="1")
    assert teacher.get(f"/laerer/saet/{set_id}").status_code == 200


def test_what_is_done_is_in_the_log(desk, stores):
    set_id = begin(desk)
    press(desk, f"{set_id}/udgiv", revision="1")
    press(desk, f"{set_id}/brug", ud="1")
    press(desk, f"{set_id}/brug", ud="0")
    press(desk, f"{begin(desk)}/slet")
    done = [one.action for one in staff_log.find(stores.archive) if "set" in one.action]
    assert done == [
        *("set delete", "set begin", "set revive", "set retire", "set publish"),
        "set begin",
    ]
    page = desk.get("/konsulent/log/").text
    assert "Udgav et eget sæt" in page
    assert f"{set_id} version 1" in page


def test_teachers_and_the_board_write_no_sets(app, stores):
    for email, role in (("l@example.dk", Role.TEACHER), ("b@example.dk", Role.BOARD)):
        browser = sign_in(app, stores, email, role)
        assert browser.get("/konsulent/saet/").status_code == 403
        assert press(browser, "kopi", saet="7a").status_code == 403


# --- files ----------------------------------------------------------------------------


def send(desk, body: bytes, name="saet.toml"):
    token = token_of(desk.get("/konto/"))
    return desk.post(
        "/konsulent/saet/fil",
        data={"csrf_token": token, "fil": (io.BytesIO(body), name)},
    )


def test_a_set_goes_to_another_kommune_and_back_as_the_same_file(desk, stores):
    kommune.fill_in(stores.archive, {"name": "Stevns"})
    set_id = begin(desk)
    edit(desk, f"{set_id}/om", titel="Delt")
    file = desk.get(f"/konsulent/saet/{set_id}.toml")
    assert file.mimetype == "application/toml"
    assert f'filename="{set_id}.toml"' in file.headers["Content-Disposition"]
    press(desk, f"{set_id}/slet")
    read = send(desk, file.data)
    assert read.location.endswith(f"/konsulent/saet/{set_id}")
    assert desk.get(f"/konsulent/saet/{set_id}.toml").data == file.data
    # Its place in the plan is that of the set it was made from.
    press(desk, f"{set_id}/udgiv", revision="1")
    assert f"/laerer/saet/{set_id}" in desk.get("/laerer/aarsplan").text


def test_a_file_whose_id_is_taken_gets_another(desk):
    body = (SETS / "7a.toml").read_bytes()
    assert send(desk, body).location.endswith("/7a_2")
    assert send(desk, body).location.endswith("/7a_3")


def test_a_pasted_file_is_read_too(desk, stores):
    text = (SETS / "6a.toml").read_text(encoding="utf-8").replace("\n", "\r\n")
    answer = press(desk, "fil", tekst=text)
    assert answer.location.endswith("/6a_2")


def test_a_file_that_breaks_the_method_is_a_draft_that_says_so(desk):
    text = (SETS / "7a.toml").read_text(encoding="utf-8")
    body = text.replace("har drukket mindst", "har desværre drukket mindst").encode()
    answer = send(desk, body)
    assert answer.status_code == 303
    assert "”desværre”" in desk.get(answer.location).text


GOOD = (SETS / "7a.toml").read_text(encoding="utf-8")
MANY = GOOD + "\n[[spoergsmaal]]" * 10_000


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "Der er ingen fil."),
        (b"   \n", "Der er ingen fil."),
        (b"\xff\xfe\x00", "ikke UTF-8"),
        (b"PK\x03\x04" + b"\x00" * 99, "ikke gyldig TOML"),
        (b"titel = ", "ikke gyldig TOML"),
        (b"[" * 4000, "ikke gyldig TOML"),
        (b"x" * 300_000, "højst 256 kB"),
        (b"a" * 6000, "højst 5000 tegn"),
        (GOOD.replace('id = "7a"', 'id = "../7a"').encode(), "Brug a-z, 0-9 og _"),
        (GOOD.replace("version = 2", 'version = "to"').encode(), "version"),
        (GOOD.replace("[[spoergsmaal]]", "[[sporgsmal]]").encode(), "findes ikke"),
        (GOOD.replace('art = "holdning"', 'art = "x"').encode(), "Brug en af"),
        (GOOD.replace('titel = "', 'titel = "\\u200b').encode(), "usynlige tegn"),
        (GOOD.replace('id = "sang"', 'id = "alkohol_30"').encode(), "står to gange"),
        (MANY.encode(), "Brug højst 12."),
        (b"spoergsmaal = 3", "skal være tabeller"),
        (b"a = 1979-05-27T07:32:00Z", "findes ikke"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_its_reason(desk, stores, body, says):
    answer = send(desk, body)
    assert answer.status_code == 422
    assert says in html.unescape(answer.text)
    assert "Fejl:" in answer.text
    assert own_sets.everything(stores.archive) == []


def test_a_huge_body_is_not_read(desk, app, stores):
    assert press(desk, "fil", tekst="x" * 2_000_000).status_code == 413
    teacher = sign_in(app, stores, "l@example.dk", Role.TEACHER)
    assert press(teacher, "fil", tekst="x" * 100_000).status_code == 413


# --- trying ---------------------------------------------------------------------------


def test_a_draft_is_tried_as_a_pupil_and_nothing_is_counted(desk, stores):
    set_id = begin(desk)
    edit(desk, f"{set_id}/spoergsmaal/sang", kort="har danset")
    tables = [
        *("session", "seat", "tally", "mark", "closed_triad"),
    ]
    before = count_all(stores, tables)
    page = desk.get(f"/konsulent/saet/{set_id}/proev")
    steps = 0
    while "Det var hele sættet" not in page.text:
        steps += 1
        assert "intet tælles eller gemmes" in page.text
        where = re.search(r'action="([^"]+/proev/\w+)"', page.text).group(1)
        sent = {"csrf_token": token_of(page), "trin": "se", "selv": "000"}
        names = set(re.findall(r'name="(andre|kammerater)"', page.text))
        empty = desk.post(where, data={"csrf_token": token_of(page), "trin": "se"})
        assert empty.status_code == 422
        review = desk.post(where, data=sent | dict.fromkeys(names, "003"))
        assert "Passer det?" in review.text
        assert 'data-module="guess"' not in review.text or "main.mjs" not in review.text
        again = desk.post(where, data={**fields_of(review), "trin": "ret"})
        assert "checked" in again.text
        page = desk.post(
            where, data={**fields_of(review), "trin": "send"}, follow_redirects=True
        )
    assert steps == len(raw_of(stores, set_id)["spoergsmaal"]) + 1
    assert count_all(stores, tables) == before
    assert desk.get(f"/konsulent/saet/{set_id}/proev/nix").status_code == 404


def fields_of(page):
    hidden = r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"'
    return dict(re.findall(hidden, page.text))


def count_all(stores, tables):
    found = {}
    for db in (stores.archive, stores.ballots):
        for name in db.table_names():
            if name in tables:
                found[name] = db[name].count
    return found


def test_a_teacher_tries_a_set_on_offer(app, stores):
    teacher = sign_in(app, stores, "l@example.dk", Role.TEACHER)
    page = teacher.get("/laerer/saet/7a/proev").text
    assert "har sunget i badet" in page
    assert 'href="/laerer/saet/7a"' in page
    assert teacher.get("/laerer/saet/nix/proev").status_code == 404
    assert teacher.get("/konsulent/saet/7a/proev").status_code == 403


def test_a_class_answers_an_own_set(desk, app, stores):
    set_id = begin(desk)
    edit(desk, f"{set_id}/spoergsmaal/sang", note="Syng med")
    press(desk, f"{set_id}/udgiv", revision="2")
    room = open_room(app, stores)
    page = room.teacher.get(f"/laerer/ny/7/{set_id}").text
    core = re.findall(r'<input checked[^>]*name="items"[^>]*value="(\w+)"', page)
    answer = room.teacher.post(
        f"/laerer/ny/7/{set_id}",
        data={
            "csrf_token": token_of(room.teacher.get("/konto/")),
            "items": core,
            "school": "Åskolen",
            "letter": "C",
            "present": "24",
            "pacing": "samlet",
        },
    )
    room.session = archive.session(stores.archive, answer.location.rpartition("/")[2])
    pupil = room.pupil()
    room.press("opvarmning")
    assert answer_one(pupil) == "sang"


# --- what is left out -----------------------------------------------------------------


def read(name="7a", **changes):
    raw = tomllib.loads((SETS / f"{name}.toml").read_text(encoding="utf-8"))
    return {**raw, **changes}


def test_an_own_set_that_breaks_a_new_rule_is_left_out_and_told(desk, stores):
    set_id = begin(desk)
    press(desk, f"{set_id}/udgiv", revision="1")
    broken = json.dumps({**raw_of(stores, set_id), "minutter": 50})
    with stores.archive.conn:
        stores.archive.execute("update own_edition set raw = ?", [broken])
        stores.archive.execute("update own_library set generation = 9")
    assert desk.get(f"/laerer/saet/{set_id}").status_code == 404
    assert "udeladt: reglerne er ændret" in desk.get("/konsulent/saet/").text
    assert f"{set_id}.toml" in desk.get("/konsulent/").text


def test_a_file_with_the_same_id_goes_first():
    files = library.read(SETS)
    both = library.with_own(files, [Own(read(titel="Vores"), "")])
    assert both.sets["7a"].title == files.sets["7a"].title
    assert "det samme kendeord" in str(both.errors[0])


def test_own_sets_stand_only_where_they_fit():
    files = library.read(SETS)
    ours = Own(read(id="stevns_7a"), "7a")
    other = {**read(id="ottende"), "aargang": [8]}
    for one in other["spoergsmaal"]:
        one["andre"] = one["andre"].replace("7. klasse", "8. klasse")
    both = library.with_own(files, [ours, Own(other, "7a"), Own(read(id="fri"), "")])
    assert both.errors == []
    for plan in both.plans.values():
        for course in plan.courses:
            assert "fri" not in course.set_ids
            if "7a" in course.set_ids:
                place = course.set_ids.index("7a")
                assert course.set_ids[place + 1] == "stevns_7a"
                assert ("ottende" in course.set_ids) == (8 in course.grades)
