"""The kommune's settings: kept, shown where they belong, and refused in words."""

import hashlib
import html
import io
import re
import zipfile
from dataclasses import replace

import builders
import pages
import pytest
from flask.testing import FlaskClient
from PIL import Image
from room import answer_one, first_load, open_room, sign_in, token_of

from pejling import results
from pejling.app import create_app
from pejling.domain import help_lines, public_address, selection
from pejling.domain.disclosure import Withheld
from pejling.domain.help_lines import ForWhom, HelpLine
from pejling.domain.question_sets import Audience
from pejling.storage import archive, kommune, schools, staff_log
from pejling.storage.accounts import Role

HOME = "/konsulent/oplysninger"
DRAWING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100">'
    b'<path d="M0 0h300v100z" fill="#123"/></svg>'
)


@pytest.fixture
def desk(app, stores):
    return sign_in(app, stores, "k@example.dk", Role.CONSULTANT)


def post(desk, where: str, **fields):
    token = token_of(desk.get(HOME))
    return desk.post(f"{HOME}/{where}", data={"csrf_token": token, **fields})


def a_png(width: int = 300, height: int = 100) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "navy").save(out, "PNG")
    return out.getvalue()


def send_logo(desk, raw: bytes, name: str = "logo.svg"):
    return post(desk, "logo", fil=(io.BytesIO(raw), name))


def actions(stores) -> list[str]:
    return [one.action for one in staff_log.find(stores.archive)]


@pytest.mark.parametrize(
    "where", ["", "/logo", "/hjaelp", "/adresse", "/sprog", "/roede"]
)
def test_each_page_leads_to_all_the_others(desk, where):
    page = desk.get(HOME + where).text
    for other in ("", "/logo", "/hjaelp", "/adresse", "/sprog", "/roede"):
        assert f'href="{HOME}{other}"' in page
    assert len(re.findall(r"settings__nav.*?aria-current", page, re.S)) == 1
    assert f'href="{HOME}/roede"' in desk.get("/konsulent/").text


# --- logo -----------------------------------------------------------------------------


def test_logo_is_served_as_a_picture_and_nothing_else(desk, app, stores):
    assert send_logo(desk, DRAWING).status_code == 200
    digest = kommune.logo(stores.archive).digest
    answer = app.test_client().get(f"/logo/{digest}")
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert app.test_client().get("/logo/0123456789abcdef").status_code == 404
    assert actions(stores)[0] == "logo"


def test_logo_stands_on_letters_sheets_and_pages_of_staff(desk, stores):
    kommune.fill_in(stores.archive, {"name": "Stevns Kommune"})
    send_logo(desk, DRAWING)
    shown = 'alt="Stevns Kommune"'
    for path in (
        "/laerer/",
        "/laerer/saet/7a/brev",
        "/laerer/saet/7a/vejledning",
        "/dine-data",
    ):
        assert desk.get(path).text.count(shown) == 1, path
    assert post(desk, "logo/fjern").status_code == 303
    assert shown not in desk.get("/laerer/saet/7a/brev").text
    assert kommune.logo(stores.archive) is None


def test_word_letter_has_the_logo_where_it_is_a_png(desk, stores):
    def pictures() -> list[str]:
        letter = desk.get("/laerer/saet/7a/brev.docx").data
        names = zipfile.ZipFile(io.BytesIO(letter)).namelist()
        return [one for one in names if one.startswith("word/media/")]

    send_logo(desk, DRAWING)
    assert pictures() == []
    send_logo(desk, a_png(), "logo.png")
    assert pictures() == ["word/media/image1.png"]


def test_pupils_pages_are_without_the_logo(app, stores, desk):
    send_logo(desk, DRAWING)
    pupil = open_room(app, stores).pupil()
    assert "/logo/" not in pupil.get("/svar").text
    assert "/logo/" not in app.test_client().get("/").text


def test_what_was_taken_out_of_the_logo_is_told(desk):
    nasty = DRAWING.replace(b"<path", b"<script>alert(1)</script><path")
    page = send_logo(desk, nasty).text
    assert "Logoet er gemt" in page
    assert "et script" in page
    pages.check(page)


