"""The kommune's name and contacts: filled in once, used where people are told."""

import builders
import pytest
from room import sign_in, token_of

from pejling import results
from pejling.domain import elsewhere
from pejling.domain.benchmarks import Level
from pejling.domain.content import figure_rows
from pejling.domain.kommune import DETAILS, cleaned, fault, is_same_area, missing
from pejling.storage import figures, kommune
from pejling.storage.accounts import Role

GOOD = {
    "name": "Stevns Kommune",
    "contact": "SSP-sekretariatet",
    "contact_email": "ssp@example.dk",
    "contact_phone": "12 34 56 78",
    "dpo": "dpo@example.dk",
    "host": "Kommunens it-afdeling",
    "was_email": "web@example.dk",
    "was_phone": "+45 12345678",
}


def detail(name: str):
    return next(one for one in DETAILS if one.id == name)


@pytest.fixture
def desk(app, stores):
    return sign_in(app, stores, "k@example.dk", Role.CONSULTANT)


def post(desk, **changes):
    page = desk.get("/konsulent/oplysninger")
    data = {"csrf_token": token_of(page), **GOOD, **changes}
    return desk.post("/konsulent/oplysninger", data=data)


def test_details_are_kept_and_shown_again(desk, stores):
    assert [one.id for one in missing(kommune.details(stores.archive))] == list(GOOD)
    assert post(desk, name="  Stevns \n Kommune ").status_code == 303
    assert kommune.details(stores.archive) == GOOD
    assert missing(kommune.details(stores.archive)) == []
    assert 'value="Stevns Kommune"' in desk.get("/konsulent/oplysninger").text
    assert "Oplysningerne er gemt" in desk.get("/konsulent/oplysninger?gemt=1").text


def test_what_is_emptied_is_missing_again(desk, stores):
    post(desk)
    post(desk, dpo="  ")
    assert [one.id for one in missing(kommune.details(stores.archive))] == ["dpo"]
    assert "databeskyttelsesrådgiver" in desk.get("/konsulent/").text


@pytest.mark.parametrize(
    ("name", "typed", "says"),
    [
        ("contact_email", "ssp", "Skriv en e-mail"),
        ("contact_email", "a@b@c.dk", "Skriv en e-mail"),
        ("contact_phone", "ring til os", "Skriv et telefonnummer"),
        ("contact_phone", "12", "Skriv et telefonnummer"),
        ("name", "x" * 161, "højst 160 tegn"),
        ("name", "<b>", "uden &lt; og &gt;"),
        ("host", "a\u202eb", "usynlige tegn"),
    ],
)
def test_what_cannot_be_right_is_told_and_kept_out(desk, stores, name, typed, says):
    answer = post(desk, **{name: typed})
    assert answer.status_code == 422
    assert says in answer.text
    assert kommune.details(stores.archive) == {}


@pytest.mark.parametrize("typed", ["", "12345678", "+45 12 34 56 78"])
def test_phone_numbers(typed):
    assert fault(detail("contact_phone"), cleaned(typed)) == ""


def test_only_consultants_fill_in(app, stores):
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    assert teacher.get("/konsulent/oplysninger").status_code == 403
    assert app.test_client().get("/konsulent/oplysninger").status_code == 303


# --- whose figures stand beside a class -----------------------------------------------


def test_names_of_one_kommune():
    assert is_same_area("Stevns", "stevns kommune ")
    assert is_same_area("Aabenraa", "Åbenrå Kommune")
    assert not is_same_area("Stevns", "Vejen")


def test_another_kommunes_figure_does_not_stand_beside_a_class(stores):
    text = (
        "indikator;klassetrin;niveau;område;sæson;procent;kilde\n"
        "alcohol_last_30d;7;kommune;Vejen;2026;30;Ungeprofilen\n"
        "alcohol_last_30d;7;kommune;Stevns;2025;40;Ungeprofilen"
    )
    reading = figure_rows.read_text(text, 2026)
    figures.add(stores.archive, reading.rows, "a.csv", "2026-09-01", None)
    triad = builders.a_triad(
        "alkohol", facit="ungeprofil", indikator="alcohol_last_30d"
    )
    session = builders.closed_class(
        stores,
        questions=builders.a_question_set(builders.WARM_UP, triad),
        alkohol=builders.tallies("alkohol", 12, 12),
    )

    def beside():
        return results.of_session(stores, session).item("alkohol")

    assert beside().elsewhere.figure.area == "Vejen"  # the newer one
    kommune.fill_in(stores.archive, {"name": "Stevns Kommune"})
    assert beside().elsewhere.figure.area == "Stevns"
    assert beside().outside.figure.area == "Stevns"
    # The teacher still reads both under "se flere tal".
    assert {one.area for one in beside().figures} >= {"Vejen", "Stevns"}
    assert all(
        one.level is not Level.KOMMUNE or one.area == "Stevns"
        for one in elsewhere.in_reach(beside().figures, "Stevns")
    )
