"""A provider that lies, is down, or says nonsense; and one whose clock is wrong.

Its tokens are made here and the application's clock is handed in: times are exact.
"""

import logging
import threading
from collections.abc import Iterator

import pytest
from builders import NOW
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import ECKey, OKPKey, RSAKey
from providers import (
    KEY,
    OTHER_KEY,
    SECRET,
    Forged,
    app_with,
    forged,
    shared,
    signed,
    unsigned,
)
from room import Clock, token_of
from room import sign_in as by_password

from pejling.storage import (
    accounts,
    identities,
    schools,
    second_factor,
    staff_log,
)
from pejling.storage.accounts import Purpose, Role
from pejling.storage.connections import Stores, write
from pejling.web import fetching
from pejling.web.fetching import Nonsense
from pejling.web.provider import check_metadata

SKEW = 300


@pytest.fixture
def provider() -> Iterator[Forged]:
    with forged() as found:
        yield found


@pytest.fixture
def app(tmp_path, clock: Clock, provider: Forged, stores: Stores) -> Flask:
    schools.add(stores.archive, ["Åskolen"])
    return app_with(tmp_path, clock, provider.issuer)


def test_good_token_lets_in(client: FlaskClient, provider: Forged, stores: Stores):
    assert client.get(provider.way_back(client)).status_code == 303
    assert client.get("/laerer/").status_code == 200
    (_, body) = next(one for one in provider.asked if one[0] == "/token")
    assert "grant_type=authorization_code" in body
    assert "code_verifier=" in body


# --- tokens ---------------------------------------------------------------------------

BAD_CLAIMS = {
    "another issuer": {"iss": "http://127.0.0.1:1"},
    "no issuer": {"iss": None},
    "another audience": {"aud": "another"},
    "one of several, without azp": {"aud": ["another", "pejling"]},
    "azp of another": {"aud": ["another", "pejling"], "azp": "another"},
    "no audience": {"aud": None},
    "nonce of another": {"nonce": "0" * 64},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "subject that is a number": {"sub": 7},
    "empty subject": {"sub": ""},
    "no expiry": {"exp": None},
    "expiry in words": {"exp": "tomorrow"},
    "expired": {"exp": int(NOW) - SKEW},
    "issued in the future": {"iat": int(NOW) + SKEW + 1},
    "not yet": {"nbf": int(NOW) + SKEW + 1},
    "no time of issue": {"iat": None},
    "hash of another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}

GOOD_CLAIMS = {
    "nearly expired": {"exp": int(NOW) - SKEW + 1},
    "issued by a clock that is ahead": {"iat": int(NOW) + SKEW, "exp": NOW + 900},
    "soon": {"nbf": int(NOW) + SKEW},
    "one of several": {"aud": ["another", "pejling"], "azp": "pejling"},
    "with fractions": {"exp": NOW + 0.5},
}


@pytest.mark.parametrize("what", BAD_CLAIMS)
def test_claims_that_are_refused(
    client: FlaskClient, provider: Forged, stores: Stores, what: str
):
    back = provider.way_back(client)
    provider.answers["/token"] = provider.token(**BAD_CLAIMS[what])
    answer = client.get(back)
    assert answer.status_code == 403
    assert "kunne ikke godkendes" in answer.text
    assert accounts.count(stores.archive) == 0


@pytest.mark.parametrize("what", GOOD_CLAIMS)
def test_claims_that_are_accepted(client: FlaskClient, provider: Forged, what: str):
    back = provider.way_back(client)
    provider.answers["/token"] = provider.token(**GOOD_CLAIMS[what])
    assert client.get(back).status_code == 303


FORGERIES = {
    "another key under the same name": lambda claims: signed(claims, OTHER_KEY),
    "no signature": unsigned,
    "our own secret as key": lambda claims: shared(claims, SECRET.encode()),
    "the public key as a shared one": lambda claims: shared(
        claims, KEY.as_pem(private=False)
    ),
    "a key that nobody has published": lambda claims: signed(
        claims, OTHER_KEY, kid="nobody's"
    ),
    "signature cut off": lambda claims: signed(claims).rpartition(".")[0] + ".",
    "claims exchanged": lambda claims: ".".join(
        [
            *signed({}).split(".")[:1],
            signed(claims, OTHER_KEY).split(".")[1],
            signed({}).split(".")[2],
        ]
    ),
    "no token": lambda _: "",
    "words": lambda _: "not a token",
    "dots": lambda _: "....",
    "encrypted": lambda _: "e30.e30.e30.e30.e30",
    "not ASCII": lambda _: "å.å.å",
}


@pytest.mark.parametrize("what", FORGERIES)
def test_forged_token_is_refused(
    client: FlaskClient, provider: Forged, stores: Stores, what: str
):
    back = provider.way_back(client)
    provider.tell(FORGERIES[what](provider.claims()))
    assert client.get(back).status_code == 403
    assert accounts.count(stores.archive) == 0


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (KEY, "PS256"),
        (ECKey.generate_key("P-256", {"kid": "new"}), "ES256"),
        (OKPKey.generate_key("Ed25519", {"kid": "new"}), "Ed25519"),
    ],
    ids=["PS256", "ES256", "Ed25519"],
)
def test_other_signatures_are_believed(
    client: FlaskClient, provider: Forged, key: RSAKey, alg: str
):
    provider.answers["/keys"] = {
        "keys": [{"kty": "nix"}, {"kty": "EC"}, "x", key.as_dict(private=False)]
    }
    back = provider.way_back(client)
    provider.tell(signed(provider.claims(), key, alg, kid=key.kid))
    assert client.get(back).status_code == 303


