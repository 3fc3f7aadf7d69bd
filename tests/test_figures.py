"""The kommune's own figures: stored in batches, entered, taken back, beside a class."""

import io
import re
from dataclasses import replace
from itertools import pairwise

import builders
import pytest
from plotly import graph_objects
from room import Room, open_room, sign_in, token_of

from pejling import results
from pejling.domain.benchmarks import Level, shipped
from pejling.domain.content import figure_rows
from pejling.domain.disclosure import Omission
from pejling.domain.elsewhere import Place, Reason
from pejling.domain.sessions import Position, Step
from pejling.output import export, series
from pejling.storage import archive, figures, schools
from pejling.storage.accounts import Role

HEADER = "indikator;klassetrin;niveau;område;sæson;procent;antal;kilde"
ALCOHOL = "alcohol_last_30d;7;kommune;Stevns;2025/26;{};200;Ungeprofilen 2025/26"


EIGHTH = ALCOHOL.replace(";7;", ";8;")


def rows(*percents: str):
    text = "\n".join([HEADER, *map(ALCOHOL.format, percents)])
    reading = figure_rows.read_text(text, 2026)
    assert not reading.faults
    return reading.rows


def percents(stores) -> list[float]:
    return [one.percent for one in figures.everything(stores.archive)]


# --- storage --------------------------------------------------------------------------


def test_later_batch_stands_in_front_and_goes_again(stores):
    first = figures.add(stores.archive, rows("12"), "a.csv", "2026-09-01", None)
    second = figures.add(stores.archive, rows("14"), "b.csv", "2026-10-01", None)
    assert percents(stores) == [14]
    assert list(figures.keys(stores.archive).values()) == [14]
    assert [(one.name, one.count) for one in figures.batches(stores.archive)] == [
        ("b.csv", 1),
        ("a.csv", 1),
    ]
    figures.take_back(stores.archive, second)
    assert percents(stores) == [12]
    figures.take_back(stores.archive, first)
    assert percents(stores) == []
    with pytest.raises(figures.NoSuchBatch):
        figures.take_back(stores.archive, first)


def test_figure_comes_back_as_it_was_entered(stores):
    (row,) = rows("12,5")
    figures.add(stores.archive, [row], "a.csv", "2026-09-01", None)
    assert figures.rows(stores.archive) == [row]
    (figure,) = figures.about(stores.archive, {"alcohol_last_30d", "vape_ever"})
    assert figure.is_own
    assert (figure.percent, figure.grades, figure.level) == (
        12.5,
        (7, 7),
        Level.KOMMUNE,
    )
    assert figure.population == "7. årgang"
    assert figures.about(stores.archive, {"vape_ever"}) == []


def test_batch_with_a_bad_row_leaves_nothing(stores):
    good, same = rows("12")[0], rows("14")[0]
    with pytest.raises(Exception, match="UNIQUE"):
        figures.add(stores.archive, [good, same], "a.csv", "2026-09-01", None)
    assert figures.batches(stores.archive) == []


# --- entering -------------------------------------------------------------------------


@pytest.fixture
def desk(app, stores):
    return sign_in(app, stores, "ssp@example.dk", Role.CONSULTANT)


def look(desk, **values):
    page = desk.get("/konsulent/tal")
    return desk.post(
        "/konsulent/tal/gennemse",
        data={"csrf_token": token_of(page), **values},
        content_type="multipart/form-data",
    )


def send_file(desk, text: str):
    """A file of any size, without the file that the test client would make of it."""
    token = token_of(desk.get("/konsulent/tal"))
    head = "--x\r\nContent-Disposition: form-data; name="
    body = (
        f'{head}"csrf_token"\r\n\r\n{token}\r\n'
        f'{head}"fil"; filename="tal.csv"\r\n\r\n{text}\r\n--x--\r\n'
    )
    return desk.post(
        "/konsulent/tal/gennemse",
        data=body.encode(),
        content_type="multipart/form-data; boundary=x",
    )


