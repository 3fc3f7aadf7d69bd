"""The class's own page: released by its teacher, behind a link that ends."""

import re

import builders
import pytest
from builders import NOW, tallies
from flask import Flask
from flask.testing import FlaskClient
from room import Clock, sign_in, token_of
from werkzeug.test import TestResponse

from pejling.domain.disclosure import Omission
from pejling.domain.sessions import Session
from pejling.storage import accounts, archive, class_pages, deletion, kommune
from pejling.storage.accounts import Role
from pejling.storage.connections import Stores
from pejling.storage.tokens import digest

DAY = 24 * 60 * 60


@pytest.fixture
def session(stores: Stores) -> Session:
    """A class of 24, of which 5 vape (12 guessed) and 18 have helped (8 guessed)."""
    return builders.closed_class(
        stores,
        vape=tallies("vape", 5, 19, guesses={12: 24}),
        hjulpet=tallies("hjulpet", 18, 6, guesses={8: 24}),
        ok_at_sige_nej=tallies("ok_at_sige_nej", 7, 17, guesses={12: 24}),
    )


@pytest.fixture
def teacher(app: Flask, stores: Stores, session: Session) -> FlaskClient:
    browser = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    owner = accounts.find(stores.archive, "t@example.dk").id
    stores.archive["session"].update(session.id, {"owner": owner})
    return browser


def press(
    teacher: FlaskClient, session: Session, rest: str = "", **form
) -> TestResponse:
    path = f"/laerer/{session.id}/klasseside"
    token = token_of(teacher.get(path))
    return teacher.post(f"{path}{rest}", data={"csrf_token": token, **form})


def link_of(answer: TestResponse) -> str:
    """The path of the link that a page shows."""
    assert answer.status_code == 200, answer.text
    found = re.search(r"http://localhost(/K/[A-Z2-7]{26})</textarea>", answer.text)
    assert found, answer.text
    return found.group(1)


def opened(teacher: FlaskClient, session: Session, *triads: str) -> str:
    return link_of(press(teacher, session, fund=list(triads), trin="nyt"))


# --- releasing ------------------------------------------------------------------------


def test_what_may_be_read_alone_is_offered_and_chosen(teacher, session):
    page = teacher.get(f"/laerer/{session.id}/klasseside").text
    assert re.findall(r'name="fund" value="(\w+)" checked', page) == ["hjulpet", "vape"]
    assert "ok_at_sige_nej" not in page


def test_class_reads_its_page_without_signing_in(app, stores, teacher, session):
    archive.agree(stores.archive, session.id, ("Vi siger til.",))
    link = opened(teacher, session, "vape", "hjulpet")
    page = app.test_client().get(link)
    assert page.status_code == 200
    assert "19 ud af 24 svarede ikke ja." in page.text
    assert "18 ud af 24 svarede ja – flere, end I troede." in page.text
    assert "Vi siger til." in page.text
    assert 'href="tel:116111"' in page.text
    assert page.text.count('<img src="data:image/svg+xml;base64,') == 2
    assert app.test_client().get(link.lower().replace("/k/", "/K/")).status_code == 200


def test_page_has_no_script_and_is_kept_nowhere(app, teacher, session):
    answer = app.test_client().get(opened(teacher, session, "vape"))
    assert "<script" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers


def test_page_shows_the_kommunes_help_lines(app, stores, teacher, session):
    from pejling.domain.help_lines import ForWhom, HelpLine

    lines = [
        HelpLine("SSP-huset", "12 34 56 78"),
        HelpLine("Til voksne", "87 65 43 21", ForWhom.PARENTS),
    ]
    kommune.set_help_lines(stores.archive, lines)
    page = app.test_client().get(opened(teacher, session, "vape")).text
    assert 'href="tel:12345678"' in page
    assert "Til voksne" not in page


def test_finding_of_no_poster_is_told_in_words(app, stores):
    # 9 of 24 vape, and 9 were guessed.
    session = builders.closed_class(
        stores, vape=tallies("vape", 9, 15, guesses={9: 24})
    )
    token = class_pages.release(
        stores.archive, session.id, ["vape"], "2027-07-31", 1, NOW
    )
    page = app.test_client().get(f"/K/{token}").text
    assert "Her kender I hinanden godt." in page
    assert "<img" not in page


def test_link_is_shown_once_and_only_its_hash_is_kept(stores, teacher, session):
    link = opened(teacher, session, "vape")
    token = link.removeprefix("/K/")
    (row,) = stores.archive["class_page"].rows
    assert row["token_hash"] == digest(token)
    assert row["until"] == "2027-07-31"
    assert token not in teacher.get(f"/laerer/{session.id}/klasseside").text


def test_change_keeps_the_link(app, teacher, session):
    link = opened(teacher, session, "vape")
    saved = press(teacher, session, fund=["hjulpet"], trin="gem")
    assert saved.status_code == 303
    page = app.test_client().get(link).text
    assert "18 ud af 24" in page
    assert "19 ud af 24" not in page
    chosen = teacher.get(f"/laerer/{session.id}/klasseside").text
    assert re.findall(r'name="fund" value="(\w+)" checked', chosen) == ["hjulpet"]