def test_new_key_is_asked_for_once_a_minute(
    app: Flask, client: FlaskClient, provider: Forged, clock: Clock
):
    def knock() -> int:
        browser = app.test_client()
        back = provider.way_back(browser)
        provider.tell(signed(provider.claims(), OTHER_KEY, kid="two"))
        return browser.get(back).status_code

    def asked() -> int:
        return [path for path, _ in provider.asked].count("/keys")

    assert client.get(provider.way_back(client)).status_code == 303
    assert asked() == 1
    provider.answers["/keys"] = {
        "keys": [OTHER_KEY.as_dict(private=False) | {"kid": "two"}]
    }
    assert (knock(), asked()) == (403, 1)
    clock.now += 60
    assert (knock(), asked()) == (303, 2)


def test_code_that_is_refused(client: FlaskClient, provider: Forged):
    back = provider.way_back(client)
    body = b'{"error": "invalid_grant"}'
    provider.answers["/token"] = (400, body, {"Content-Type": "application/json"})
    assert client.get(back).status_code == 403


def test_userinfo_of_somebody_else_is_refused(client: FlaskClient, provider: Forged):
    provider.answers["/.well-known/openid-configuration"] = provider.document(
        userinfo_endpoint=f"{provider.issuer}/me"
    )
    back = provider.way_back(client)
    provider.answers["/token"] = provider.token(name=None)
    provider.answers["/me"] = {"sub": "karl", "roles": ["Konsulent"]}
    assert client.get(back).status_code == 403


def test_userinfo_adds_to_the_token_and_changes_nothing_in_it(
    client: FlaskClient, provider: Forged, stores: Stores
):
    provider.answers["/.well-known/openid-configuration"] = provider.document(
        userinfo_endpoint=f"{provider.issuer}/me"
    )
    back = provider.way_back(client)
    provider.answers["/token"] = provider.token(name=None)
    provider.answers["/me"] = {"sub": "anna", "roles": ["Konsulent"], "name": "Anna A."}
    assert client.get(back).status_code == 303
    account = accounts.find(stores.archive, "anna@skole.dk")
    assert account.role is Role.TEACHER
    assert identities.of(stores.archive, account.id).name == "Anna A."


# --- documents ------------------------------------------------------------------------

DOCUMENTS = {
    "another issuer": lambda one: one.document(issuer="https://evil.example"),
    "the issuer of nobody": lambda one: one.document(issuer=None),
    "a slash more": lambda one: one.document(issuer=f"{one.issuer}/"),
    "no way to tokens": lambda one: one.document(token_endpoint=None),
    "keys in the clear": lambda one: one.document(jwks_uri="http://evil.example/keys"),
    "an address that is a script": lambda one: one.document(
        authorization_endpoint="javascript:alert(1)"
    ),
    "an address that is a file": lambda one: one.document(
        userinfo_endpoint="file:///etc/passwd"
    ),
    "an address that is a number": lambda one: one.document(token_endpoint=7),
    "a list": lambda _: [],
    "words": lambda _: b"<html>Velkommen</html>",
    "nothing": lambda _: b"",
    "deep": lambda _: b"[" * 100_000,
    "not there": lambda _: (404, b"", {}),
    "led elsewhere": lambda one: (302, b"", {"Location": f"{one.issuer}/elsewhere"}),
}


