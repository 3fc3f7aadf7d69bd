"""Staff let in and out: invitations, roles, accounts switched off, what is noted."""

import re

import pytest
from builders import NOW
from room import PASSWORD, enter, sign_in, token_of

from pejling.storage import accounts, second_factor, staff_log
from pejling.storage.accounts import LastConsultant, Role
from pejling.storage.staff_log import Action
from pejling.web import filters, staff_actions

PEOPLE = "/konsulent/personale/"
DAY = 24 * 60 * 60
NEW = "fire ord hører ikke sammen"


@pytest.fixture
def desk(app, stores):
    """A consultant's browser."""
    return sign_in(app, stores, "k@example.dk", Role.CONSULTANT)


def press(browser, path: str, page: str = PEOPLE, **values: str):
    token = token_of(browser.get(page))
    return browser.post(path, data={"csrf_token": token, **values})


def invite(desk, email: str = "ny@example.dk", role: str = "laerer"):
    return press(desk, f"{PEOPLE}inviter", email=email, role=role)


def link_on(page) -> str:
    found = re.search(r"http://localhost(/adgang/[\w-]+)", page.text)
    assert found, page.text
    return found.group(1)


def choose(app, path: str, password: str = NEW):
    browser = app.test_client()
    token = token_of(browser.get(path))
    answer = browser.post(path, data={"csrf_token": token, "password": password})
    return browser, answer


def number(stores, email: str) -> int:
    return accounts.find(stores.archive, email).id


# --- invitations ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "first"),
    [
        ("laerer", "/laerer/aarsplan"),
        ("konsulent", "/laerer/"),
        ("styregruppe", "/styregruppe/"),
    ],
)
def test_new_account_begins_where_there_is_something_to_do(app, desk, role, first):
    _, answer = choose(app, link_on(invite(desk, role=role)))
    assert (answer.status_code, answer.location) == (303, first)
    # Whoever has been there before comes to the own page.
    _, again = choose(app, link_on(press(desk, f"{PEOPLE}2/link")))
    home = "/styregruppe/" if role == "styregruppe" else "/laerer/"
    assert again.location == home


@pytest.mark.parametrize("number", ["999", "9" * 30])
def test_account_of_no_such_number_is_not_found(app, stores, number):
    desk = sign_in(app, stores, "k@example.dk", Role.CONSULTANT)
    token = token_of(desk.get("/konto/"))
    answer = desk.post(
        f"/konsulent/personale/{number}/link", data={"csrf_token": token}
    )
    assert answer.status_code == 404


def test_invitation_is_a_link_and_a_qr_and_works_once(app, stores, desk):
    page = invite(desk)
    assert page.status_code == 200
    assert "<svg" in page.text
    assert "i 14 dage" in page.text
    path = link_on(page)
    browser, answer = choose(app, path)
    assert answer.status_code == 303
    assert browser.get("/laerer/").status_code == 200
    assert app.test_client().get(path).status_code == 410
    assert accounts.check_password(stores.archive, "ny@example.dk", NEW)


def test_invitation_lasts_fourteen_days(app, desk, clock):
    path = link_on(invite(desk))
    clock.now += 14 * DAY
    assert app.test_client().get(path).status_code == 200
    clock.now += 1
    assert app.test_client().get(path).status_code == 410


def test_new_link_ends_the_one_before(app, stores, desk):
    first = link_on(invite(desk))
    path = f"{PEOPLE}{number(stores, 'ny@example.dk')}/link"
    second = link_on(press(desk, path))
    assert app.test_client().get(first).status_code == 410
    assert app.test_client().get(second).status_code == 200


def test_lost_password_gets_a_link_of_a_day(app, stores, desk):
    sign_in(app, stores, "t@example.dk", Role.TEACHER)
    page = press(desk, f"{PEOPLE}{number(stores, 't@example.dk')}/link")
    assert "i 1 dag," in page.text
    _, answer = choose(app, link_on(page))
    assert answer.status_code == 303
    with pytest.raises(accounts.WrongPassword):
        accounts.check_password(stores.archive, "t@example.dk", PASSWORD)


@pytest.mark.parametrize(
    ("email", "role", "says"),
    [
        ("k@example.dk", "laerer", "har allerede en konto"),
        ("ikke en mail", "laerer", "Skriv en e-mail"),
        ("a@b@c.dk", "laerer", "Skriv en e-mail"),
        ("ny@example.dk", "admin", "Vælg en rolle"),
    ],
)
def test_invitation_that_cannot_be_made(stores, desk, email, role, says):
    answer = invite(desk, email, role)
    assert answer.status_code == 422
    assert says in answer.text
    assert accounts.count(stores.archive) == 1