def upload(text: str, name: str = "tal.csv", encoding: str = "cp1252"):
    return (io.BytesIO(text.encode(encoding)), name)


def keep(desk, preview):
    found = re.search(r'name="tabel" value="([^"]*)"', preview.text)
    data = {
        "csrf_token": token_of(preview),
        "navn": "tal.csv",
        "tabel": found.group(1).replace("&#34;", '"').replace("&amp;", "&"),
    }
    return desk.post("/konsulent/tal/gem", data=data)


def test_file_is_looked_through_and_kept(desk, stores):
    figures.add(stores.archive, rows("14"), "før", "2026-09-01", None)
    text = "\r\n".join([HEADER, ALCOHOL.format("12,5"), EIGHTH.format("9")])
    preview = look(desk, fil=upload(text))
    assert preview.status_code == 200
    assert "træder i stedet for 14 %" in preview.text
    assert ">nyt<" in preview.text
    assert "tal.csv: 2 tal" in preview.text
    assert percents(stores) == [14]
    assert keep(desk, preview).status_code == 303
    assert sorted(percents(stores)) == [9, 12.5]
    page = desk.get("/konsulent/tal")
    assert "tal.csv" in page.text
    (batch, _) = figures.batches(stores.archive)
    data = {"csrf_token": token_of(page), "portion": str(batch.id)}
    assert desk.post("/konsulent/tal/fortryd", data=data).status_code == 303
    assert percents(stores) == [14]
    assert desk.post("/konsulent/tal/fortryd", data=data).status_code == 404


def test_pressing_twice_keeps_one_batch(desk, stores):
    preview = look(desk, fil=upload(f"{HEADER}\n{ALCOHOL.format('12')}"))
    assert keep(desk, preview).status_code == 303
    assert keep(desk, preview).status_code == 303
    assert len(figures.batches(stores.archive)) == 1


def test_rows_that_were_typed(desk, stores):
    typed = {
        "r0-indicator_id": "alcohol_last_30d",
        "r0-grade": "7",
        "r0-area_type": "kommune",
        "r0-area_name": "Stevns",
        "r0-season": "2025/26",
        "r0-percent": "12,5",
        "r0-source_title": "Ungeprofilen",
        "r1-area_type": "kommune",
    }
    preview = look(desk, **typed)
    assert preview.status_code == 200, preview.text
    keep(desk, preview)
    assert percents(stores) == [12.5]


def test_table_that_was_pasted(desk, stores):
    preview = look(desk, indsat=f"{HEADER}\n{ALCOHOL.format('12')}".replace(";", "\t"))
    keep(desk, preview)
    assert percents(stores) == [12]


def test_faults_are_told_and_nothing_is_written(desk, stores):
    text = "\n".join([HEADER, ALCOHOL.format("12"), EIGHTH.format("101")])
    answer = look(desk, fil=upload(text))
    assert answer.status_code == 422
    assert "Der er ikke gemt noget" in answer.text
    assert "Linje 3, procent ”101”" in answer.text
    typed = look(desk, **{"r0-indicator_id": "vape", "r0-grade": "7"})
    assert 'value="vape"' in typed.text
    assert percents(stores) == []


def test_markup_in_a_cell_is_words(desk):
    answer = look(desk, fil=upload(f"{HEADER}\n<script>alert(1)</script>;7"))
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_shares_are_asked_about_once(desk, stores):
    text = f"{HEADER}\n{ALCOHOL.format('0,5')}"
    answer = look(desk, indsat=text)
    assert answer.status_code == 422
    assert 'name="smaa"' in answer.text
    preview = look(desk, indsat=text, smaa="1")
    keep(desk, preview)
    assert percents(stores) == [0.5]


