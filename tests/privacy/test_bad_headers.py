"""Headers that lie: who asks, from where, and by what name the server is called."""

import re
from pathlib import Path

import pytest
from builders import NO, YES
from everyone import Visitor, form_token, look
from lessons import Answer, Lesson, Ready, an_app, counts, dump, knock, lesson, prepare

EVIL = "evil.example"


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Ready:
    return prepare(tmp_path_factory.mktemp("headers") / "data", 6)


@pytest.fixture
def running(ready: Ready, request: pytest.FixtureRequest):
    with lesson(ready, request.node.name) as started:
        started.ask()
        yield started


def post(running: Lesson, headers: dict[str, str]) -> int:
    """A pupil's answer under these headers: how it was received."""
    form = running.form(0, "vape", Answer(NO))
    return running.pupils[0].post("/svar", data=form, headers=headers).status_code


# --- another site ---------------------------------------------------------------------


ELSEWHERE = (
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "Same-Origin"},
    {"Sec-Fetch-Site": ""},
    {"Origin": f"https://{EVIL}"},
    {"Origin": f"http://localhost.{EVIL}"},
    {"Origin": f"http://localhost@{EVIL}"},
    {"Origin": "http://localhost:8001"},
    {"Origin": "file://"},
    # A proxy that nobody has told us about cannot vouch for the other site.
    {"Origin": f"http://{EVIL}", "X-Forwarded-Host": EVIL},
    {"Origin": f"http://{EVIL}", "Forwarded": f"host={EVIL}"},
    {"Origin": f"http://{EVIL}", "Sec-Fetch-Site": "same-origin"},
)


def test_post_from_another_site_counts_nothing_and_moves_nothing(running: Lesson):
    # With the pupil's and the teacher's own cookies and tokens.
    page = running.teacher.get(f"/laerer/{running.opened.id}").text
    data = {"csrf_token": form_token(page), "version": str(running.session.version)}
    data["alligevel"] = "1"
    for headers in ELSEWHERE:
        assert post(running, headers) == 403, headers
        where = f"/laerer/{running.opened.id}/luk"
        answer = running.teacher.post(where, data=data, headers=headers)
        assert answer.status_code == 403, headers
    assert counts(running.stores) == {}
    assert running.session.is_open


def test_post_without_an_origin_stands_on_its_form_token(running: Lesson):
    # "null" comes from privacy extensions too; without the token it counts nothing.
    form = running.form(0, "vape", Answer(NO))
    for token in ("", "0" * 32, running.tokens[1]):
        for headers in ({"Origin": "null"}, {}):
            wrong = form | {"csrf_token": token}
            answer = running.pupils[0].post("/svar", data=wrong, headers=headers)
            assert answer.status_code == 400
    assert counts(running.stores) == {}
    assert post(running, {"Origin": "null"}) == 303
    assert set(counts(running.stores).values()) == {1}


# --- another name ---------------------------------------------------------------------

NAMES = (
    {"Host": EVIL},
    {"X-Forwarded-Host": EVIL},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Host": EVIL, "X-Forwarded-Port": "444"},
    {"Forwarded": f"for=192.0.2.1;host={EVIL};proto=https"},
    {"X-Forwarded-Prefix": f"//{EVIL}", "X-Script-Name": f"//{EVIL}"},
    {"X-Host": EVIL, "X-Forwarded-Server": EVIL, "Referer": f"https://{EVIL}/"},
)


@pytest.mark.parametrize("proxies", [0, 1])
def test_name_of_the_server_comes_from_its_settings(ready: Ready, proxies: int):
    # Whatever the request calls it: address and QR on the wall, where a press leads.
    with lesson(ready, f"named-{proxies}", BEHIND_PROXIES=proxies) as running:
        nobody = running.there.browsers[Visitor.NOBODY]
        wall = f"/tavle/{running.opened.wall_key}"
        for headers in NAMES:
            for browser, path in (
                (nobody, "/"),
                (nobody, wall),
                (nobody, f"{wall}/tilstand"),
                (running.teacher, f"/laerer/{running.opened.id}"),
                (nobody, f"/laerer/{running.opened.id}"),
                (nobody, f"/Q/{running.opened.join_secret}"),
            ):
                answer = browser.get(path, headers=headers)
                assert EVIL not in answer.text
                assert EVIL not in str(answer.headers)
                location = answer.headers.get("Location", "/")
                assert re.match("/(?!/)", location), location
                cookie = answer.headers.get("Set-Cookie", "")
                assert "Domain" not in cookie
                assert "Secure" not in cookie