@pytest.mark.parametrize(
    "password", ["kodeord123456", "password1234!", "pejlingpejling", "qwertyuiop123"]
)
def test_password_that_is_easy_to_guess_is_refused(app, desk, password):
    _, answer = choose(app, link_on(invite(desk)), password)
    assert answer.status_code == 422
    assert "for let at gætte" in answer.text


def test_password_made_of_the_email_is_refused(app, desk):
    path = link_on(invite(desk, "birkelundskolen@example.dk"))
    _, answer = choose(app, path, "birkelundskolen1")
    assert answer.status_code == 422


# --- roles and switching off ----------------------------------------------------------


def test_role_is_changed_and_the_browsers_are_signed_out(app, stores, desk):
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    one = number(stores, "t@example.dk")
    press(desk, f"{PEOPLE}{one}/rolle", role="styregruppe")
    assert accounts.get(stores.archive, one).role is Role.BOARD
    assert teacher.get("/laerer/").status_code == 303
    assert press(desk, f"{PEOPLE}{one}/rolle", role="admin").status_code == 404


def test_account_that_is_switched_off_lets_nobody_in(app, stores, desk):
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    one = number(stores, "t@example.dk")
    path = link_on(press(desk, f"{PEOPLE}{one}/link"))
    press(desk, f"{PEOPLE}{one}/slaa-fra")
    assert teacher.get("/laerer/").status_code == 303
    assert app.test_client().get(path).status_code == 410
    page = app.test_client()
    values = {"email": "t@example.dk", "password": PASSWORD}
    refused = press(page, "/log-ind", "/log-ind", **values)
    assert "passer ikke sammen" in refused.text  # the words of an unknown account
    assert press(desk, f"{PEOPLE}{one}/link").status_code == 409
    press(desk, f"{PEOPLE}{one}/slaa-til")
    assert enter(app, "t@example.dk").get("/laerer/").status_code == 200


def test_last_consultant_stays(stores, desk):
    me = accounts.find(stores.archive, "k@example.dk")
    invite(desk, "k2@example.dk", "konsulent")  # has not chosen a password yet
    for path in ("slaa-fra", "rolle"):
        answer = press(desk, f"{PEOPLE}{me.id}/{path}", role="laerer")
        assert answer.status_code == 409
        assert "Intet er ændret" in answer.text
    assert accounts.get(stores.archive, me.id) == me
    other = accounts.find(stores.archive, "k2@example.dk")
    accounts.set_password(stores.archive, other, NEW)
    accounts.deactivate(stores.archive, me)
    with pytest.raises(LastConsultant):
        accounts.deactivate(stores.archive, accounts.get(stores.archive, other.id))


def test_consultant_signs_somebody_out(app, stores, desk):
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    press(desk, f"{PEOPLE}{number(stores, 't@example.dk')}/log-ud")
    assert teacher.get("/laerer/").status_code == 303


def test_unknown_account_is_a_page(desk):
    for path in ("link", "slaa-fra", "slaa-til", "log-ud", "totrin-fra"):
        assert press(desk, f"{PEOPLE}999/{path}").status_code == 404


def test_only_consultants_let_in(app, stores):
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    assert teacher.get(PEOPLE).status_code == 403
    answer = press(teacher, f"{PEOPLE}inviter", "/laerer/", email="x@example.dk")
    assert answer.status_code == 403
    assert accounts.count(stores.archive) == 1


def test_four_passwords_at_a_time():
    assert accounts._TURNS._initial_value == accounts.HASHES_AT_ONCE == 4


# --- one's own account ----------------------------------------------------------------


def change(browser, current: str, password: str = NEW):
    return press(
        browser, "/konto/adgangskode", "/konto/", current=current, password=password
    )


def test_password_is_changed_and_others_are_signed_out(app, stores, desk):
    other = enter(app, "k@example.dk")
    assert change(desk, PASSWORD).status_code == 303
    assert desk.get("/konto/?gemt=1").status_code == 200
    assert other.get("/konto/").status_code == 303
    assert accounts.check_password(stores.archive, "k@example.dk", NEW)