def test_large_table_and_one_that_is_too_large(desk, stores):
    many = "\n".join(
        ALCOHOL.format("12").replace("Stevns", f"Område {one}") for one in range(5000)
    )
    preview = send_file(desk, f"{HEADER}\n{many}")
    assert preview.status_code == 200
    assert "Og 4800 rækker til" in preview.text
    assert keep(desk, preview).status_code == 303
    assert len(percents(stores)) == 5000
    assert send_file(desk, "x" * 9_000_000).status_code == 413


def test_elsewhere_a_request_stays_small(desk):
    page = desk.get("/konsulent/")
    data = {"csrf_token": token_of(page), "schools": "x" * 100_000}
    assert desk.post("/konsulent/skoler", data=data).status_code == 413


def test_only_consultants_enter(app, stores):
    teacher = sign_in(app, stores, "l@example.dk", Role.TEACHER)
    board = sign_in(app, stores, "s@example.dk", Role.BOARD)
    assert teacher.get("/tal").status_code == 200
    assert "Skriv kommunens tal ind" not in teacher.get("/tal").text
    for path in (
        "/konsulent/tal",
        "/konsulent/tal/egne.csv",
        "/konsulent/tal/skabelon.csv",
    ):
        assert teacher.get(path).status_code == 403
        assert board.get(path).status_code == 403
    assert board.get("/tal").status_code == 403
    assert app.test_client().get("/tal").status_code == 303


def test_template_and_own_figures_as_files(desk, stores):
    answer = desk.get("/konsulent/tal/skabelon.csv")
    assert not figure_rows.read_file(answer.data, 2026).faults
    figures.add(stores.archive, rows("12,5"), "a.csv", "2026-09-01", None)
    own = desk.get("/konsulent/tal/egne.csv")
    assert list(figure_rows.read_file(own.data, 2026).rows) == list(rows("12,5"))


def test_all_figures_with_their_sources(desk, stores):
    figures.add(stores.archive, rows("12,5"), "a.csv", "2026-09-01", None)
    page = desk.get("/tal").text
    assert "Den Europæiske Rusmiddelundersøgelse (ESPAD) 2019" in page
    assert "kommunens eget" in page
    assert "Intet tal endnu" in page
    seventh = desk.get("/tal?aargang=7").text
    assert "12,5 %" in seventh
    assert "Har været fuld inden for den seneste måned" not in seventh
    for nonsense in ("x", "99", "-1", "%C3%A6"):
        assert desk.get(f"/tal?aargang={nonsense}&tema=x").status_code == 200


# --- over the years -------------------------------------------------------------------


def test_years_of_one_population_are_a_line():
    found = series.lines([one for one in shipped() if one.indicator == "cannabis_ever"])
    assert found[0].name == "9. klasse (15-16-årige), Danmark"
    assert found[0].points == [(2011, 18.0), (2015, 12.0), (2019, 17.0)]
    drawn = series.draw(found)
    graph_objects.Figure(data=drawn["data"], layout=drawn["layout"])
    assert drawn["data"][0]["y"] == [18.0, 12.0, 17.0]
    assert "2015 12 %" in series.describe(found)
    with pytest.raises(ValueError, match="no series"):
        series.draw([])


def test_names_of_lines_do_not_lie_on_each_other():
    many = [
        series.Line(f"Sted {one}", [(2020, 10.0), (2024, 10.0 + one / 10)])
        for one in range(9)
    ]
    drawn = series.draw(many)
    assert len(drawn["data"]) == series.MOST
    at = sorted(one["y"] for one in drawn["layout"]["annotations"])
    per_px = drawn["layout"]["yaxis"]["range"][1] / (430 - 76)
    assert min(b - a for a, b in pairwise(at)) >= 35 * per_px


def test_no_line_of_one_sex_of_beliefs_or_of_a_school(stores):
    for indicator in {one.indicator for one in shipped()}:
        mine = [one for one in shipped() if one.indicator == indicator]
        for line in series.lines(mine):
            assert len(line.points) > 1
    odd = [
        replace(one, is_for_all=False) for one in shipped() if one.year in (2015, 2019)
    ]
    assert series.lines(odd) == []


