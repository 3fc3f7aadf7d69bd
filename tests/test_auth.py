"""Staff in and out: set-up, links, passwords, and what is refused."""

import re

import pytest
from builders import NOW
from flask import Flask
from flask.testing import FlaskClient
from room import PASSWORD, Clock, sign_in, token_of

from pejling.storage import accounts
from pejling.storage.accounts import Purpose, Role
from pejling.storage.connections import Stores
from pejling.web import access

NEW = {
    "email": "konsulent@example.dk",
    "password": PASSWORD,
    "schools": "Åskolen\n\n Bakke  skolen ",
}


def setup_link(stores: Stores) -> str:
    return f"/start/{accounts.new_link(stores.archive, Purpose.SETUP, None, NOW)}"


def test_setup_link_makes_the_first_account_once(client: FlaskClient, stores: Stores):
    link = setup_link(stores)
    token = token_of(client.get(link))
    answer = client.post(link, data={"csrf_token": token, **NEW})
    assert (answer.status_code, answer.location) == (303, "/konsulent/personale/")
    assert "Invitér den første lærer her" in client.get(answer.location).text
    account = accounts.find(stores.archive, "konsulent@example.dk")
    assert account
    assert account.role is Role.CONSULTANT
    assert "Bakke skolen" in client.get("/konsulent/skoler").text
    assert client.get(link).status_code == 410
    # A link made earlier is worth nothing once there is an account.
    assert client.get(setup_link(stores)).status_code == 410


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "kort"}, "mindst 12 tegn"),
        ({"password": "a" * 12}, "fem forskellige"),
        ({"password": "ab c" * 100}, "højst 200"),
        ({"email": "ingen"}, "Skriv en e-mail"),
        ({"schools": "  \n "}, "mindst én skole"),
        ({"schools": "x" * 81}, "over 80 tegn"),
        ({"schools": "a\x00b"}, "usynlige tegn"),
    ],
)
def test_bad_setup_makes_nothing(
    client: FlaskClient, stores: Stores, change: dict, words: str
):
    link = setup_link(stores)
    token = token_of(client.get(link))
    answer = client.post(link, data={"csrf_token": token, **NEW, **change})
    assert answer.status_code == 422
    assert words in answer.text
    assert accounts.count(stores.archive) == 0


def test_password_is_argon2id_with_owasps_cost(app: Flask, stores: Stores):
    sign_in(app, stores, "x@example.dk", Role.TEACHER)
    hashed = stores.archive.execute("select password_hash from account").fetchone()[0]
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_unknown_account_and_wrong_password_get_the_same_words(
    app: Flask, stores: Stores, client: FlaskClient
):
    sign_in(app, stores, "x@example.dk", Role.TEACHER)
    texts = []
    for email in ("x@example.dk", "y@example.dk"):
        token = token_of(client.get("/log-ind"))
        answer = client.post(
            "/log-ind",
            data={"csrf_token": token, "email": email, "password": "forkert kode 1"},
        )
        assert answer.status_code == 422
        texts.append(re.findall("E-mail og adgangskode passer ikke", answer.text))
    assert texts[0] == texts[1] != []


def test_sixth_wrong_password_has_to_wait(
    app: Flask, stores: Stores, client: FlaskClient, clock: Clock
):
    sign_in(app, stores, "x@example.dk", Role.TEACHER)

    def knock(password: str) -> int:
        token = token_of(client.get("/log-ind"))
        values = {"csrf_token": token, "email": "x@example.dk", "password": password}
        return client.post("/log-ind", data=values).status_code

    assert [knock("forkert kode 1") for _ in range(5)] == [422] * 5
    assert knock(PASSWORD) == 429
    clock.now += 3
    assert knock(PASSWORD) == 303


def test_signing_out_ends_the_browser_on_the_server(app: Flask, stores: Stores):
    browser = sign_in(app, stores, "x@example.dk", Role.TEACHER)
    cookie = browser.get_cookie("personale")
    assert cookie
    token = token_of(browser.get("/laerer/"))
    out = browser.post("/log-ud", data={"csrf_token": token})
    assert out.headers["Clear-Site-Data"] == '"storage"'
    stolen = app.test_client()
    stolen.set_cookie("personale", cookie.value)
    assert stolen.get("/laerer/").status_code == 303


@pytest.mark.parametrize(("later", "status"), [(29 * 60, 200), (31 * 60, 303)])
def test_half_an_hour_alone_signs_out(
    app: Flask, stores: Stores, clock: Clock, later: int, status: int
):
    browser = sign_in(app, stores, "x@example.dk", Role.TEACHER)
    clock.now += later
    assert browser.get("/laerer/").status_code == status


def test_password_link_works_once(app: Flask, stores: Stores, client: FlaskClient):
    account = accounts.add(stores.archive, "ny@example.dk", Role.TEACHER)
    made = accounts.new_link(stores.archive, Purpose.PASSWORD, account, NOW)
    page = client.get(f"/adgang/{made}")
    values = {"csrf_token": token_of(page), "password": PASSWORD}
    assert client.post(f"/adgang/{made}", data=values).status_code == 303
    assert accounts.check_password(stores.archive, "ny@example.dk", PASSWORD)
    assert client.get(f"/adgang/{made}").status_code == 410


def test_sign_in_link_leads_to_this_host_only(
    app: Flask, stores: Stores, client: FlaskClient
):
    account = accounts.add(stores.archive, "ny@example.dk", Role.TEACHER)
    made = accounts.new_link(stores.archive, Purpose.SIGN_IN, account, NOW)
    answer = client.get(f"/adgang/{made}?til=//evil.example")
    assert (answer.status_code, answer.location) == (303, "/laerer/")


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "", None],
)
def test_only_a_path_of_this_host_is_followed(target: str | None):
    assert access.local_path(target) is None


def test_link_is_too_old_after_a_day(
    app: Flask, stores: Stores, client: FlaskClient, clock: Clock
):
    link = setup_link(stores)
    clock.now += 24 * 60 * 60 + 1
    assert client.get(link).status_code == 410


def test_roles_reach_their_own_pages_only(app: Flask, stores: Stores):
    expected = {
        Role.TEACHER: {"/laerer/": 200, "/konsulent/": 403, "/styregruppe/": 403},
        Role.CONSULTANT: {"/laerer/": 200, "/konsulent/": 200, "/styregruppe/": 200},
        Role.BOARD: {"/laerer/": 403, "/konsulent/": 403, "/styregruppe/": 200},
    }
    for role, pages in expected.items():
        browser = sign_in(app, stores, f"{role}@example.dk", role)
        found = {path: browser.get(path).status_code for path in pages}
        assert found == pages, role


def test_every_route_declares_who_may_call_it(app: Flask):
    undeclared = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "access")
    ]
    assert undeclared == []


def test_route_without_a_declaration_is_refused(app: Flask):
    app.add_url_rule("/glemt", "glemt", lambda: "hemmelig")
    answer = app.test_client().get("/glemt")
    assert answer.status_code == 403
    assert "hemmelig" not in answer.text