def test_wrong_current_password_changes_nothing_and_costs_time(stores, desk):
    for _ in range(5):
        assert change(desk, "forkert").status_code == 422
    answer = change(desk, PASSWORD)
    assert answer.status_code == 429
    assert "Vent" in answer.text
    assert accounts.check_password(stores.archive, "k@example.dk", PASSWORD)


def test_out_everywhere_is_out_here_too(app, desk):
    other = enter(app, "k@example.dk")
    press(desk, "/konto/log-ud-overalt", "/konto/")
    assert desk.get("/konto/").status_code == 303
    assert other.get("/konto/").status_code == 303


def test_own_sign_ins_are_listed(app, stores, desk, clock):
    clock.now += 600
    again = enter(app, "k@example.dk")
    page = again.get("/konto/").text
    assert page.count("kl. ") == 2
    mine = accounts.find(stores.archive, "k@example.dk").id
    assert staff_log.own_sign_ins(stores.archive, mine) == [NOW + 600, NOW]


# --- two steps ------------------------------------------------------------------------


def code_for(secret: str, now: float) -> str:
    import pyotp

    return pyotp.TOTP(secret).at(int(now))


def turn_on(browser, clock) -> tuple[str, list[str]]:
    page = browser.get("/konto/totrin")
    secret = re.search(r"Nøgle: <code>([A-Z2-7 ]+)</code>", page.text).group(1)
    secret = secret.replace(" ", "")
    done = browser.post(
        "/konto/totrin",
        data={"csrf_token": token_of(page), "code": code_for(secret, clock.now)},
    )
    codes = re.findall(r"<li><code>([\w-]+)</code>", done.text)
    assert len(codes) == second_factor.RECOVERY_CODES
    return secret, codes


def first_step(app, til: str = ""):
    browser = app.test_client()
    answer = press(
        browser,
        "/log-ind",
        f"/log-ind?til={til}",
        email="k@example.dk",
        password=PASSWORD,
        til=til,
    )
    assert answer.location == "/log-ind/kode"
    return browser


def second_step(browser, code: str):
    return press(browser, "/log-ind/kode", "/log-ind/kode", code=code)


def test_password_alone_does_not_let_in(app, desk, clock):
    secret, _ = turn_on(desk, clock)
    browser = first_step(app, "/tal")
    assert browser.get("/laerer/").status_code == 303
    clock.now += 30
    answer = second_step(browser, code_for(secret, clock.now))
    assert answer.location == "/tal"
    assert browser.get("/laerer/").status_code == 200


def test_code_opens_once(app, desk, clock):
    secret, _ = turn_on(desk, clock)
    # The code that turned it on has been used.
    assert second_step(first_step(app), code_for(secret, clock.now)).status_code == 422
    clock.now += 30
    code = code_for(secret, clock.now)
    assert second_step(first_step(app), code).status_code == 303
    assert second_step(first_step(app), code).status_code == 422


@pytest.mark.parametrize(("skew", "opens"), [(-30, True), (30, True), (-60, False)])
def test_clock_of_the_phone_may_be_half_a_minute_off(app, desk, clock, skew, opens):
    secret, _ = turn_on(desk, clock)
    clock.now += 300
    answer = second_step(first_step(app), code_for(secret, clock.now + skew))
    assert (answer.status_code == 303) == opens


def test_recovery_code_opens_once_however_it_is_typed(app, stores, desk, clock):
    _, codes = turn_on(desk, clock)
    typed = codes[0].lower().replace("-", " ")
    assert second_step(first_step(app), typed).status_code == 303
    assert second_step(first_step(app), codes[0]).status_code == 422
    me = accounts.find(stores.archive, "k@example.dk")
    assert second_factor.codes_left(stores.archive, me) == 9
    dump = "\n".join(stores.archive.conn.iterdump())
    assert [code for code in codes if code in dump] == []


def test_second_step_waits_five_minutes_only(app, desk, clock):
    secret, _ = turn_on(desk, clock)
    browser = first_step(app)
    clock.now += 5 * 60 + 1
    assert browser.get("/log-ind/kode").status_code == 303
    token = token_of(browser.get("/log-ind"))
    answer = browser.post(
        "/log-ind/kode",
        data={"csrf_token": token, "code": code_for(secret, clock.now)},
    )
    assert answer.location == "/log-ind"
    assert browser.get("/laerer/").status_code == 303