def test_change_without_a_page_opens_one(teacher, session):
    assert link_of(press(teacher, session, fund=["vape"], trin="gem"))


def test_new_link_ends_the_old_one(app, teacher, session):
    old = opened(teacher, session, "vape")
    new = opened(teacher, session, "vape")
    assert app.test_client().get(old).status_code == 404
    assert app.test_client().get(new).status_code == 200


# --- what ends it ---------------------------------------------------------------------


def test_teacher_ends_the_page(app, stores, teacher, session):
    link = opened(teacher, session, "vape")
    assert press(teacher, session, "/slut").status_code == 303
    gone = app.test_client().get(link)
    assert gone.status_code == 404
    assert "Siden er ikke åben" in gone.text
    assert press(teacher, session, "/slut").status_code == 303
    done = [row["action"] for row in stores.archive["staff_log"].rows]
    assert [one for one in done if one.startswith("page")] == ["page open", "page end"]


def test_page_ends_with_the_school_year(app, teacher, session, clock: Clock):
    # 21 September 2026 and 313 days are 31 July 2027.
    link = opened(teacher, session, "vape")
    clock.now += 313 * DAY
    assert app.test_client().get(link).status_code == 200
    clock.now += DAY
    assert app.test_client().get(link).status_code == 404


def test_page_goes_with_its_session(app, stores, teacher, session):
    link = opened(teacher, session, "vape")
    deletion.delete_session(stores.archive, session, 1, NOW)
    assert app.test_client().get(link).status_code == 404
    assert list(stores.archive["class_page"].rows) == []
    assert list(stores.archive["on_class_page"].rows) == []


@pytest.mark.parametrize("how", ["held back", "left out"])
def test_what_is_taken_back_later_is_gone_from_the_page(
    app, stores, teacher, session, how
):
    link = opened(teacher, session, "vape", "hjulpet")
    if how == "held back":
        archive.choose(stores.archive, session.id, "vape", False)
    else:
        archive.omit(stores.archive, session.id, "vape", Omission.MISREAD)
    page = app.test_client().get(link).text
    assert "har vapet" not in page
    assert "18 ud af 24" in page


# --- what cannot be done --------------------------------------------------------------


@pytest.mark.parametrize("fund", ["ok_at_sige_nej", "dyr", "findes_ikke", "'--", ""])
def test_unfit_finding_is_told(stores, teacher, session, fund):
    answer = press(teacher, session, fund=["vape", fund], trin="nyt")
    assert answer.status_code == 422
    assert answer.text.count("Et af fundene kan ikke komme på siden") == 2
    assert "<title>Fejl: " in answer.text
    assert list(stores.archive["class_page"].rows) == []


def test_empty_page_is_not_opened_but_one_with_the_agreement_is(
    app, stores, teacher, session
):
    answer = press(teacher, session, trin="nyt")
    assert answer.status_code == 422
    assert "Der ville ikke stå noget på siden." in answer.text
    archive.agree(stores.archive, session.id, ("Vi siger til.",))
    link = link_of(press(teacher, session, trin="nyt"))
    page = app.test_client().get(link).text
    assert "Vi siger til." in page
    assert "Det fandt vi ud af" not in page


def test_open_session_has_no_page(app, stores, teacher):
    session = builders.open_class(stores)
    owner = accounts.find(stores.archive, "t@example.dk").id
    stores.archive["session"].update(session.id, {"owner": owner})
    path = f"/laerer/{session.id}/klasseside"
    assert teacher.get(path).status_code == 409
    token = token_of(teacher.get("/laerer/"))
    answer = teacher.post(path, data={"csrf_token": token, "fund": "vape"})
    assert answer.status_code == 409


def test_parents_have_no_page_of_a_class(app, stores):
    desk = sign_in(app, stores, "k@example.dk", Role.CONSULTANT)
    questions = builders.a_question_set(maalgruppe="foraeldre")
    session = builders.closed_class(stores, questions=questions)
    assert desk.get(f"/laerer/{session.id}/klasseside").status_code == 404


def test_colleague_neither_sees_nor_ends_it(app, stores, teacher, session):
    link = opened(teacher, session, "vape")
    other = sign_in(app, stores, "c@example.dk", Role.TEACHER)
    token = token_of(other.get("/laerer/"))
    path = f"/laerer/{session.id}/klasseside"
    assert other.get(path).status_code == 403
    for rest in ("", "/slut"):
        answer = other.post(path + rest, data={"csrf_token": token, "fund": "vape"})
        assert answer.status_code == 403
    assert app.test_client().get(link).status_code == 200


def test_form_without_its_token_ends_nothing(app, teacher, session):
    link = opened(teacher, session, "vape")
    answer = teacher.post(f"/laerer/{session.id}/klasseside/slut")
    assert answer.status_code == 400
    assert app.test_client().get(link).status_code == 200


@pytest.mark.parametrize("nonsense", ["x", "ÆØÅ", "%00", "'--", "A" * 5000])
def test_nonsense_is_no_link(client, nonsense):
    assert client.get(f"/K/{nonsense}").status_code == 404