def test_page_of_an_indicator(app, desk, stores):
    page = desk.get("/tal/cannabis_ever")
    assert "data-figure=" in page.text
    assert "9. klasse (15-16-årige), Danmark: 2011 18 %" in page.text
    assert "/tal/cannabis_ever" in desk.get("/tal").text
    assert "data-figure=" not in desk.get("/tal/shoplift_12m").text
    assert desk.get("/tal/findes_ikke").status_code == 404
    assert app.test_client().get("/tal/cannabis_ever").status_code == 303


# --- beside a class -------------------------------------------------------------------


def risk(**changes):
    return builders.a_question_set(
        builders.WARM_UP,
        builders.a_triad(
            "alkohol",
            "har drukket alkohol",
            facit="ungeprofil",
            indikator="alcohol_last_30d",
            **changes,
        ),
        builders.ATTITUDE,
    )


def a_class(stores, yes: int, n: int = 24):
    return builders.closed_class(
        stores,
        present=n,
        questions=risk(),
        alkohol=builders.tallies("alkohol", yes, n - yes),
    )


def beside(stores, session):
    return results.of_session(stores, session).item("alkohol")


def test_class_without_a_figure_says_so(stores):
    found = beside(stores, a_class(stores, 3))
    assert found.elsewhere is None
    assert Step.ELSEWHERE not in found.steps


def test_class_with_the_kommunes_figure(stores):
    figures.add(stores.archive, rows("8"), "a.csv", "2026-09-01", None)
    found = beside(stores, a_class(stores, 3))
    assert found.elsewhere.is_shown
    assert found.elsewhere.place is Place.WITHIN
    assert found.steps.index(Step.ELSEWHERE) == found.steps.index(Step.SENTENCE) + 1


def test_figure_above_the_class_is_held_back_until_the_teacher_shows_it(stores):
    figures.add(stores.archive, rows("40"), "a.csv", "2026-09-01", None)
    session = a_class(stores, 3)
    found = beside(stores, session)
    assert found.elsewhere.reason is Reason.PULLS
    assert Step.ELSEWHERE not in found.steps
    mark = found.elsewhere.figure.mark
    archive.choose_elsewhere(stores.archive, session.id, "alkohol", mark, True)
    assert Step.ELSEWHERE in beside(stores, session).steps
    archive.choose_elsewhere(stores.archive, session.id, "alkohol", mark, False)
    assert not beside(stores, session).elsewhere.is_shown
    archive.choose_elsewhere(stores.archive, session.id, "alkohol", mark, True)
    figures.add(stores.archive, rows("80"), "b.csv", "2026-09-01", None)
    assert not beside(stores, session).elsewhere.is_shown


def test_ends_cannot_be_told_apart_beside_a_figure(stores):
    figures.add(stores.archive, rows("8"), "a.csv", "2026-09-01", None)
    for ends in ((0, 1, 2), (22, 23, 24)):
        seen = {str(beside(stores, a_class(stores, yes)).elsewhere) for yes in ends}
        assert len(seen) == 1


def test_left_out_behaviour_has_no_figure(stores):
    figures.add(stores.archive, rows("8"), "a.csv", "2026-09-01", None)
    session = a_class(stores, 3)
    archive.omit(stores.archive, session.id, "alkohol", Omission.NOT_SERIOUS)
    assert beside(stores, session).elsewhere is None


def test_wall_draws_the_figure_and_tells_its_source(client, stores):
    figures.add(stores.archive, rows("8"), "a.csv", "2026-09-01", None)
    session = a_class(stores, 3)
    at = replace(session, position=Position("alkohol", Step.ELSEWHERE))
    archive.move(stores.archive, session, at, builders.NOW)
    state = client.get(f"/tavle/{session.wall_key}/tilstand").json
    assert "I Stevns var det 8 ud af 100 i 2025." in state["html"]
    assert "I en klasse på 24 svarer det til cirka 2." in state["html"]
    assert (
        "De fleste klasser ligger mellem 0 og 5. I ligger på niveau." in state["html"]
    )
    assert "Kilde: Ungeprofilen 2025/26, 7. årgang." in state["html"]
    assert "8 ud af 100</td>" in state["html"]
    line = next(one for one in state["figure"]["data"] if one.get("uid") == "elsewhere")
    assert line["x"] == [1.92, 1.92]
    assert not any(one.get("uid") == "median" for one in state["figure"]["data"])


