"""Signing in by a certified provider (oidc-provider of npm): all of it, for real."""

import re
import time
import urllib.parse
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from providers import (
    BACK,
    PEOPLE,
    Visit,
    app_with,
    begin,
    certified,
    come_back,
    sign_in,
)
from room import Clock, token_of
from room import sign_in as by_password

from pejling.storage import accounts, identities, schools, staff_log
from pejling.storage.accounts import Purpose, Role
from pejling.storage.connections import Stores


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with certified(PEOPLE) as found:
        yield found


@pytest.fixture
def clock() -> Clock:
    """The real time, held still: the provider in its own process knows no other."""
    clock = Clock()
    clock.now = time.time()
    return clock


@pytest.fixture
def app(tmp_path, clock: Clock, issuer: str, stores: Stores) -> Flask:
    schools.add(stores.archive, ["Åskolen", "Bakkeskolen"])
    return app_with(tmp_path, clock, issuer)


def test_teacher_is_let_in_with_role_name_and_school(
    client: FlaskClient, stores: Stores, issuer: str
):
    assert "Log ind med kommunens login" in client.get("/log-ind").text
    answer = sign_in(client, "anna")
    assert (answer.status_code, answer.location) == (303, "/log-ind/faelles/videre")
    account = accounts.find(stores.archive, "anna@skole.dk")
    assert account
    assert account.role is Role.TEACHER
    assert not account.has_password
    assert identities.of(stores.archive, account.id) == identities.Identity(
        issuer, "anna", "Anna Andersen", "Åskolen"
    )
    onward = client.get(answer.location)
    assert 'content="0; url=/log-ind"' in onward.text
    assert client.get("/log-ind").location == "/laerer/"
    page = client.get("/laerer/ny/7/7a").text
    assert re.search('<option selected value="Åskolen"', page)


def test_whoever_is_both_gets_the_wider_role(client: FlaskClient, stores: Stores):
    assert sign_in(client, "karl").status_code == 303
    assert client.get("/konsulent/").status_code == 200
    log = client.get("/konsulent/log/").text
    assert "Fik en konto ved fælles login" in log
    assert "Loggede ind med fælles login" in log


def test_board_sees_its_own_page_only(client: FlaskClient):
    sign_in(client, "bo")
    assert client.get("/log-ind").location == "/styregruppe/"
    assert client.get("/laerer/").status_code == 403


def test_second_time_is_the_same_account(
    app: Flask, client: FlaskClient, stores: Stores
):
    sign_in(client, "anna")
    again = app.test_client()
    assert sign_in(again, "anna").status_code == 303
    assert accounts.count(stores.archive) == 1
    account = accounts.find(stores.archive, "anna@skole.dk")
    assert len(staff_log.own_sign_ins(stores.archive, account.id)) == 2


def test_provider_decides_the_role(app: Flask, client: FlaskClient, stores: Stores):
    by_password(app, stores, "k@kommune.dk", Role.CONSULTANT)
    sign_in(client, "anna")
    account = accounts.find(stores.archive, "anna@skole.dk")
    accounts.set_role(stores.archive, account, Role.CONSULTANT)
    sign_in(app.test_client(), "anna")
    assert accounts.get(stores.archive, account.id).role is Role.TEACHER


@pytest.mark.parametrize("who", ["elev", "ingen"])
def test_pupil_and_whoever_has_no_role_stay_out(
    client: FlaskClient, stores: Stores, who: str
):
    answer = sign_in(client, who)
    assert answer.status_code == 403
    assert "elever logger aldrig ind" in answer.text
    assert "Bed kommunens SSP-konsulent om hjælp" in answer.text
    assert 'name="password"' in answer.text
    assert accounts.count(stores.archive) == 0
    assert client.get("/laerer/").status_code == 303


def test_whoever_says_no_at_the_provider_is_told_so(client: FlaskClient):
    answer = sign_in(client, "")
    assert answer.status_code == 403
    assert "Du blev ikke logget ind med kommunens login" in answer.text


# --- what else is sent back -----------------------------------------------------------


def test_forged_state_lets_nobody_in(client: FlaskClient, stores: Stores):
    back = Visit().sign_in(begin(client), "anna")
    answer = come_back(client, re.sub("state=[0-9a-f]+", "state=" + "0" * 64, back))
    assert answer.status_code == 400
    assert "gjort færdigt her i browseren" in answer.text
    assert accounts.count(stores.archive) == 0