@pytest.mark.parametrize("what", DOCUMENTS)
def test_document_that_cannot_be_used(client: FlaskClient, provider: Forged, what: str):
    provider.answers["/.well-known/openid-configuration"] = DOCUMENTS[what](provider)
    answer = client.get("/log-ind/faelles/")
    assert answer.status_code == 502
    assert "sig det til den, der passer Pejling" in answer.text
    assert 'name="password"' in answer.text
    assert [path for path, _ in provider.asked] == ["/.well-known/openid-configuration"]


def test_document_of_an_encrypted_provider_leads_nowhere_in_the_clear():
    issuer = "https://login.example.dk"
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    good = {"issuer": issuer} | {name: f"{issuer}/{name}" for name in names}
    check_metadata(good, issuer)
    for name in (*names, "userinfo_endpoint", "end_session_endpoint"):
        with pytest.raises(Nonsense, match=name):
            check_metadata(good | {name: "http://127.0.0.1/x"}, issuer)


@pytest.mark.parametrize(
    "keys", [{}, {"keys": []}, {"keys": "x"}, {"keys": [{"kty": "oct", "k": "AAAA"}]}]
)
def test_keys_that_cannot_be_used(client: FlaskClient, provider: Forged, keys: dict):
    provider.answers["/keys"] = keys
    assert client.get(provider.way_back(client)).status_code == 502


def test_document_is_kept_for_an_hour(
    client: FlaskClient, provider: Forged, clock: Clock
):
    for later, asked in ((0, 1), (3599, 1), (1, 2)):
        clock.now += later
        client.get("/log-ind/faelles/")
        assert len(provider.asked) == asked


# --- down, slow, endless --------------------------------------------------------------


def test_provider_that_is_down(tmp_path, clock: Clock, stores: Stores):
    with forged() as provider:
        pass
    client = app_with(tmp_path, clock, provider.issuer).test_client()
    answer = client.get("/log-ind/faelles/")
    assert answer.status_code == 503
    assert "Der er ingen forbindelse til kommunens login" in answer.text
    assert "<title>Fejl: Log ind" in answer.text
    assert 'name="password"' in answer.text


@pytest.mark.parametrize("path", ["/token", "/keys"])
def test_provider_that_fails_on_the_way_back(
    client: FlaskClient, provider: Forged, path: str
):
    back = provider.way_back(client)
    provider.answers[path] = (503, b"later", {})
    assert client.get(back).status_code == 503


def test_provider_that_never_answers_is_not_waited_for(
    client: FlaskClient, provider: Forged, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fetching, "SECONDS", 0.2)
    over = threading.Event()
    provider.answers["/.well-known/openid-configuration"] = lambda: (
        (over.wait(20) and (200, b"{}", {})) or (200, b"{}", {})
    )
    try:
        assert client.get("/log-ind/faelles/").status_code == 503
        assert not over.is_set()
    finally:
        over.set()


def test_endless_answer_is_not_read(client: FlaskClient, provider: Forged):
    long = b" " * (fetching.MOST + 1)
    provider.answers["/.well-known/openid-configuration"] = long
    assert client.get("/log-ind/faelles/").status_code == 503


def test_no_lock_is_held_while_the_provider_is_asked(
    client: FlaskClient, provider: Forged, stores: Stores
):
    back = provider.way_back(client)

    def token() -> dict:
        # Another class may write while this sign-in waits.
        with write(stores.archive):
            stores.archive.conn.execute("insert into school (name) values ('Ny skole')")
        return provider.token()

    provider.answers["/token"] = token
    assert client.get(back).status_code == 303
    assert "Ny skole" in schools.names(stores.archive)


# --- who is let in --------------------------------------------------------------------


