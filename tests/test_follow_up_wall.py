"""Before and after on the wall, on the teacher's page and in the file."""

import csv as reader
import io
from dataclasses import replace
from itertools import product

import builders
import pytest
from builders import NOW, tallies
from flask import Flask
from flask.testing import FlaskClient
from room import sign_in

from pejling import compared, results
from pejling.domain import change_wording, follow_up
from pejling.domain.disclosure import Omission
from pejling.domain.follow_up import Verdict
from pejling.domain.sessions import AGREEMENT, OVERVIEW, Position, Session, Step
from pejling.output import changes, export
from pejling.storage import archive, deletion
from pejling.storage.accounts import Role
from pejling.storage.connections import Stores

AGREED = ("Vi siger det, som det er.", "Vi spørger, før vi tror.")


def runs(
    stores: Stores, n: int = 22, first: dict | None = None, second: dict | None = None
) -> tuple[Session, Session]:
    """3 of 24 vape and all guess 12; seven weeks later all of the ``n`` guess 5.

    14 of 24 may say no and all guess 10; later all guess a pupil more.
    """
    before = {
        "vape": tallies("vape", 3, 21, guesses={11: 8, 12: 8, 13: 8}),
        "ok_at_sige_nej": tallies("ok_at_sige_nej", 20, 4, guesses={10: 12, 14: 12}),
    }
    after = {
        "vape": tallies("vape", 3, n - 3, guesses={4: n // 2, 5: n - n // 2}),
        "ok_at_sige_nej": tallies(
            "ok_at_sige_nej", n - 4, 4, guesses={10: n // 2, 13: n - n // 2}
        ),
    }
    one = builders.closed_class(stores, **(before | (first or {})))
    archive.agree(stores.archive, one.id, AGREED)
    other = builders.closed_class(
        stores,
        present=n,
        columns={"kind": "opfoelgning", "day": "2026-11-09"},
        **(after | (second or {})),
    )
    stores.archive["session_link"].insert(
        {"session": other.id, "place": 0, "other": one.id}
    )
    return one, archive.session(stores.archive, other.id)


def beside(stores: Stores, session: Session) -> follow_up.Compared | None:
    return compared.of(stores, results.of_session(stores, session))


def wall(
    client: FlaskClient, stores: Stores, session: Session, item: str, step
) -> dict:
    """What the projector shows at a position; the page says the same."""
    now = archive.session(stores.archive, session.id)
    archive.move(stores.archive, now, replace(now, position=Position(item, step)), NOW)
    found = client.get(f"/tavle/{session.wall_key}/tilstand").get_json()
    assert found["html"].strip() in client.get(f"/tavle/{session.wall_key}").text
    return found


@pytest.fixture
def teacher(app: Flask, stores: Stores) -> FlaskClient:
    return sign_in(app, stores, "k@example.dk", Role.CONSULTANT)


# --- what is compared -----------------------------------------------------------------


def test_first_run_is_found_with_its_day_size_and_agreement(stores: Stores):
    first, second = runs(stores)
    found = beside(stores, second)
    assert found
    assert (found.day, found.present, found.agreed) == (first.day, 24, AGREED)
    assert {key: one.believed for key, one in found.changes.items()} == {
        "vape": Verdict.DOWN,
        "ok_at_sige_nej": Verdict.UNSEEN,
    }
    assert found.on_wall == {"vape", "ok_at_sige_nej"}


def test_first_run_itself_is_beside_nothing(stores: Stores):
    first, _ = runs(stores)
    assert beside(stores, first) is None


@pytest.mark.parametrize("which", [0, 1])
def test_too_few_in_one_of_the_runs_is_no_comparison(stores: Stores, which: int):
    # Nine answers: too few for what is yellow, whichever run it is.
    few = {"vape": tallies("vape", 3, 6, guesses={8: 9})}
    _, second = runs(stores, **{("first", "second")[which]: few})
    found = beside(stores, second)
    assert found
    assert set(found.changes) == {"ok_at_sige_nej"}


@pytest.mark.parametrize("which", [0, 1])
def test_under_the_80_per_cent_rule_there_is_no_comparison(stores: Stores, which: int):
    few = {"vape": tallies("vape", 3, 13, guesses={8: 16})}
    _, second = runs(stores, **{("first", "second")[which]: few})
    found = beside(stores, second)
    assert found
    assert "vape" not in found.changes


@pytest.mark.parametrize("which", [0, 1])
def test_left_out_of_one_is_in_neither(stores: Stores, which: int):
    both = runs(stores)
    archive.omit(stores.archive, both[which].id, "vape", Omission.NOT_SERIOUS)
    found = beside(stores, both[1])
    assert found
    assert "vape" not in found.changes


@pytest.mark.parametrize("which", [0, 1])
def test_held_back_in_one_is_not_on_the_wall(
    client: FlaskClient, stores: Stores, which: int
):
    both = runs(stores)
    archive.choose(stores.archive, both[which].id, "vape", False)
    found = beside(stores, both[1])
    assert found
    assert "vape" in found.changes
    assert found.on_wall == {"ok_at_sige_nej"}
    shown = wall(client, stores, both[1], OVERVIEW, Step.QUESTION)
    assert "Har vapet" not in shown["html"]


def test_risk_that_most_do_stays_off_the_wall(client: FlaskClient, stores: Stores):
    # Finding C then, A now: what was hidden does not come back as "sidst".
    most = {"vape": tallies("vape", 14, 10, guesses={20: 24})}
    _, second = runs(stores, first=most)
    shown = wall(client, stores, second, "vape", Step.FIGURES)
    assert "Sidst" not in shown["html"]
    assert "Sidst" not in str(shown["figure"])


# --- the wall -------------------------------------------------------------------------


def test_behaviour_then_and_now(client: FlaskClient, stores: Stores):
    _, second = runs(stores)
    shown = wall(client, stores, second, "vape", Step.FIGURES)
    assert "I gætter lavere end sidst." in shown["html"]
    # Against 3 of 24 all of 11, 12 and 13 are too high; against 3 of 22 neither 4 nor
    # 5 is, being within 2.
    assert (
        "Sidst gættede 24 ud af 24 for højt, nu gør 0 ud af 22. Det er færre."
        in (shown["html"])
    )
    texts = [one["text"] for one in shown["figure"]["layout"]["annotations"]]
    assert texts == [
        "Sidst: I gættede 12 ud af 24",
        "Nu: I gætter 4,5 ud af 22",
        "3 har det",
    ]
    dots = {one["uid"]: one for one in shown["figure"]["data"] if "uid" in one}
    assert len(dots["before"]["x"]) == 24
    assert len(dots["dots"]["x"]) == 22
    # 12 of 24 stand where 11 of 22 do.
    assert 11.0 in dots["before"]["x"]


def test_what_cannot_be_seen_is_said_with_its_reason(client, stores: Stores):
    _, second = runs(stores)
    html = wall(client, stores, second, "ok_at_sige_nej", Step.FIGURES)["html"]
    assert "Om det er en ændring, kan ikke ses endnu." in html
    assert (
        "Forskellen er ikke større, end tilfældet kan give i en klasse på 22." in html
    )


def test_no_word_of_statistics_on_any_screen(client, stores: Stores):
    _, second = runs(stores)
    text = "".join(
        wall(client, stores, second, item, step)["html"].lower()
        for item, step in product(("vape", "ok_at_sige_nej", OVERVIEW), Step)
    )
    for word in ("signifika", "p-værdi", "test", "fisher", "hypotese", "konfidens"):
        assert word not in text


def test_steps_before_are_those_of_any_pejling(client, stores: Stores):
    _, second = runs(stores)
    for step in (Step.QUESTION, Step.GUESSES, Step.FACIT, Step.SENTENCE):
        assert "idst" not in wall(client, stores, second, "vape", step)["html"]


def test_overview_has_both_sizes(client, stores: Stores):
    _, second = runs(stores)
    shown = wall(client, stores, second, OVERVIEW, Step.QUESTION)
    assert shown["title"] == "Sidst og nu"
    assert "som om I var 22" in shown["html"]
    texts = [one["text"] for one in shown["figure"]["layout"]["annotations"]]
    assert "12 af 24 → 4,5 af 22" in texts
    assert "kan ikke ses endnu" in texts


def test_same_size_needs_no_denominators(client, stores: Stores):
    _, second = runs(stores, n=24)
    shown = wall(client, stores, second, OVERVIEW, Step.QUESTION)
    assert "som om I var" not in shown["html"]
    texts = [one["text"] for one in shown["figure"]["layout"]["annotations"]]
    assert "12 → 4,5" in texts


def test_figures_are_what_plotly_takes(stores: Stores):
    import plotly.graph_objects as go

    _, second = runs(stores)
    found = results.of_session(stores, second)
    aside = compared.of(stores, found)
    assert aside
    pairs = [(found.item(key), one) for key, one in aside.changes.items()]
    for figure in (changes.guesses(*pairs[0]), changes.overview(pairs)):
        go.Figure(figure["data"], figure["layout"])
        for note in figure["layout"]["annotations"]:
            assert note["font"]["size"] >= 28


def test_deleted_first_run_leaves_a_plain_pejling(client, teacher, stores: Stores):
    first, second = runs(stores)
    deletion.delete_session(stores.archive, first, 1, NOW)
    assert beside(stores, second) is None
    shown = wall(client, stores, second, "vape", Step.FIGURES)
    assert "Sidst" not in shown["html"]
    plain = wall(client, stores, second, OVERVIEW, Step.QUESTION)
    assert plain["title"] == "Det troede vi, og sådan er det"
    assert (
        "Holder vi den"
        not in wall(client, stores, second, AGREEMENT, Step.QUESTION)["html"]
    )
    page = teacher.get(f"/laerer/{second.id}").text
    assert change_wording.DELETED in page
    assert AGREED[0] not in page


# --- the agreement --------------------------------------------------------------------


def test_agreement_is_asked_about_until_the_class_has_one_of_its_own(
    client, teacher, stores: Stores
):
    _, second = runs(stores)
    shown = wall(client, stores, second, AGREEMENT, Step.QUESTION)
    assert shown["title"] == "Holder vi den?"
    assert all(one in shown["html"] for one in AGREED)
    page = teacher.get(f"/laerer/{second.id}").text
    assert "Holder vi den?" in page
    assert "\n".join(AGREED) in page.replace("\r\n", "\n")
    archive.agree(stores.archive, second.id, ("Vi spørger først.",))
    shown = wall(client, stores, second, AGREEMENT, Step.QUESTION)
    assert shown["title"] == "Klassens aftale"
    assert AGREED[0] not in shown["html"]


# --- the teacher's page and the file --------------------------------------------------


def test_teacher_reads_both_numbers_and_what_to_say(teacher, stores: Stores):
    _, second = runs(stores)
    page = teacher.get(f"/laerer/{second.id}").text
    assert "pejlingen den 21. september 2026" in page
    assert "Sidst gættede I på 12 ud af 24. Nu gætter I på 4,5 ud af 22." in page
    assert "tættere på tallet" in page
    assert "Sig ikke, at det er gået frem eller tilbage" in page


def test_file_has_the_first_run_beside(stores: Stores):
    _, second = runs(stores)
    found = results.of_session(stores, second)
    text = export.csv(found, compared.of(stores, found), plain=True).decode()
    rows = {one["emne"]: one for one in reader.DictReader(io.StringIO(text))}
    assert rows["vape"]["sidst_dato"] == "2026-09-21"
    assert rows["vape"]["sidst_til_stede"] == "24"
    assert rows["vape"]["sidst_gaet_klassen"] == "12"
    assert rows["vape"]["sidst_for_hoejt"] == "24"
    assert rows["vape"]["gaet_siden_sidst"] == "lavere"
    assert rows["vape"]["skaeve_siden_sidst"] == "færre"
    assert rows["ok_at_sige_nej"]["gaet_siden_sidst"] == "kan ikke ses"
    assert rows["ok_at_sige_nej"]["skaeve_gaet"] == "for lavt"


def test_file_of_a_first_run_has_nothing_beside(stores: Stores):
    first, _ = runs(stores)
    text = export.csv(results.of_session(stores, first), plain=True).decode()
    rows = list(reader.DictReader(io.StringIO(text)))
    assert {one["sidst_gaet_klassen"] for one in rows} == {""}


# --- wording --------------------------------------------------------------------------


def test_same_guess_is_told_as_the_same(stores: Stores):
    same = {"vape": tallies("vape", 3, 21, guesses={11: 8, 12: 8, 13: 8})}
    _, second = runs(stores, n=24, second=same)
    change = beside(stores, second).changes["vape"]
    assert change_wording.guesses(change) == (
        "Sidst gættede I på 12, og det gør I også nu.",
    )
    assert change_wording.headline(change) == "I gætter det samme som sidst."
    assert change_wording.unseen(change) == ""
    assert "kan ikke ses" not in change_wording.shares(change)


def test_same_share_of_another_size_is_told_as_the_same(client, stores: Stores):
    # 12 of 24 is 11 of 22.
    same = {"vape": tallies("vape", 3, 19, guesses={10: 7, 11: 8, 12: 7})}
    _, second = runs(stores, second=same)
    change = beside(stores, second).changes["vape"]
    assert change_wording.guesses(change) == (
        "Sidst gættede I på 12 ud af 24. Nu gætter I på 11 ud af 22.",
        "Det svarer til det samme.",
    )
    shown = wall(client, stores, second, OVERVIEW, Step.QUESTION)
    texts = [one["text"] for one in shown["figure"]["layout"]["annotations"]]
    at = texts.index("12 af 24 → 11 af 22")
    assert texts[at + 1] == "det samme"


def test_further_away_is_told_without_blame(stores: Stores):
    worse = {"vape": tallies("vape", 3, 21, guesses={19: 12, 20: 12})}
    _, second = runs(stores, n=24, second=worse)
    change = beside(stores, second).changes["vape"]
    assert change_wording.headline(change) == "I gætter højere end sidst."
    assert "uden bebrejdelse" in change_wording.advice(change)


def test_line_of_the_facit_strikes_no_words_out(stores: Stores):
    # Now all guess 9 or 13 and 18 of 22 say yes: right of the line the words would lie
    # over the facit's, left of it there is room.
    _, second = runs(stores)
    found = results.of_session(stores, second)
    change = compared.of(stores, found).changes["ok_at_sige_nej"]
    figure = changes.guesses(found.item("ok_at_sige_nej"), change)
    now = figure["layout"]["annotations"][1]
    assert now["text"].startswith("Nu: ")
    assert now["xanchor"] == "right"
    assert "bgcolor" not in now


def test_deleting_the_first_run_tells_of_its_follow_up(teacher, stores: Stores):
    first, second = runs(stores)
    words = "Opfølgningen bliver stående som en almindelig pejling"
    assert words in teacher.get(f"/laerer/{first.id}/slet").text
    assert words not in teacher.get(f"/laerer/{second.id}/slet").text