def test_answer_in_another_browser_lets_nobody_in(
    app: Flask, client: FlaskClient, stores: Stores
):
    # Whoever sends a colleague the end of an own sign-in.
    back = Visit().sign_in(begin(client), "anna")
    other = app.test_client()
    assert come_back(other, back).status_code == 400
    begin(other)
    assert come_back(other, back).status_code == 400
    assert accounts.count(stores.archive) == 0


def test_state_counts_once_even_with_its_cookie(client: FlaskClient):
    back = Visit().sign_in(begin(client), "anna")
    cookie = client.get_cookie("faelles", path="/log-ind/faelles/")
    assert come_back(client, back).status_code == 303
    assert client.get_cookie("faelles", path="/log-ind/faelles/") is None
    client.set_cookie("faelles", cookie.value, path="/log-ind/faelles/")
    assert come_back(client, back).status_code == 400


def test_code_counts_once(client: FlaskClient):
    code = code_of(Visit().sign_in(begin(client), "anna"))
    assert come_back(client, with_code(begin(client), code)).status_code == 403


def test_code_of_another_browser_fits_no_verifier_but_its_own(
    app: Flask, client: FlaskClient, stores: Stores
):
    code = code_of(Visit().sign_in(begin(client), "anna"))
    other = app.test_client()
    answer = come_back(other, with_code(begin(other), code))
    assert answer.status_code == 403
    assert "kunne ikke godkendes" in answer.text
    assert accounts.count(stores.archive) == 0


def code_of(back: str) -> str:
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(back).query))["code"]


def with_code(begun: str, code: str) -> str:
    """The way back of a sign-in that has begun, with this code."""
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(begun).query)
    where = urllib.parse.urlsplit(begun)
    said = {
        "code": code,
        "state": asked["state"][0],
        "iss": f"{where.scheme}://{where.netloc}",
    }
    return f"{BACK}?{urllib.parse.urlencode(said)}"


def test_another_providers_name_on_the_answer_is_refused(client: FlaskClient):
    back = Visit().sign_in(begin(client), "anna")
    assert "iss=" in back
    other = re.sub(r"&iss=[^&]+", "&iss=http%3A%2F%2F127.0.0.1%3A1", back)
    assert come_back(client, other).status_code == 403


def test_missing_name_on_the_answer_is_refused_where_it_is_promised(
    client: FlaskClient,
):
    back = Visit().sign_in(begin(client), "anna")
    answer = come_back(client, re.sub(r"&iss=[^&]+", "", back))
    assert answer.status_code == 403


def test_wrong_secret_lets_nobody_in(tmp_path, clock: Clock, issuer: str):
    app = app_with(tmp_path, clock, issuer, OIDC_CLIENT_SECRET="another")  # noqa: S106 - a test
    assert sign_in(app.test_client(), "anna").status_code == 403


def test_ten_minutes_are_all_one_has(client: FlaskClient, clock: Clock):
    back = Visit().sign_in(begin(client), "anna")
    clock.now += 601
    assert come_back(client, back).status_code == 400


@pytest.mark.parametrize(("ahead", "status"), [(240, 303), (600, 403)])
def test_provider_whose_clock_is_behind(
    client: FlaskClient, clock: Clock, ahead: int, status: int
):
    # Its tokens last a minute; five minutes of difference are allowed.
    clock.now += ahead
    assert sign_in(client, "anna").status_code == status


# --- where it leads -------------------------------------------------------------------


def test_way_goes_on_where_it_led(client: FlaskClient):
    assert client.get("/laerer/aarsplan").location == "/log-ind?til=/laerer/aarsplan"
    page = client.get("/log-ind?til=/laerer/aarsplan").text
    assert "/log-ind/faelles/?til=/laerer/aarsplan" in page
    answer = sign_in(client, "anna", "?til=/laerer/aarsplan")
    assert 'url=/laerer/aarsplan"' in client.get(answer.location).text


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil"]
)
def test_way_never_leads_elsewhere(client: FlaskClient, target: str):
    answer = sign_in(client, "anna", f"?til={urllib.parse.quote(target)}")
    assert answer.location == "/log-ind/faelles/videre"
    page = client.get(f"/log-ind/faelles/videre?til={urllib.parse.quote(target)}").text
    assert "evil" not in page