@pytest.mark.parametrize(
    ("raw", "name", "says"),
    [
        (b"", "logo.svg", "Filen er tom"),
        (b"\xff\xd8\xff\xe0", "logo.png", "JPEG"),
        (b"x" * 300_000, "logo.png", "højst fylde 200 kB"),
        (a_png()[:60], "logo.png", "ikke helt"),
    ],
)
def test_logo_that_cannot_be_used_changes_nothing(desk, stores, raw, name, says):
    send_logo(desk, DRAWING)
    answer = send_logo(desk, raw, name)
    assert answer.status_code == 422
    assert says in answer.text
    assert kommune.logo(stores.archive).kind == "svg"


def test_no_file_a_text_and_a_file_in_another_field(desk, stores):
    assert "Vælg en fil først" in post(desk, "logo").text
    assert post(desk, "logo", fil="<svg/>").status_code == 422
    other = {"andet": (io.BytesIO(DRAWING), "logo.svg")}
    assert post(desk, "logo", **other).status_code == 400
    other = {
        "andet": (io.BytesIO(DRAWING), "logo.svg"),
        "fil": (io.BytesIO(DRAWING), "logo.svg"),
    }
    assert post(desk, "logo", **other).status_code == 400
    assert post(desk, "hjaelp", fil=(io.BytesIO(b""), "x.svg")).status_code == 400
    assert kommune.logo(stores.archive) is None


def test_five_megabytes_are_not_even_read(desk):
    # Over five times the largest logo nothing is parsed; the token is not found then.
    answer = send_logo(desk, b"x" * 5_000_000)
    answer.request.environ["wsgi.input"].close()  # the test client's own file
    assert answer.status_code == 413
    assert "mere, end siden kan tage imod" in answer.text


# --- help lines -----------------------------------------------------------------------

LINES = [
    HelpLine("SSP-huset", "12 34 56 78", ForWhom.ALL),
    HelpLine("Ungelinjen", "https://www.kommune.dk/ung", ForWhom.PUPILS),
    HelpLine("Forældrelinjen", "hjaelp@kommune.dk", ForWhom.PARENTS),
]


def rows(lines) -> dict[str, str]:
    found = {}
    for place in range(1, 6):
        one = lines[place - 1] if place <= len(lines) else HelpLine("", "")
        found |= {f"navn_{place}": one.name, f"kontakt_{place}": one.contact}
        found[f"hvem_{place}"] = one.for_whom.value
    return found


def test_help_lines_stand_in_the_letter_and_the_guide(desk, stores):
    assert post(desk, "hjaelp", **rows(LINES)).status_code == 303
    assert kommune.help_lines(stores.archive) == LINES
    letter = desk.get("/laerer/saet/7a/brev").text
    assert "SSP-huset: 12 34 56 78" in letter
    assert "hjaelp@kommune.dk (for forældre)" in letter
    guide = desk.get("/laerer/saet/7a/vejledning").text
    assert "SSP-huset 12 34 56 78" in guide
    assert "Forældrelinjen" not in guide
    assert "Forældrelinjen" in desk.get("/laerer/saet/f7/vejledning").text
    assert "Ungelinjen" not in desk.get("/laerer/saet/f7/vejledning").text
    assert actions(stores)[0] == "help lines"


def test_help_lines_stand_where_a_pupil_begins_and_ends(app, stores, desk):
    kommune.set_help_lines(stores.archive, LINES)
    room = open_room(app, stores)
    promise = app.test_client().get(f"/Q/{room.now().join_secret}").text
    assert '<a href="tel:12345678">12 34 56 78</a>' in promise
    assert "Ungelinjen" in promise
    assert "Forældrelinjen" not in promise
    pupil = room.pupil()
    room.press("opvarmning")
    room.press("spoergsmaal")
    while 'name="tema"' in pupil.get("/svar").text:
        answer_one(pupil)
    thanks = pupil.get("/svar").text
    assert '<a href="tel:12345678">12 34 56 78</a>' in thanks
    assert "116 111" in thanks


