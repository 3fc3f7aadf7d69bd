"""From older to younger: what a class passes on, and where a younger one shows it."""

import builders
import pytest
from builders import NOW, tallies
from flask import Flask
from flask.testing import FlaskClient
from room import sign_in, token_of
from werkzeug.test import TestResponse

from pejling import older, results
from pejling.domain import passed_on as rules
from pejling.domain.sessions import Session
from pejling.storage import accounts, archive, deletion, passed_on
from pejling.storage.accounts import Role
from pejling.storage.connections import Stores

ITEM = "ok_at_sige_nej"
"""A green attitude: "synes, man kan sige nej"."""


def a_class(
    stores: Stores, grade: int, yes: int = 18, n: int = 24, **columns: object
) -> Session:
    """A closed class in which ``yes`` of ``n`` say yes to the attitude; 8 guessed."""
    counted = {ITEM: tallies(ITEM, yes, n - yes, guesses={8: n})}
    counted["vape"] = tallies("vape", 3, n - 3, guesses={8: n})
    columns = {"grade": grade, **columns}
    return builders.closed_class(stores, present=n, columns=columns, **counted)


@pytest.fixture
def ninth(stores: Stores) -> Session:
    return a_class(stores, 9)


@pytest.fixture
def seventh(stores: Stores) -> Session:
    return a_class(stores, 7, yes=14)


@pytest.fixture
def desk(app: Flask, stores: Stores) -> FlaskClient:
    """A consultant, who may lead both."""
    return sign_in(app, stores, "k@example.dk", Role.CONSULTANT)


def press(desk: FlaskClient, session: Session, where: str, **form) -> TestResponse:
    path = f"/laerer/{session.id}/ung-til-ung"
    token = token_of(desk.get(path))
    return desk.post(f"{path}/{where}", data={"csrf_token": token, **form})


def give(desk: FlaskClient, session: Session, *triads: str) -> TestResponse:
    return press(desk, session, "giv", fund=list(triads), ja="1")


def choose(desk: FlaskClient, session: Session, other: Session) -> TestResponse:
    return press(desk, session, "vis", item=ITEM, fra=f"{other.id}/{ITEM}")


def wall(app: Flask, stores: Stores, session: Session, step: str = "sentence") -> str:
    where = {"item": ITEM, "step": step}
    stores.archive["session"].update(session.id, where)
    return app.test_client().get(f"/tavle/{session.wall_key}").text


LINE = (
    "En 9. klasse på skolen blev spurgt: ”Er det sådan, at du synes, man kan sige "
    "nej?” 18 ud af 24 svarede ja."
)


# --- what may be passed on ------------------------------------------------------------


def may_pass_on(stores: Stores, session: Session) -> list[str]:
    found = results.of_session(stores, session)
    return [one.triad.id for one in rules.allowed(found)]


def test_attitude_of_the_majority_may_be_passed_on(stores, ninth):
    assert may_pass_on(stores, ninth) == [ITEM]


@pytest.mark.parametrize(
    ("yes", "n", "fits"), [(12, 15, True), (12, 14, False), (11, 24, False)]
)
def test_it_takes_fifteen_answers_and_a_majority(stores, yes, n, fits):
    session = a_class(stores, 9, yes=yes, n=n)
    archive.choose(stores.archive, session.id, ITEM, True)
    assert (ITEM in may_pass_on(stores, session)) == fits


def test_risk_is_told_by_those_who_do_not(stores, desk, seventh):
    risk = builders.ATTITUDE | {
        "id": "groft",
        "retning": "risiko",
        "kort": "synes, man må være grov",
        "selv": "Synes du selv, man må være grov?",
    }
    questions = builders.a_question_set(builders.WARM_UP, risk)
    counted = tallies("groft", 2, 22, guesses={9: 24})
    eighth = builders.closed_class(
        stores, questions=questions, columns={"grade": 8}, groft=counted
    )
    assert give(desk, eighth, "groft").status_code == 303
    offers = older.offered(stores, results.of_session(stores, seventh))
    (one,) = offers[ITEM]
    assert one.sentence == (
        "En 8. klasse på skolen blev spurgt: ”Synes du selv, man må være grov?” "
        "Mindst 22 ud af 24 svarede ikke ja."
    )


# --- passing on -----------------------------------------------------------------------