def come_in(provider: Forged, client: FlaskClient, query: str = "", **claims: object):
    back = provider.way_back(client, query)
    provider.answers["/token"] = provider.token(**claims)
    return client.get(back)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"institution_ids": "[101001]", "unilogin_loa": "ToFaktor"}, 303),
        ({"institution_ids": ["101002", "9"], "unilogin_loa": "ToFaktor"}, 303),
        ({"institution_ids": "[9]", "unilogin_loa": "ToFaktor"}, 403),
        ({"institution_ids": "[101001]", "unilogin_loa": "EnFaktor"}, 403),
        ({"unilogin_loa": "ToFaktor"}, 403),
    ],
)
def test_only_those_of_the_kommune_are_let_in(
    tmp_path, clock: Clock, provider: Forged, stores: Stores, claims: dict, status: int
):
    app = app_with(
        tmp_path,
        clock,
        provider.issuer,
        OIDC_REQUIRED="institution_ids=101001, institution_ids=101002, "
        "unilogin_loa=ToFaktor",
    )
    answer = come_in(provider, app.test_client(), **claims)
    assert answer.status_code == status
    assert accounts.count(stores.archive) == (status == 303)


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"email": "anna@Kommune.dk"}, 303),
        ({"email": "anna@skole.kommune.dk"}, 403),
        ({"email": "anna@kommune.dk.evil.example"}, 403),
        ({"email": None}, 403),
        ({"email": "anna@kommune.dk", "email_verified": False}, 403),
    ],
)
def test_only_e_mails_of_the_domain_are_let_in(
    tmp_path, clock: Clock, provider: Forged, claims: dict, status: int
):
    app = app_with(tmp_path, clock, provider.issuer, OIDC_DOMAINS="kommune.dk")
    assert come_in(provider, app.test_client(), **claims).status_code == status


def test_email_that_is_not_verified_is_nobodys(
    app: Flask, client: FlaskClient, provider: Forged, stores: Stores
):
    by_password(app, stores, "anna@skole.dk", Role.CONSULTANT)
    assert come_in(provider, client, email_verified=False).status_code == 303
    local = accounts.find(stores.archive, "anna@skole.dk")
    assert (local.role, local.has_identity) == (Role.CONSULTANT, False)
    assert accounts.find(stores.archive, "anna@127.0.0.1").has_identity


def test_role_that_changes_there_changes_here_at_the_next_sign_in(
    app: Flask, client: FlaskClient, provider: Forged, stores: Stores
):
    by_password(app, stores, "k@kommune.dk", Role.CONSULTANT)
    come_in(provider, client, roles="Konsulent")
    assert client.get("/konsulent/").status_code == 200
    come_in(provider, app.test_client(), roles=["Laerer"])
    assert [
        one.touched for one in staff_log.find(stores.archive, actions=["role"])
    ] == ["anna@skole.dk: laerer"]
    # Also where one is signed in already.
    assert client.get("/konsulent/").status_code == 403
    come_in(provider, client, roles=["Elev"])
    account = accounts.find(stores.archive, "anna@skole.dk")
    assert account.role is Role.TEACHER


def test_last_consultant_stays_one(
    app: Flask, client: FlaskClient, provider: Forged, stores: Stores
):
    by_password(app, stores, "k@kommune.dk", Role.CONSULTANT)
    account = accounts.find(stores.archive, "k@kommune.dk")
    token = accounts.new_link(stores.archive, Purpose.PASSWORD, account, NOW)
    answer = come_in(provider, client, f"?link={token}")
    assert answer.status_code == 409
    assert "den sidste, der kan lukke andre ind" in answer.text
    after = accounts.get(stores.archive, account.id)
    assert (after.role, after.has_identity) == (Role.CONSULTANT, False)
    assert client.get(f"/adgang/{token}").status_code == 200


def test_consultant_of_the_provider_does_not_replace_the_last_with_a_password(
    app: Flask, client: FlaskClient, provider: Forged, stores: Stores
):
    by_password(app, stores, "k@kommune.dk", Role.CONSULTANT)
    come_in(provider, client, roles="Konsulent")
    number = accounts.find(stores.archive, "k@kommune.dk").id
    token = token_of(client.get("/konsulent/personale/"))
    answer = client.post(
        f"/konsulent/personale/{number}/slaa-fra", data={"csrf_token": token}
    )
    assert answer.status_code == 409
    assert accounts.get(stores.archive, number).is_active


# --- links ----------------------------------------------------------------------------


def link_to(stores: Stores, email: str, role: Role = Role.TEACHER) -> str:
    account = accounts.find(stores.archive, email)
    account = account or accounts.add(stores.archive, email, role)
    return accounts.new_link(stores.archive, Purpose.PASSWORD, account, NOW)