def test_five_long_lines_keep_pupils_pages_within_one_round_trip(app, stores):
    # Hex digits of a hash hardly get smaller when they are compressed.
    odd = [hashlib.sha512(bytes([place])).hexdigest() for place in range(10)]
    kommune.set_help_lines(
        stores.archive,
        [HelpLine(odd[one][:60], odd[one + 5][:80]) for one in range(5)],
    )
    room = open_room(app, stores, present="30")
    promise = f"/Q/{room.now().join_secret}"
    assert first_load(app.test_client(), promise) <= 14_336
    pupil = room.pupil()
    room.press("opvarmning")
    room.press("spoergsmaal")
    while 'name="tema"' in pupil.get("/svar").text:
        answer_one(pupil)
    assert first_load(pupil, "/svar") <= 14_336


def test_an_empty_row_is_none_and_the_others_move_up(desk, stores):
    post(desk, "hjaelp", **rows([HelpLine("", ""), LINES[0]]))
    assert kommune.help_lines(stores.archive) == LINES[:1]
    post(desk, "hjaelp", **rows([]))
    assert kommune.help_lines(stores.archive) == []


@pytest.mark.parametrize(
    ("name", "contact", "says"),
    [
        ("SSP", "", "Skriv nummer eller adresse i linje 1 også"),
        ("", "12345678", "Skriv navnet i linje 1 også"),
        ("SSP", "12", "Linje 1: Skriv et telefonnummer"),
        ("SSP", "12-34-56", "Linje 1: Skriv et telefonnummer"),
        ("SSP", "http://kommune.dk", "Linje 1: Skriv en netadresse"),
        ("SSP", "javascript://x", "Linje 1: Skriv en netadresse"),
        ("SSP", "a@b", "Linje 1: Skriv en e-mail"),
        ("<b>", "12345678", "Linje 1: Skriv uden"),
        ("S" * 61, "12345678", "Linje 1: Skriv højst 60 tegn"),
        ("SSP", "a" * 81, "Linje 1: Skriv højst 80 tegn"),
        ("S\u202eP", "12345678", "usynlige tegn"),
    ],
)
def test_a_line_that_cannot_be_right_is_told(desk, stores, name, contact, says):
    answer = post(desk, "hjaelp", **rows([HelpLine(name, contact)]))
    assert answer.status_code == 422
    assert says in answer.text
    assert kommune.help_lines(stores.archive) == []


@pytest.mark.parametrize(
    "contact",
    ["112", "116 111", "+45 12345678", "ssp@kommune.dk", "Torvet 1, Store Heddinge"],
)
def test_contacts_that_are_good(contact):
    assert help_lines.contact_fault(contact) == ""


def test_guide_and_reminder_name_whom_the_kommune_has_named(desk, stores):
    schools.add(stores.archive, ["Åskolen"])
    paths = ("/laerer/saet/7a/vejledning", "/konsulent/skoler/1/paamindelse")
    for path in paths:
        assert "SSP-konsulent" in desk.get(path).text
    kommune.fill_in(stores.archive, {"contact": "SSP-sekretariatet"})
    for path in paths:
        assert "SSP-sekretariatet" in desk.get(path).text


# --- address --------------------------------------------------------------------------


@pytest.fixture
def free(tmp_path, clock):
    """An application whose settings name no address."""
    return create_app(tmp_path, clock=clock, LOCAL_URL="http://192.168.1.20:8000")


def test_address_is_tried_kept_and_used(free, stores):
    desk = sign_in(free, stores, "k@example.dk", Role.CONSULTANT)
    assert "Fundet af serveren" in desk.get(f"{HOME}/adresse").text
    tried = post(desk, "adresse", adresse="https://ny.example.dk/", trin="proev")
    assert "https://ny.example.dk" in tried.text
    assert kommune.public_address(stores.archive) == ""
    kept = post(desk, "adresse", adresse="https://ny.example.dk/", trin="gem")
    assert kept.status_code == 303
    assert kommune.public_address(stores.archive) == "https://ny.example.dk"
    assert "ny.example.dk/dine-data" in desk.get("/laerer/saet/7a/brev").text
    assert actions(stores)[0] == "address"
    # The way in stays where it was: no cookie is bound to what was typed.
    assert "Secure" not in free.test_client().get("/log-ind").headers["Set-Cookie"]
    assert free.test_client().get("/").headers["Set-Cookie"].startswith("plads=")
    post(desk, "adresse", adresse="", trin="gem")
    assert "192.168.1.20:8000/dine-data" in desk.get("/laerer/saet/7a/brev").text