def test_class_is_asked_first(stores, desk, ninth):
    answer = press(desk, ninth, "giv", fund=[ITEM])
    assert answer.status_code == 422
    assert answer.text.count("Spørg klassen først") == 2
    assert passed_on.of_session(stores.archive, ninth.id) == frozenset()
    assert give(desk, ninth, ITEM).status_code == 303
    assert passed_on.of_session(stores.archive, ninth.id) == {ITEM}
    # To take it back no consent is needed, nor to leave it as it is.
    assert press(desk, ninth, "giv", fund=[ITEM]).status_code == 303
    assert press(desk, ninth, "giv").status_code == 303
    assert passed_on.of_session(stores.archive, ninth.id) == frozenset()
    done = [row["action"] for row in stores.archive["staff_log"].rows]
    given = [one for one in done if one in ("give on", "take back")]
    assert given == ["give on", "take back"]


@pytest.mark.parametrize("fund", ["vape", "dyr", "findes_ikke", "'--", ""])
def test_what_may_not_be_passed_on_is_refused(stores, desk, ninth, fund):
    answer = press(desk, ninth, "giv", fund=[ITEM, fund], ja="1")
    assert answer.status_code == 422
    assert answer.text.count("Et af svarene kan ikke gives videre") == 2
    assert "<title>Fejl: " in answer.text
    assert passed_on.of_session(stores.archive, ninth.id) == frozenset()


def test_open_session_passes_on_nothing(app, stores, desk):
    session = builders.open_class(stores)
    token = token_of(desk.get("/laerer/"))
    path = f"/laerer/{session.id}/ung-til-ung"
    assert desk.get(path).status_code == 409
    for where in ("giv", "vis"):
        form = {"csrf_token": token, "fund": ITEM, "ja": "1", "item": ITEM}
        assert desk.post(f"{path}/{where}", data=form).status_code == 409


def test_parents_and_youth_have_no_older_and_younger(stores, desk):
    for audience in ("foraeldre", "unge"):
        questions = builders.a_question_set(maalgruppe=audience)
        session = builders.closed_class(stores, questions=questions)
        assert desk.get(f"/laerer/{session.id}/ung-til-ung").status_code == 404


def test_another_teacher_passes_on_nothing(app, stores, ninth):
    owner = accounts.add(stores.archive, "ejer@example.dk", Role.TEACHER)
    stores.archive["session"].update(ninth.id, {"owner": owner.id})
    other = sign_in(app, stores, "anden@example.dk", Role.TEACHER)
    token = token_of(other.get("/laerer/"))
    path = f"/laerer/{ninth.id}/ung-til-ung/giv"
    form = {"csrf_token": token, "fund": ITEM, "ja": "1"}
    assert other.post(path, data=form).status_code == 403
    assert passed_on.of_session(stores.archive, ninth.id) == frozenset()


# --- showing --------------------------------------------------------------------------


def test_younger_class_shows_it_under_its_own(app, stores, desk, ninth, seventh):
    give(desk, ninth, ITEM)
    assert LINE in desk.get(f"/laerer/{seventh.id}/ung-til-ung").text
    assert LINE not in wall(app, stores, seventh)
    before = archive.version(stores.archive, seventh.id)
    assert choose(desk, seventh, ninth).status_code == 303
    assert archive.version(stores.archive, seventh.id) > before
    assert LINE in wall(app, stores, seventh)
    assert LINE in wall(app, stores, seventh, "figures")
    for step in ("question", "guesses", "facit"):
        assert LINE not in wall(app, stores, seventh, step)
    assert press(desk, seventh, "vis", item=ITEM, fra="").status_code == 303
    assert LINE not in wall(app, stores, seventh)


def test_only_near_and_older_classes_of_the_school_are_offered(stores, desk):
    here = a_class(stores, 7, yes=14, day="2026-09-21")
    found = results.of_session(stores, here)
    for columns, fits in (
        ({"grade": 9, "day": "2025-09-21"}, True),
        ({"grade": 9, "day": "2025-09-20"}, False),  # 366 days before
        ({"grade": 9, "day": "2026-09-22"}, False),  # later
        ({"grade": 7, "letter": "B"}, False),
        ({"grade": 6}, False),
        ({"grade": 8, "school": "Bakkeskolen"}, False),
    ):
        other = a_class(stores, **columns)
        passed_on.pass_on(stores.archive, other.id, [ITEM], 1, NOW)
        assert (ITEM in older.offered(stores, found)) == fits, columns
        passed_on.pass_on(stores.archive, other.id, [], 1, NOW)