def test_encryption_is_believed_from_a_proxy_only(ready: Ready):
    told = {"X-Forwarded-Proto": "https"}
    for proxies, is_believed in ((0, False), (1, True)):
        with lesson(ready, f"https-{proxies}", BEHIND_PROXIES=proxies) as running:
            answer = running.there.app.test_client().get("/", headers=told)
            found = "Strict-Transport-Security" in answer.headers
            assert found is is_believed


def test_foreign_host_is_refused_where_hosts_are_listed(ready: Ready):
    with lesson(ready, "hosts", TRUSTED_HOSTS="localhost") as running:
        for path in ("/", f"/tavle/{running.opened.wall_key}", "/log-ind"):
            browser = running.there.app.test_client()
            assert browser.get(path).status_code == 200
            refused = browser.get(path, headers={"Host": EVIL})
            assert refused.status_code == 400
            assert EVIL not in refused.text


def test_path_comes_from_the_request_line_only(running: Lesson):
    # Headers of servers that route by them, and the method in another's name.
    lead = f"/laerer/{running.opened.id}"
    before = dump(running.stores)
    plain = look(running.teacher, "/laerer/")
    for name in (
        "X-Original-URL",
        "X-Rewrite-URL",
        "X-Original-Path",
        "X-Override-URL",
    ):
        answer = running.teacher.get("/laerer/", headers={name: f"{lead}/slut"})
        assert answer.status_code == plain[0]
        assert "Mine pejlinger" in answer.text
        stranger = running.there.app.test_client()
        assert "Skriv koden" in stranger.get("/", headers={name: lead}).text
    assert dump(running.stores) == before


# --- another address ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("proxies", "address"),
    [
        # Without a proxy nobody's word counts; behind one its own word, the last.
        (0, lambda n: {"X-Forwarded-For": f"192.0.2.{n}"}),
        (0, lambda n: {"X-Real-IP": f"192.0.2.{n}", "Client-IP": f"192.0.2.{n}"}),
        (0, lambda n: {"Forwarded": f"for=192.0.2.{n}"}),
        (0, lambda n: {"True-Client-IP": f"192.0.2.{n}", "Via": f"1.1 p{n}"}),
        (1, lambda n: {"X-Forwarded-For": f"192.0.2.{n}, 198.51.100.7"}),
        (1, lambda n: {"X-Forwarded-For": f"{n}.invalid, 198.51.100.7"}),
    ],
)
def test_address_that_is_made_up_buys_no_more_guesses(
    tmp_path: Path, proxies: int, address
):
    app = an_app(tmp_path, BEHIND_PROXIES=proxies)
    browser = app.test_client()
    data = {"csrf_token": form_token(browser.get("/").text), "kode": "XYXYXY"}
    found = [
        browser.post("/", data=data, headers=address(n)).status_code for n in range(41)
    ]
    assert found == [404] * 40 + [429]


def test_address_behind_a_proxy_is_each_pupils_own(tmp_path: Path):
    # One class is not held up by another, and no nonsense of a header is a failure.
    app = an_app(tmp_path, BEHIND_PROXIES=1)
    browser = app.test_client()
    token = form_token(browser.get("/").text)
    for _ in range(41):
        knock(browser, token, "127.0.0.1")
    data = {"csrf_token": token, "kode": "XYXYXY"}
    other = browser.post("/", data=data, headers={"X-Forwarded-For": "203.0.113.9"})
    assert other.status_code == 404
    for odd in ("", "\x00", "a" * 5000, "[::1", "1.2.3.4.5", ",,,", "\u00e6"):
        value = odd.encode().decode("latin-1").replace("\x00", "%00")
        answer = browser.post("/", data=data, headers={"X-Forwarded-For": value})
        assert answer.status_code in (404, 429)


def test_no_header_changes_what_is_counted(running: Lesson):
    assert post(running, {"Sec-Fetch-Site": "same-origin"}) == 303
    for headers in NAMES:
        form = running.form(0, "vape", Answer(YES))
        answer = running.pupils[0].post("/svar", data=form, headers=headers)
        assert answer.status_code in (303, 403)
    assert set(counts(running.stores).values()) == {1}