def test_host_header_is_no_address(free, stores):
    desk = sign_in(free, stores, "k@example.dk", Role.CONSULTANT)
    for path in (f"{HOME}/adresse", "/laerer/saet/7a/brev"):
        page = desk.get(path, headers={"Host": "localhost", "X-Forwarded-Host": "evil"})
        assert "evil" not in page.text


def test_only_a_name_that_the_server_answers_to_is_kept(free, stores):
    desk = sign_in(free, stores, "k@example.dk", Role.CONSULTANT)
    free.config["TRUSTED_HOSTS"] = ["localhost", ".kommune.dk"]
    answer = post(desk, "adresse", adresse="https://andre.example.dk", trin="gem")
    assert answer.status_code == 422
    assert "Serveren svarer kun på localhost, .kommune.dk" in answer.text
    assert kommune.public_address(stores.archive) == ""
    answer = post(desk, "adresse", adresse="https://pejling.kommune.dk", trin="gem")
    assert answer.status_code == 303
    # Where classes are sent to can be read afterwards, and by whom it was changed.
    entry = staff_log.find(stores.archive, actions=["address"])[0]
    assert (entry.email, entry.touched) == (
        "k@example.dk",
        "https://pejling.kommune.dk",
    )


def test_setting_of_the_server_wins(desk, stores):
    kommune.set_public_address(stores.archive, "https://typed.example.dk")
    page = desk.get(f"{HOME}/adresse").text
    assert "Sat af it" in page
    assert "typed.example.dk" not in page
    answer = post(desk, "adresse", adresse="https://ny.example.dk", trin="gem")
    assert answer.status_code == 422
    assert "kan ikke ændres her" in answer.text
    assert kommune.public_address(stores.archive) == "https://typed.example.dk"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("pejling.kommune.dk", "Begynd med https://"),
        ("ftp://pejling.kommune.dk", "Begynd med https://"),
        ("javascript:alert(1)", "Begynd med https://"),
        ("http://pejling.kommune.dk", "Uden kryptering"),
        ("http://8.8.8.8", "Uden kryptering"),
        ("https://a:b@kommune.dk", "uden brugernavn"),
        ("https://kommune.dk@evil.dk", "uden brugernavn"),
        ("https://kommune.dk/pejling", "kun værtsnavnet"),
        ("https://kommune.dk//", "kun værtsnavnet"),
        ("https://kommune.dk?a=1", "kun værtsnavnet"),
        ("https://kommune.dk?", "kun værtsnavnet"),
        ("https://kommune.dk#", "kun værtsnavnet"),
        ("https://", "Begynd med https://"),
        ("https://:443", "ikke et værtsnavn"),
        ("https://kommune.dk:", "ikke et værtsnavn"),
        ("https://kommune.dk:0", "ikke et værtsnavn"),
        ("https://kommune.dk:99999", "ikke et værtsnavn"),
        ("https://kommune..dk", "ikke et værtsnavn"),
        ("https://-kommune.dk", "ikke et værtsnavn"),
        ("https://køge.dk", "ikke et værtsnavn"),
        ("https://kom mune.dk", "ikke et værtsnavn"),
        ("https://kommune.dk\\@evil.dk", "uden brugernavn"),
        ("https://1.2.3", "ikke et værtsnavn"),
        ("https://[::1", "ikke et værtsnavn"),
        ("https://" + "a" * 80 + ".dk", "højst 80 tegn"),
    ],
)
def test_address_that_cannot_be_right_is_told(free, stores, typed, says):
    desk = sign_in(free, stores, "k@example.dk", Role.CONSULTANT)
    for step in ("gem", "proev"):
        answer = post(desk, "adresse", adresse=typed, trin=step)
        assert answer.status_code == 422
        assert says in answer.text
    assert kommune.public_address(stores.archive) == ""