def test_wrong_codes_cost_time_like_wrong_passwords(app, desk, clock):
    secret, _ = turn_on(desk, clock)
    clock.now += 30
    browser = first_step(app)
    for _ in range(5):
        assert second_step(browser, "000000").status_code == 422
    assert second_step(browser, code_for(secret, clock.now)).status_code == 429


def test_link_to_an_account_with_two_steps_asks_for_the_code(app, stores, desk, clock):
    secret, _ = turn_on(desk, clock)
    other = sign_in(app, stores, "k2@example.dk", Role.CONSULTANT)
    page = press(other, f"{PEOPLE}{number(stores, 'k@example.dk')}/link")
    browser, answer = choose(app, link_on(page))
    assert answer.location == "/log-ind/kode"
    assert browser.get("/konto/").status_code == 303
    clock.now += 30
    assert second_step(browser, code_for(secret, clock.now)).status_code == 303


def test_two_steps_are_turned_off_with_a_code_or_by_a_consultant(
    app, stores, desk, clock
):
    _, codes = turn_on(desk, clock)
    press(desk, "/konto/totrin/fra", "/konto/", code="000000")
    assert accounts.find(stores.archive, "k@example.dk").has_second_factor
    press(desk, "/konto/totrin/fra", "/konto/", code=codes[0])
    assert not accounts.find(stores.archive, "k@example.dk").has_second_factor
    turn_on(desk, clock)
    other = sign_in(app, stores, "k2@example.dk", Role.CONSULTANT)
    press(other, f"{PEOPLE}{number(stores, 'k@example.dk')}/totrin-fra")
    assert enter(app, "k@example.dk").get("/laerer/").status_code == 200


def test_phone_that_shows_another_code_turns_nothing_on(stores, desk):
    answer = press(desk, "/konto/totrin", "/konto/totrin", code="000000")
    assert answer.status_code == 422
    assert "Koden passer ikke" in answer.text
    assert not accounts.find(stores.archive, "k@example.dk").has_second_factor


# --- what is noted --------------------------------------------------------------------


def test_what_is_done_to_accounts_is_noted(app, stores, desk):
    invite(desk)
    one = number(stores, "ny@example.dk")
    press(desk, f"{PEOPLE}{one}/rolle", role="styregruppe")
    press(desk, f"{PEOPLE}{one}/slaa-fra")
    noted = [
        (entry.email, entry.action, entry.touched)
        for entry in staff_log.find(stores.archive)
    ]
    assert noted == [
        ("k@example.dk", Action.DEACTIVATE, "ny@example.dk"),
        ("k@example.dk", Action.ROLE, "ny@example.dk: styregruppe"),
        ("k@example.dk", Action.INVITE, "ny@example.dk"),
        ("k@example.dk", Action.SIGN_IN, "k@example.dk"),
    ]
    assert [one.action for one in staff_log.find(stores.archive, email="NY@")] == [
        *(Action.DEACTIVATE, Action.ROLE, Action.INVITE)
    ]
    assert staff_log.find(stores.archive, email="%") == []
    (first,) = staff_log.find(stores.archive, actions=[Action.SIGN_IN])
    assert first.at == NOW


def test_log_is_searched_and_kept_as_a_file(desk):
    invite(desk)
    page = desk.get("/konsulent/log/?hvem=ny@&hvad=invite").text
    assert "<td>Inviterede</td><td>ny@example.dk</td>" in page
    assert "<td>Loggede ind</td>" not in page
    assert "noget, der passer" in desk.get("/konsulent/log/?hvem=findes ikke").text
    answer = desk.get("/konsulent/log/log.csv?hvem=ny@")
    assert answer.data.decode("utf-8-sig").splitlines() == [
        "hvornaar;hvem;handling;paa_hvad",
        f"{filters.moment(NOW)};k@example.dk;Inviterede;ny@example.dk",
    ]


def test_cell_of_the_log_is_no_formula(desk):
    press(desk, "/konsulent/skoler", "/konsulent/", schools="=1+1 Skole")
    file = desk.get("/konsulent/log/log.csv").data.decode("utf-8-sig")
    assert ";'=1+1 Skole" in file


def test_every_action_has_its_words():
    assert set(staff_actions.WORDS) == set(Action)


def test_log_is_for_consultants(app, stores):
    teacher = sign_in(app, stores, "t@example.dk", Role.TEACHER)
    assert teacher.get("/konsulent/log/").status_code == 403
    assert teacher.get("/konsulent/log/log.csv").status_code == 403