def test_file_of_the_class_names_the_figure(stores):
    figures.add(stores.archive, rows("8"), "a.csv", "2026-09-01", None)
    found = results.of_session(stores, a_class(stores, 3))
    text = export.csv(found).decode("utf-8-sig")
    assert "7. årgang, Stevns, 2025" in text
    assert "på niveau" in text


def test_print_of_the_class_names_the_figure(app, stores):
    figures.add(stores.archive, rows("8"), "a.csv", "2026-09-01", None)
    room: Room = open_room(app, stores)
    session = a_class(stores, 3)
    stores.archive.conn.execute("update session set owner = ?", [room.account.id])
    sheet = room.teacher.get(f"/laerer/{session.id}/ark").text
    assert "I Stevns var det 8 ud af 100 i 2025." in sheet
    assert "Kilde: Ungeprofilen 2025/26, 7. årgang." in sheet
    mark = beside(stores, session).elsewhere.figure.mark
    archive.choose_elsewhere(stores.archive, session.id, "alkohol", mark, False)
    assert "Stevns" not in room.teacher.get(f"/laerer/{session.id}/ark").text


def test_teacher_shows_and_holds_back_a_figure(app, stores):
    figures.add(stores.archive, rows("40"), "a.csv", "2026-09-01", None)
    room: Room = open_room(app, stores)
    n = builders.tallies("alkohol_30", 21, 3)
    others = {
        one: builders.tallies(one, 18, 6)
        for one in room.session.triads
        if one != "alkohol_30"
    }
    archive.store_closed(
        stores.archive,
        room.session.id,
        {"alkohol_30": n, **others},
        finish=builders.NOW,
    )
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "Andre steder: 40 ud af 100 (2025), ikke på tavlen" in page
    assert "trække jer den forkerte vej" in page
    assert "Se flere tal" in page
    assert "Andre steder: intet tal" in page
    assert room.press("andre-steder", item="alkohol_30", vis="1").status_code == 303
    page = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "Hold tallet tilbage" in page
    assert room.press("andre-steder", item="nej_tak", vis="1").status_code == 400
    assert room.press("andre-steder", item="x", vis="1").status_code == 400


def test_step_that_goes_while_it_is_shown_is_the_one_before(app, stores):
    figures.add(stores.archive, rows("8"), "a.csv", "2026-09-01", None)
    room: Room = open_room(app, stores)
    session = a_class(stores, 3)
    stores.archive.conn.execute("update session set owner = ?", [room.account.id])
    room.session = session
    at = replace(session, position=Position("alkohol", Step.ELSEWHERE))
    archive.move(stores.archive, session, at, builders.NOW)
    assert room.press("andre-steder", item="alkohol", vis="0").status_code == 303
    page = room.teacher.get(f"/laerer/{session.id}").text
    assert "På tavlen nu: Sætningen" in page
    seen = room.app.test_client().get(f"/tavle/{session.wall_key}").text
    assert "svarede ikke ja" in seen
    assert "Stevns" not in seen
    room.press("frem")
    assert room.now().position == Position("alkohol", Step.FIGURES)


def test_figures_of_a_school_are_for_its_own_teachers(app, stores):
    text = "alcohol_last_30d;7;skole;{};2025/26;25;60;Egen undersøgelse"
    table = "\n".join([HEADER, text.format("Åskolen"), text.format("Strandskolen")])
    reading = figure_rows.read_text(table, 2026)
    assert not reading.faults
    figures.add(stores.archive, reading.rows, "a.csv", "2026-09-01", None)
    found = beside(stores, a_class(stores, 3))
    assert found.elsewhere is None
    assert [one.area for one in found.figures if one.is_own] == ["Åskolen"]
    teacher = sign_in(app, stores, "l@example.dk", Role.TEACHER)
    assert "Strandskolen" not in teacher.get("/tal").text
    desk = sign_in(app, stores, "k@example.dk", Role.CONSULTANT)
    assert "Strandskolen" in desk.get("/tal").text