@pytest.mark.parametrize(
    "address",
    [
        "https://pejling.kommune.dk",
        "https://pejling.kommune.dk:8443",
        "https://xn--kge-0na.dk",
        "http://localhost:8000",
        "http://127.0.0.1:8000",
        "http://192.168.1.20:8000",
        "http://10.0.0.5",
        "http://pejling.local",
        "http://[::1]:8000",
    ],
)
def test_addresses_that_are_good(address):
    assert public_address.fault(address) == ""


# --- languages ------------------------------------------------------------------------


def test_english_is_offered_until_it_is_switched_off(app, stores, desk):
    room = open_room(app, stores)
    promise = f"/Q/{room.now().join_secret}"
    ways = (promise, "/laerer/saet/7a/brev", "/dine-data", "/was")
    for path in ways:
        assert "?sprog=en" in desk.get(path).text, path
    assert post(desk, "sprog").status_code == 303
    for path in ways:
        assert "?sprog=en" not in desk.get(path).text, path
        # The client of the tests would look for what was asked for.
        page = FlaskClient.open(desk, f"{path}?sprog=en").text
        assert '<html lang="da">' in page, path
        assert "offered in Danish only" in page, path
    word = desk.get("/laerer/saet/7a/brev.docx?sprog=en")
    assert 'filename="brev-7a.docx"' in word.headers["Content-Disposition"]
    assert actions(stores)[0] == "languages"
    post(desk, "sprog", engelsk="y")
    assert '<html lang="en">' in desk.get("/dine-data?sprog=en").text


# --- roed acts ------------------------------------------------------------------------

DECIDED = {"besluttet_af": "SSP-styregruppen", "vurderet": "y", "grundlag": "y"}
OPEN = "/laerer/ny/11/p3"
ROED = "spurgt_om_konto"  # p3 asks it of those in youth education
OWN = "Er du selv blevet bedt om at låne din konto ud"


def open_p3(teacher, present: str, *more: str):
    """Open p3 with its core items and more, accepting what the method says to it."""
    page = teacher.get(OPEN)
    core = re.findall(r'<input checked[^>]*name="items"[^>]*value="(\w+)"', page.text)
    fields = {
        "csrf_token": token_of(page),
        "items": [*core, *more],
        "school": "Åskolen",
        "letter": "A",
        "present": present,
        "mode": "skaerm",
        "pacing": "samlet",
    }
    answer = teacher.post(OPEN, data=fields)
    told = re.search(r'name="told"[^>]*value="([^"]+)"', answer.text)
    if told:
        accept = {"accept": "y", "told": html.unescape(told.group(1))}
        answer = teacher.post(OPEN, data=fields | accept)
    return answer


@pytest.fixture
def teacher(app, stores):
    schools.add(stores.archive, ["Åskolen"])
    return sign_in(app, stores, "t@example.dk", Role.TEACHER)


def test_roed_own_item_cannot_be_chosen_until_the_kommune_has_decided(teacher, desk):
    page = teacher.get(OPEN).text
    assert f'value="{ROED}"' not in page
    assert "når kommunen har besluttet det" in page
    assert OWN not in desk.get("/laerer/saet/p3/brev").text
    answer = open_p3(teacher, "24", ROED)
    assert answer.status_code == 422
    assert "Et spørgsmål hører ikke til temaet" in answer.text


def test_roed_own_item_may_be_chosen_after_it_and_not_once_it_is_off(
    teacher, desk, stores
):
    assert post(desk, "roede", **DECIDED).status_code == 303
    assert "SSP-styregruppen" in desk.get(f"{HOME}/roede").text
    assert "SSP-styregruppen" in desk.get("/konsulent/konsekvensanalyse").text
    assert OWN in desk.get("/laerer/saet/p3/brev").text
    page = teacher.get(OPEN).text
    box = re.search(rf'<input[^>]*value="{ROED}"[^>]*>', page)
    assert box
    assert "kræver mindst 15 til stede" in page
    assert "checked" not in box[0]  # never chosen beforehand
    answer = open_p3(teacher, "24", ROED)
    assert answer.status_code == 303, answer.text
    session = archive.session(stores.archive, answer.location.rpartition("/")[2])
    assert ROED in session.triads
    entry = staff_log.find(stores.archive, actions=["roed on"])[0]
    assert (entry.email, entry.touched) == ("k@example.dk", "SSP-styregruppen")
    assert post(desk, "roede/fra").status_code == 303
    assert actions(stores)[0] == "roed off"
    assert f'value="{ROED}"' not in teacher.get(OPEN).text
    assert open_p3(teacher, "24", ROED).status_code == 422