def test_link_does_not_open_an_account_that_asks_for_a_code(
    client: FlaskClient, provider: Forged, stores: Stores
):
    token = link_to(stores, "to@trin.dk")
    account = accounts.find(stores.archive, "to@trin.dk")
    second_factor.turn_on(stores.archive, account, second_factor.new_secret(), 1)
    assert "/log-ind/faelles/" not in client.get(f"/adgang/{token}").text
    answer = come_in(provider, client, f"?link={token}")
    assert answer.status_code == 409
    assert "en kode fra telefonen" in answer.text
    assert not accounts.find(stores.archive, "to@trin.dk").has_identity


def test_link_does_not_move_a_person_to_another_account(
    app: Flask, client: FlaskClient, provider: Forged, stores: Stores
):
    come_in(provider, client)
    token = link_to(stores, "ny@skole.dk")
    browser = app.test_client()
    assert come_in(provider, browser, f"?link={token}").status_code == 409
    assert browser.get(f"/adgang/{token}").status_code == 200
    assert not accounts.find(stores.archive, "ny@skole.dk").has_identity


@pytest.mark.parametrize("token", ["A" * 22, "x" * 300, "signin", "used"])
def test_link_that_is_none_lets_nobody_in(
    client: FlaskClient, provider: Forged, stores: Stores, token: str
):
    account = accounts.add(stores.archive, "ny@skole.dk", Role.TEACHER)
    if token == "signin":
        token = accounts.new_link(stores.archive, Purpose.SIGN_IN, account, NOW)
    if token == "used":
        token = link_to(stores, "ny@skole.dk")
        link_to(stores, "ny@skole.dk")
    assert come_in(provider, client, f"?link={token}").status_code == 410
    assert accounts.count(stores.archive) == 1


# --- too often, and what is written ---------------------------------------------------


def test_thirty_failures_from_one_address_have_to_wait(client: FlaskClient):
    back = "/log-ind/faelles/retur?code=x&state=y"
    assert [client.get(back).status_code for _ in range(30)] == [400] * 30
    answer = client.get(back)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]


def test_log_says_what_is_wrong_and_no_value(
    client: FlaskClient, provider: Forged, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.INFO):
        come_in(provider, client, aud="another", email="hemmelig@skole.dk")
        come_in(provider, client, roles=["hemmelig"])
        provider.answers["/.well-known/openid-configuration"] = {}
    assert [one.getMessage() for one in caplog.records] == [
        "sign-in by provider: NotBelieved: id_token: InvalidClaimError aud",
        "sign-in by provider: NoRole: roles",
    ]


ODD = ("", "\x00", "\u202e", "x" * 10_000, "å", "{}", "'; drop table account; --")


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("name", ["code", "state", "iss", "error"])
def test_odd_answers_make_no_error_of_ours(
    client: FlaskClient, provider: Forged, stores: Stores, name: str, value: str
):
    answer = client.get(provider.way_back(client, **{name: value}))
    fine = (name, value) in {("iss", ""), ("code", "x" * 10_000)} or name == "code"
    assert answer.status_code in ((303, 403) if fine else (400, 403))


@pytest.mark.parametrize("value", ["", "x" * 3_000, "{}", "e30.x", "a.b.c", "null.x"])
def test_odd_cookie_is_none(client: FlaskClient, provider: Forged, value: str):
    back = provider.way_back(client)
    client.set_cookie("faelles", value, path="/log-ind/faelles/")
    assert client.get(back).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": "x" * 256},
        {"sub": "å"},
        {"name": ["a"], "email": 7, "skole": {"a": 1}},
        {"name": "x" * 500, "email": "\u202eanna@skole.dk"},
        {"roles": {"Laerer": True}},
        {"roles": True},
        {"skole": ["x" * 1_000] * 100},
    ],
)
def test_odd_claims_make_no_error_of_ours(
    client: FlaskClient, provider: Forged, changes: dict
):
    assert come_in(provider, client, **changes).status_code in (303, 403)


def test_way_that_is_too_long_for_a_cookie_is_forgotten(
    client: FlaskClient, provider: Forged
):
    back = provider.way_back(client, f"?til=/{'x' * 5_000}&link={'x' * 5_000}")
    assert client.get(back).status_code == 410  # the link is none


# --- switched off ---------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "retur?code=x&state=y", "ud"])
def test_without_a_provider_there_is_no_such_page(tmp_path, clock: Clock, path: str):
    client = app_with(tmp_path, clock, "").test_client()
    assert client.get(f"/log-ind/faelles/{path}").status_code == 404
    assert "faelles" not in client.get("/log-ind").text