def test_other_theme_fits_only_in_the_very_same_words(stores, desk, seventh):
    for changes, fits in (
        ({}, True),
        ({"kort": "synes, man kan sige ja", "selv": "Synes du, man kan?"}, False),
    ):
        questions = builders.a_question_set(
            builders.WARM_UP, builders.ATTITUDE | changes, emne="trafik"
        )
        counted = tallies(ITEM, 18, 6, guesses={8: 24})
        other = builders.closed_class(
            stores,
            questions=questions,
            columns={"grade": 9, "letter": "C"},
            **{ITEM: counted},
        )
        passed_on.pass_on(stores.archive, other.id, [ITEM], 1, NOW)
        found = results.of_session(stores, seventh)
        assert (ITEM in older.offered(stores, found)) == fits
        deletion.delete_session(stores.archive, other, 1, NOW)


def test_older_class_that_would_pull_the_wrong_way_is_not_offered(stores, desk, ninth):
    give(desk, ninth, ITEM)
    better = a_class(stores, 7, yes=20)
    assert ITEM not in older.offered(stores, results.of_session(stores, better))
    # 18 of 24 are as many as 18 of 24.
    same = a_class(stores, 8, yes=18)
    assert ITEM in older.offered(stores, results.of_session(stores, same))


@pytest.mark.parametrize(
    ("item", "fra"),
    [
        (ITEM, "0000000000000000/ok_at_sige_nej"),
        (ITEM, "x"),
        (ITEM, "/"),
        ("findes_ikke", ""),
        ("dyr", "{ninth}/ok_at_sige_nej"),
        (ITEM, "{ninth}/vape"),
        (ITEM, "{sixth}/ok_at_sige_nej"),
    ],
)
def test_unfit_choice_is_told(stores, desk, ninth, seventh, item, fra):
    give(desk, ninth, ITEM)
    sixth = a_class(stores, 6)
    passed_on.pass_on(stores.archive, sixth.id, [ITEM], 1, NOW)
    fra = fra.format(ninth=ninth.id, sixth=sixth.id)
    answer = press(desk, seventh, "vis", item=item, fra=fra)
    assert answer.status_code == 422
    assert answer.text.count("Svaret fra den ældre klasse kan ikke vises") == 2
    assert passed_on.chosen(stores.archive, seventh.id) == {}


# --- taking back ----------------------------------------------------------------------


def test_what_is_taken_back_is_gone_and_the_wall_looks_again(
    app, stores, desk, ninth, seventh
):
    give(desk, ninth, ITEM)
    choose(desk, seventh, ninth)
    before = archive.version(stores.archive, seventh.id)
    press(desk, ninth, "giv")
    assert archive.version(stores.archive, seventh.id) > before
    assert LINE not in wall(app, stores, seventh)
    # Passed on once more it is offered, and shown only when it is chosen again.
    give(desk, ninth, ITEM)
    assert LINE not in wall(app, stores, seventh)


def test_it_goes_with_the_older_session(app, stores, desk, ninth, seventh):
    give(desk, ninth, ITEM)
    choose(desk, seventh, ninth)
    deletion.delete_session(stores.archive, ninth, 1, NOW)
    assert LINE not in wall(app, stores, seventh)
    assert list(stores.archive["from_older"].rows) == []
    assert list(stores.archive["passed_on"].rows) == []


def test_it_goes_with_the_younger_session(stores, desk, ninth, seventh):
    give(desk, ninth, ITEM)
    choose(desk, seventh, ninth)
    deletion.delete_session(stores.archive, seventh, 1, NOW)
    assert list(stores.archive["from_older"].rows) == []
    assert passed_on.of_session(stores.archive, ninth.id) == {ITEM}


def test_taken_back_between_page_and_press_is_told(stores, desk, ninth, seventh):
    with pytest.raises(passed_on.NotPassedOn):
        passed_on.choose(stores.archive, seventh.id, ITEM, (ninth.id, ITEM))
    assert passed_on.chosen(stores.archive, seventh.id) == {}