def test_unknown_school_is_told_and_keeps_nobody_out(
    tmp_path, clock: Clock, issuer: str, stores: Stores
):
    app = app_with(tmp_path, clock, issuer)
    client = app.test_client()
    answer = sign_in(client, "anna")
    page = client.get(answer.location).text
    assert "Din skole står ikke på kommunens liste" in page
    assert "http-equiv" not in page
    assert client.get("/laerer/").status_code == 200


# --- accounts that are there ----------------------------------------------------------


def test_account_with_the_same_email_is_not_taken_over(
    app: Flask, client: FlaskClient, stores: Stores
):
    by_password(app, stores, "anna@skole.dk", Role.CONSULTANT)
    answer = sign_in(client, "anna")
    assert answer.status_code == 409
    assert "Der er allerede en konto med din e-mail" in answer.text
    assert client.get("/laerer/").status_code == 303
    account = accounts.find(stores.archive, "anna@skole.dk")
    assert (account.role, account.has_identity) == (Role.CONSULTANT, False)


def test_link_of_a_consultant_binds_the_account(
    app: Flask, client: FlaskClient, stores: Stores, clock: Clock
):
    invited = accounts.add(stores.archive, "a.andersen@skole.dk", Role.TEACHER)
    token = accounts.new_link(stores.archive, Purpose.PASSWORD, invited, clock.now)
    assert f"/log-ind/faelles/?link={token}" in client.get(f"/adgang/{token}").text
    assert sign_in(client, "anna", f"?link={token}").status_code == 303
    assert client.get("/laerer/").status_code == 200
    account = accounts.get(stores.archive, invited.id)
    assert account.has_identity
    assert accounts.count(stores.archive) == 1
    # The link is used up, and the next time needs none.
    assert client.get(f"/adgang/{token}").status_code == 410
    later = app.test_client()
    assert sign_in(later, "anna").status_code == 303


def test_account_that_was_switched_off_stays_out(
    app: Flask, client: FlaskClient, stores: Stores
):
    sign_in(client, "anna")
    account = accounts.find(stores.archive, "anna@skole.dk")
    accounts.deactivate(stores.archive, account)
    answer = sign_in(app.test_client(), "anna")
    assert answer.status_code == 403
    assert "er slået fra" in answer.text


def test_only_the_invited_where_it_is_so_set(
    tmp_path, clock: Clock, issuer: str, stores: Stores
):
    client = app_with(tmp_path, clock, issuer, OIDC_INVITED_ONLY=1).test_client()
    answer = sign_in(client, "anna")
    assert answer.status_code == 403
    assert "har ingen konto i Pejling endnu" in answer.text
    assert accounts.count(stores.archive) == 0


# --- out ------------------------------------------------------------------------------


def test_signing_out_offers_to_sign_out_there_too(client: FlaskClient, issuer: str):
    visit = Visit()
    sign_in(client, "anna", visit=visit)
    token = token_of(client.get("/laerer/"))
    out = client.post("/log-ud", data={"csrf_token": token})
    assert out.location == "/log-ind?ud=1"
    assert client.get("/laerer/").status_code == 303
    assert "log ud af kommunens login" in client.get(out.location).text
    there = client.get("/log-ind/faelles/ud").location
    assert there.startswith(f"{issuer}/session/end?client_id=pejling&")
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Flog-ind" in there
    # The provider knows the address: it asks, instead of refusing.
    with pytest.raises(AssertionError, match=r"session/end\?.*: 200"):
        visit.sign_in(there)


def test_signing_out_with_a_password_says_nothing_of_it(app: Flask, stores: Stores):
    browser = by_password(app, stores, "x@skole.dk", Role.TEACHER)
    token = token_of(browser.get("/laerer/"))
    out = browser.post("/log-ud", data={"csrf_token": token})
    assert out.location == "/log-ind"


# --- besides --------------------------------------------------------------------------


def test_cookie_is_for_the_way_back_only(client: FlaskClient):
    answer = client.get("/log-ind/faelles/")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert "HttpOnly; Path=/log-ind/faelles/; SameSite=Lax" in cookie
    assert "Max-Age=600" in cookie


def test_nothing_of_the_protocol_is_stored_or_logged(
    client: FlaskClient, tmp_path, caplog: pytest.LogCaptureFixture
):
    back = Visit().sign_in(begin(client), "anna")
    come_back(client, back)
    stores = b"".join(one.read_bytes() for one in tmp_path.glob("archive.db*"))
    assert b"anna@skole.dk" in stores
    secrets = [code_of(back), "a secret+of ours", "eyJ"]
    assert [
        one for one in secrets if one.encode() in stores or one in caplog.text
    ] == []