def test_batch_that_was_taken_back_does_not_give_its_number_to_another(stores):
    first = figures.add(stores.archive, rows("12"), "a.csv", "2026-09-01", None)
    figures.take_back(stores.archive, first)
    assert figures.add(stores.archive, rows("14"), "b.csv", "2026-09-01", None) != first


def test_rows_and_a_table_at_once_are_refused(desk, stores):
    table = f"{HEADER}\n{ALCOHOL.format('12')}"
    answer = look(desk, indsat=table, **{"r0-indicator_id": "alcohol_ever"})
    assert answer.status_code == 422
    assert "Send én ad gangen" in answer.text


def test_figures_of_several_kommuner_are_told(desk, stores):
    figures.add(stores.archive, rows("12"), "a.csv", "2026-09-01", None)
    faxe = ALCOHOL.format("9").replace("Stevns", "Faxe")
    preview = look(desk, indsat=f"{HEADER}\n{faxe}")
    assert "tal fra flere kommuner: Faxe, Stevns" in preview.text


# --- roed acts: a guess about the others, and the class's attitude --------------------

HASH = "cannabis_ever;7;land;;2025/26;{};5000;Ungeprofilen 2025/26"


def hash_rows(percent: str):
    return figure_rows.read_text(f"{HEADER}\n{HASH.format(percent)}", 2026).rows