def test_fourteen_present_cannot_be_asked_it(teacher, desk):
    post(desk, "roede", **DECIDED)
    answer = open_p3(teacher, "14", ROED)
    assert answer.status_code == 422
    assert "kræver mindst 15 til stede" in answer.text
    assert "Sådan kan I ikke begynde" in answer.text
    assert open_p3(teacher, "14").status_code == 303
    assert open_p3(teacher, "15", ROED).status_code == 303


@pytest.mark.parametrize(
    ("yes", "no", "value"),
    [
        (1, 13, None),  # 14 answers: withheld
        (0, 15, 1),  # none, one and two are alike
        (2, 13, 1),
        (3, 12, 3),
        (13, 2, 14),  # nearly all: n - 1
    ],
)
def test_own_answers_to_it_are_shown_from_fifteen_on_with_coded_ends(
    app, stores, yes, no, value
):
    session = builders.closed_class(
        stores,
        questions=app.config["LIBRARY"].sets["p3"],
        columns={"grade": 11},
        **{ROED: builders.tallies(ROED, yes, no)},
    )
    found = results.of_session(stores, session).item(ROED)
    if value is None:
        assert isinstance(found.own, Withheld)
    else:
        assert (found.own.value, found.own.n) == (value, yes + no)
    # Without a figure beside them, the guesses about all the others are not shown.
    assert found.others is None
    assert found.friends is None


@pytest.mark.parametrize(
    ("yes", "no", "is_shown"), [(0, 15, True), (2, 13, True), (1, 13, False)]
)
def test_the_teacher_reads_the_coded_number_or_none(
    app, stores, desk, yes, no, is_shown
):
    p3 = app.config["LIBRARY"].sets["p3"]
    warm_up = p3.triads[0]
    session = builders.closed_class(
        stores,
        questions=replace(p3, triads=(warm_up, p3.triad(ROED))),
        columns={"grade": 11},
        **{
            warm_up.id: builders.tallies(warm_up.id, 5, 10),
            ROED: builders.tallies(ROED, yes, no),
        },
    )
    page = desk.get(f"/laerer/{session.id}").text
    # None, one and two who said yes are told in the same words.
    assert ("Mindst 13 ud af 15 svarede ikke ja" in page) == is_shown
    assert ("for få svar" in page) != is_shown


def test_it_is_for_youth_education_only_whatever_a_set_says(app):
    youth = app.config["LIBRARY"].sets["p3"]
    school = app.config["LIBRARY"].sets["9a"]
    for opted_in in (False, True):
        may = selection.may_ask_own_roed(youth, 11, opted_in=opted_in)
        assert may is opted_in
    for grade in (9, 10, 11):
        assert not selection.may_ask_own_roed(school, grade, opted_in=True)
        pupils = replace(youth, audience=Audience.PUPILS)
        assert not selection.may_ask_own_roed(pupils, grade, opted_in=True)
    assert not selection.may_ask_own_roed(youth, 10, opted_in=True)


@pytest.mark.parametrize(
    ("missing", "says"),
    [
        ("besluttet_af", "hvem der har besluttet"),
        ("vurderet", "databeskyttelsesrådgiveren først"),
        ("grundlag", "artikel 9 og 10 først"),
    ],
)
def test_decision_needs_all_three(desk, stores, missing, says):
    given = {name: value for name, value in DECIDED.items() if name != missing}
    answer = post(desk, "roede", **given)
    assert answer.status_code == 422
    assert says in answer.text
    assert kommune.opt_in(stores.archive) is None
    assert actions(stores)[0] == "sign in"