def a_red_class(stores, yes: int = 3, n: int = 24, guess: int = 9):
    red = builders.RED | {"facit": "ungeprofil", "indikator": "cannabis_ever"}
    questions = builders.a_question_set(builders.WARM_UP, red, builders.ATTITUDE)
    counted = {
        "hash.andre": {guess: n},
        "hash.selv": {0: yes, 1: n - yes} if yes else {1: n},
    }
    return builders.closed_class(
        stores,
        present=n,
        questions=questions,
        dyr=builders.tallies("dyr", n // 2, n - n // 2),
        hash=(n, counted),
    )


def wall(client, stores, session, step: Step):
    now = archive.session(stores.archive, session.id)
    at = replace(now, position=Position("hash", step))
    archive.move(stores.archive, now, at, builders.NOW)
    return client.get(f"/tavle/{session.wall_key}/tilstand").json


def test_guess_about_the_others_is_held_against_the_figure(client, stores):
    figures.add(stores.archive, hash_rows("8"), "a.csv", "2026-09-01", None)
    session = a_red_class(stores)
    found = results.of_session(stores, session).item("hash")
    assert found.is_about_others
    assert found.elsewhere is None  # an attitude is not compared with an act
    assert (found.outside.facit.value, found.outside.facit.n) == (2, 24)
    assert found.steps == tuple(step for step in found.steps if step is not Step.ASKED)
    question = wall(client, stores, session, Step.QUESTION)
    assert "Hvor mange af alle de andre i 7. klasse har røget hash?" in question["html"]
    guesses = wall(client, stores, session, Step.GUESSES)
    assert "Det midterste gæt er 9." in guesses["html"]
    facit = wall(client, stores, session, Step.FACIT)
    assert "Cirka 2 ud af 24" in str(facit["figure"])
    assert "I de kommuner, der deltog, var det 8 ud af 100 i 2025." in facit["html"]
    sentence = wall(client, stores, session, Step.SENTENCE)["html"]
    assert "I gættede på 9." in sentence
    assert "Tallet svarer til cirka 2 ud af 24." in sentence
    last = wall(client, stores, session, Step.FIGURES)
    assert "synes, det er i orden at ryge hash" in last["html"]
    assert "3 af 24" in str(last["figure"])


def test_attitude_is_not_told_before_its_step(client, stores):
    figures.add(stores.archive, hash_rows("8"), "a.csv", "2026-09-01", None)
    seen = []
    for yes in (3, 9):
        session = a_red_class(stores, yes)
        states = [
            wall(client, stores, session, step)
            for step in (Step.QUESTION, Step.GUESSES, Step.FACIT, Step.SENTENCE)
        ]
        seen.append([(one["html"], one["figure"]) for one in states])
    assert seen[0] == seen[1]


def test_attitude_of_few_stays_unknown_and_the_guess_is_still_revealed(stores):
    figures.add(stores.archive, hash_rows("8"), "a.csv", "2026-09-01", None)
    found = results.of_session(stores, a_red_class(stores, n=12)).item("hash")
    assert found.can_show
    assert not found.hidden
    assert Step.FIGURES not in found.steps
    assert Step.SENTENCE in found.steps


def test_figure_above_the_guess_is_held_back(stores):
    figures.add(stores.archive, hash_rows("40"), "a.csv", "2026-09-01", None)
    found = results.of_session(stores, a_red_class(stores, guess=3)).item("hash")
    assert found.hidden
    figures.add(stores.archive, hash_rows("60"), "b.csv", "2026-09-01", None)
    found = results.of_session(stores, a_red_class(stores, guess=20)).item("hash")
    assert found.hidden


def test_without_a_figure_the_guess_is_nowhere(stores):
    found = results.of_session(stores, a_red_class(stores)).item("hash")
    assert not found.is_about_others
    assert (found.others, found.others_perceived, found.outside) == (None, None, None)
    assert found.steps == (Step.QUESTION, Step.FIGURES)


def test_roed_item_is_offered_only_with_a_figure(app, stores):
    teacher = sign_in(app, stores, "l@example.dk", Role.TEACHER)
    schools.add(stores.archive, ["Åskolen"])
    before = teacher.get("/laerer/ny/8/8a").text
    assert 'value="hash_nogensinde"' not in before
    rows = figure_rows.read_text(
        f"{HEADER}\n{HASH.replace(';7;', ';8;').format('5')}", 2026
    ).rows
    batch = figures.add(stores.archive, rows, "a.csv", "2026-09-01", None)
    page = teacher.get("/laerer/ny/8/8a")
    assert 'value="hash_nogensinde"' in page.text
    assert 'value="lattergas_nogensinde"' not in page.text
    figures.take_back(stores.archive, batch)
    values = {
        "csrf_token": token_of(page),
        "items": ["fuld_30", "hash_nogensinde", "sige_nej"],
        "school": "Åskolen",
        "letter": "A",
        "present": "24",
        "pacing": "samlet",
    }
    answer = teacher.post("/laerer/ny/8/8a", data=values)
    assert answer.status_code == 422
    assert "hører ikke til temaet" in answer.text


def test_teacher_reads_what_the_others_guess_is_held_against(app, stores):
    figures.add(stores.archive, rows("40"), "a.csv", "2026-09-01", None)
    found = beside(stores, a_class(stores, 3))
    assert found.outside.facit.value == 10
    assert found.others_perceived == 8
    assert not found.is_about_others


def test_whole_reveal_of_a_roed_item_over_http(app, stores):
    figures.add(stores.archive, hash_rows("8"), "a.csv", "2026-09-01", None)
    room: Room = open_room(app, stores)
    session = a_red_class(stores)
    stores.archive.conn.execute("update session set owner = ?", [room.account.id])
    page = room.teacher.get(f"/laerer/{session.id}").text
    assert "bliver ikke holdt op imod tallet" in page
    for path in ("ark", "plakater", "resultat.csv", "resultat.csv?form=komma"):
        answer = room.teacher.get(f"/laerer/{session.id}/{path}")
        assert answer.status_code == 200
    assert "8,0" in answer.text or ",8," in answer.text
