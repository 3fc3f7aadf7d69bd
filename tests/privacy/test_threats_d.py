"""Threats d: what could be read from the difference of two numbers.

Of figures above the class there are pools: what the classes of one årgang answered to
one question in a school year, frozen when it is over. The auditor here knows how many
are in each class, and finds every count that fits what is published.
"""

import ast
import random
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import builders
import pytest
from builders import NO, NOW, YES, tallies
from everyone import Visitor, gather, look
from flask import Flask
from lessons import QUESTIONS, Answer, counts, lesson, prepare

from pejling.domain import pooling
from pejling.domain.disclosure import Omission, OwnCounts, code_ends
from pejling.domain.pooling import ClassAnswers
from pejling.domain.question_sets import HONESTY_ID
from pejling.domain.sessions import Session
from pejling.storage import archive, deletion, passed_on, year_end
from pejling.storage.connections import Stores

ROOT = Path(__file__).parents[2]

SET = builders.a_question_set(
    builders.WARM_UP,
    builders.RISK | {"facit": "kommunens_samlede_svar"},
    builders.ATTITUDE,
    builders.PROTECTIVE,
)
VAPE = SET.triad("vape")

Class = tuple[int, int]
"""How many said yes, and how many answered."""

WIDTH = 5
"""Counts that must be possible at least, for whoever knows all the sizes."""


def published(classes: Sequence[Class]) -> int | None:
    """The pool of these classes in per cent; None where there is none."""
    answers = [
        ClassAnswers(("Åskolen", 7, str(place)), 7, 0, VAPE, OwnCounts(yes, n - yes, 0))
        for place, (yes, n) in enumerate(classes)
    ]
    found = pooling.pooled(answers)
    return found[0].percent if found else None


@cache
def fitting(total: int) -> Mapping[int, range]:
    """Per cent -> every sum of coded counts, of so many answers, that gives it."""
    found: dict[int, list[int]] = {}
    for yes in range(total + 1):
        found.setdefault(pooling._percent(yes, total), []).append(yes)
    for counted in found.values():
        assert counted == list(range(counted[0], counted[-1] + 1))
    return {percent: range(all_[0], all_[-1] + 1) for percent, all_ in found.items()}


def within(counted: range, known: int, unknown: int) -> range:
    """What some pupils can have said, if the others said yes so often.

    :param counted: the counts that fit what is published of all of them.
    :param unknown: how many they are.
    """
    return range(max(counted[0] - known, 0), min(counted[-1] - known, unknown) + 1)


def kommuner(number: int) -> list[list[Class]]:
    """Classes made up by chance: of all sizes, about acts that are rare and common."""
    chance = random.Random(7)  # noqa: S311 - the same kommuner every time
    made = []
    while len(made) < number:
        share = chance.choice((0.02, 0.05, 0.1, 0.25, 0.5, 0.9))
        # Smaller ones see no number of their own, and are in no pool.
        sizes = [chance.randint(10, 28) for _ in range(chance.randint(3, 6))]
        made.append(
            [(sum(chance.random() < share for _ in range(n)), n) for n in sizes]
        )
    return made


# --- the auditor ----------------------------------------------------------------------


@pytest.mark.parametrize("total", range(60, 141, 5))
def test_d1_pool_leaves_every_class_five_counts(total: int):
    for counted in fitting(total).values():
        for size in range(5, int(pooling.LARGEST_CLASS * total) + 1):
            # The least and the most that this class can have said.
            low = max(counted[0] - (total - size), 0)
            high = min(counted[-1], size)
            assert high - low + 1 >= WIDTH


def test_d2_own_class_subtracted_leaves_five_counts_of_the_others():
    # Where the others said yes, and no, at least five times. At the very ends a class
    # with a high count of its own sees that there is nothing left for the others.
    audited = 0
    for classes in kommuner(10_000):
        total = sum(n for _, n in classes)
        percent = published(classes)
        if percent is None:
            continue
        counted = fitting(total)[percent]
        coded = [code_ends(yes, n).value for yes, n in classes]
        for own, (_, n) in zip(coded, classes, strict=True):
            others = sum(coded) - own
            left = within(counted, own, total - n)
            assert others in left
            if WIDTH <= others <= total - n - WIDTH:
                audited += 1
                assert len(left) >= WIDTH, (classes, percent)
    assert audited > 10_000


@pytest.mark.parametrize(
    "classes",
    [
        [(5, 40), (6, 40)],  # class A would have class B
        [(5, 61), (5, 20), (5, 20)],  # the largest nearly is the pool
        [(5, 19), (5, 20), (5, 20)],  # 59 answers
    ],
)
def test_d2_pool_of_too_few_is_not_made(classes: list[Class]):
    assert published(classes) is None


# --- over HTTP ------------------------------------------------------------------------


def close(stores: Stores, letter: str, yes: int, day: str = "2026-02-03") -> str:
    """A class of 24 that has answered "vape"; its session's id."""
    session = builders.closed_class(
        stores, questions=SET, vape=tallies("vape", yes, 24 - yes)
    )
    stores.archive["session"].update(session.id, {"letter": letter, "day": day})
    return session.id


def pools_page(app: Flask, stores: Stores, query: str = "") -> str:
    """Tal og kilder as a consultant reads it."""
    return look(gather(app, stores)[Visitor.CONSULTANT], f"/tal{query}")[1]


def test_d1_two_looks_at_the_pools_never_differ(app: Flask, stores: Stores):
    ids = [close(stores, *one) for one in zip("ABC", (4, 6, 8), strict=True)]
    year_end.freeze_last_year(stores, NOW)
    before = [pools_page(app, stores, query) for query in ("", "?aargang=7")]
    assert all("omkring 30 %" in page for page in before)
    # A class more, a class less, one that is left out, one that is asked again.
    close(stores, "D", 20)
    close(stores, "A", 20, day="2026-02-10")
    archive.omit(stores.archive, ids[1], "vape", Omission.NOT_SERIOUS)
    stores.archive.conn.execute("delete from session where id = ?", [ids[2]])
    year_end.freeze_last_year(stores, NOW)
    after = [pools_page(app, stores, query) for query in ("", "?aargang=7")]
    assert after == before
    # A filter shows the same rows or fewer, never other numbers.
    rows = [set(re.findall("<tr><td>omkring.+?</tr>", page, re.S)) for page in before]
    assert rows[0] == rows[1] != set()
    assert "lagt sammen" in before[0]
    assert "lagt sammen" not in pools_page(app, stores, "?aargang=8")


@pytest.mark.parametrize(
    ("again", "counts_as"),
    [("2026-02-20", [9, 6, 8]), ("2026-04-20", [4, 6, 8])],
    ids=["soon", "later"],
)
def test_d3_class_that_is_asked_again_is_in_a_pool_once(
    app: Flask, stores: Stores, again: str, counts_as: list[int]
):
    # Within 28 days the second time stands for the first; later it is a follow-up.
    for letter, yes in zip("ABC", (4, 6, 8), strict=True):
        close(stores, letter, yes)
    close(stores, "A", 9, day=again)
    year_end.freeze_last_year(stores, NOW)
    percent = published([(yes, 24) for yes in counts_as])
    page = pools_page(app, stores)
    assert f"omkring {percent} %" in page
    assert "3 klasser" in page


def test_d3_no_address_gives_the_first_run_once_there_is_a_second(
    app: Flask, stores: Stores
):
    browsers = gather(app, stores)
    runs = []
    for day, yes in (("2026-09-01", 5), ("2026-09-20", 6)):
        told = {"vape": tallies("vape", yes, 24 - yes)}
        runs.append(builders.closed_class(stores, columns={"day": day}, **told))
    first, second = runs
    for run, status in ((first, 404), (second, 200)):
        wall = browsers[Visitor.NOBODY].get(f"/tavle/{run.wall_key}/tilstand")
        assert wall.status_code == status
        for page in ("", "/ark", "/resultat.csv", "/plakater"):
            answer = browsers[Visitor.TEACHER].get(f"/laerer/{run.id}{page}")
            assert answer.status_code == status, page
    assert {one for one, *_ in counts(stores)} == {second.id}


# --- no way back ----------------------------------------------------------------------

TAKES_AWAY = re.compile(
    r"\bn\s*=\s*n\s*-|\bset\s+n\s*=(?!\s*printf\('%03d', n \+ 1\))"
    r"|delete\s+from\s+(mark|seat)\b|\bset\s+is_sent\s*=(?!\s*1\b)",
    re.IGNORECASE,
)


def test_d4_no_statement_takes_an_answer_back():
    found = [
        f"{path.name}: {node.value}"
        for path in (ROOT / "pejling").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and TAKES_AWAY.search(node.value)
    ]
    assert found == []


@pytest.mark.parametrize(
    "statement",
    [
        "update tally set n = printf('%03d', n - 1) where session = ?",
        "update tally set n = ? where item = ?",
        "delete from mark where token_hash = ?",
        "update mark set is_sent = 0 where token_hash = ?",
    ],
)
def test_d4_such_a_statement_would_be_found(statement: str):
    assert TAKES_AWAY.search(statement)


def test_d4_counters_only_grow_by_one_whatever_a_pupil_sends(tmp_path: Path):
    with lesson(prepare(tmp_path / "data", 6), "growing") as running:
        # The file itself refuses any other change, until a question is closed.
        running.stores.ballots.conn.execute(
            "create trigger only_grows before update on tally"
            " when cast(new.n as integer) <> old.n + 1"
            " begin select raise(abort, 'taken back'); end"
        )
        running.ask()
        for pupil in range(6):
            for triad in (*QUESTIONS, HONESTY_ID):
                running.send(pupil, triad, Answer(YES))
        before = counts(running.stores)
        for triad in (*QUESTIONS, HONESTY_ID):
            for step in ("send", "ret", "se", "slet", ""):
                form = running.form(0, triad, Answer(NO, 1, 1), step)
                assert running.pupils[0].post("/svar", data=form).status_code == 303
        for method in ("PUT", "PATCH", "DELETE"):
            form = running.form(0, "vape", Answer(NO, 1, 1))
            for path in ("/svar", "/faerdig", "/"):
                answer = running.pupils[0].open(path, method=method, data=form)
                assert answer.status_code == 405
        assert 'name="tema"' not in running.pupils[0].get("/svar").text
        assert counts(running.stores) == before
        assert set(before.values()) == {6}


# --- from older to younger ------------------------------------------------------------

PASSED = "ok_at_sige_nej"


def _both(stores: Stores, yes: int) -> tuple[Session, Session]:
    """A 7th class whose wall shows what a 9th passed on, ``yes`` of 24 in it."""
    found = []
    for grade, n in ((7, 12), (9, yes)):
        counted = tallies(PASSED, n, 24 - n, guesses={8: 24})
        session = builders.closed_class(
            stores, columns={"grade": grade}, **{PASSED: counted}
        )
        found.append(session)
    younger, older = found
    passed_on.pass_on(stores.archive, older.id, [PASSED], 1, NOW)
    passed_on.choose(stores.archive, younger.id, PASSED, (older.id, PASSED))
    where = {"item": PASSED, "step": "sentence"}
    stores.archive["session"].update(younger.id, where)
    return younger, older


def _line(app: Flask, younger: Session) -> str:
    page = app.test_client().get(f"/tavle/{younger.wall_key}").text
    found = re.search(r'note--older">([^<]+)<', page)
    return found.group(1) if found else ""


def test_d5_ends_look_alike_to_a_younger_class(app: Flask, stores: Stores):
    lines = set()
    for yes in (22, 23, 24):
        younger, older = _both(stores, yes)
        lines.add(_line(app, younger))
        for one in (younger, older):
            deletion.delete_session(stores.archive, one, 1, NOW)
    (line,) = lines
    assert line.endswith("Mindst 22 ud af 24 svarede ja.")
    # The årgang, and neither the class nor its session.
    assert line.startswith("En 9. klasse på skolen")
    assert "9.A" not in line


@pytest.mark.parametrize(
    ("changes", "yes", "n"),
    [
        ({"art": "adfaerd"}, 18, 24),
        ({"art": "oplevelse"}, 18, 24),
        ({"foelsomhed": "gul"}, 18, 24),
        ({"foelsomhed": "roed"}, 18, 24),
        ({"retning": "risiko"}, 14, 24),
        ({}, 10, 24),
        ({}, 12, 14),
    ],
)
def test_d5_only_attitudes_of_the_majority_can_be_passed_on(
    app: Flask, stores: Stores, changes: dict, yes: int, n: int
):
    # Past every form, and shown on the wall of its own class by its teacher.
    questions = builders.a_question_set(builders.WARM_UP, builders.ATTITUDE | changes)
    counted = tallies(PASSED, yes, n - yes, guesses={8: n})
    older = builders.closed_class(
        stores,
        present=n,
        questions=questions,
        columns={"grade": 9, "letter": "B"},
        **{PASSED: counted},
    )
    archive.choose(stores.archive, older.id, PASSED, True)
    younger, right = _both(stores, 18)
    assert _line(app, younger)
    deletion.delete_session(stores.archive, right, 1, NOW)
    passed_on.pass_on(stores.archive, older.id, [PASSED], 1, NOW)
    passed_on.choose(stores.archive, younger.id, PASSED, (older.id, PASSED))
    assert _line(app, younger) == ""


def test_d5_what_is_taken_back_or_held_back_is_gone_from_the_wall(
    app: Flask, stores: Stores
):
    younger, older = _both(stores, 18)
    assert "18 ud af 24 svarede ja." in _line(app, younger)
    archive.choose(stores.archive, older.id, PASSED, False)
    assert _line(app, younger) == ""
    archive.choose(stores.archive, older.id, PASSED, True)
    assert _line(app, younger)
    archive.omit(stores.archive, older.id, PASSED, Omission.MISREAD)
    assert _line(app, younger) == ""
    archive.omit(stores.archive, older.id, PASSED, None)
    assert _line(app, younger)
    passed_on.pass_on(stores.archive, older.id, [], 1, NOW)
    assert _line(app, younger) == ""


# --- two runs side by side ------------------------------------------------------------


def followed(stores: Stores) -> tuple[str, Session]:
    """The id of a first run, and a follow-up after one pupil has left."""
    first = builders.closed_class(stores, vape=tallies("vape", 3, 21, guesses={20: 24}))
    second = builders.closed_class(
        stores,
        present=23,
        columns={"kind": "opfoelgning", "day": "2026-11-09"},
        vape=tallies("vape", 4, 19, guesses={12: 23}),
    )
    link = {"session": second.id, "place": 0, "other": first.id}
    stores.archive["session_link"].insert(link)
    return first.id, archive.session(stores.archive, second.id)


def test_d6_follow_up_tells_nothing_of_the_own_answers_before(
    app: Flask, stores: Stores
):
    # 3 or 9 of 24 said yes the first time; all guessed 20, which is too high for both.
    browsers = gather(app, stores)
    first, second = followed(stores)
    paths = [f"/laerer/{second.id}{page}" for page in ("", "/resultat.csv", "/ark")]
    paths.append(f"/fjern/{second.id}")
    seen = []
    for yes in (3, 9):
        for option, n in ((YES, yes), (NO, 24 - yes)):
            stores.archive.conn.execute(
                "update counter set n = ? where session = ? and item = 'vape.selv'"
                " and option = ?",
                [n, first, option],
            )
        stores.archive["session"].update(second.id, {"item": "", "step": "question"})
        found = [look(browsers[Visitor.TEACHER], path) for path in paths]
        for item in ("vape", "*", "="):
            stores.archive["session"].update(
                second.id,
                {"item": item, "step": "figures" if item == "vape" else "question"},
            )
            wall = f"/tavle/{second.wall_key}"
            found += [
                look(browsers[Visitor.NOBODY], f"{wall}{page}")
                for page in ("", "/tilstand")
            ]
        seen.append(found)
    assert seen[0] == seen[1]
    text = "".join(body for _, body in seen[0])
    assert "Sidst gættede I på 20 ud af 24" in text
    assert "Sidst gættede 24 ud af 24 for højt" in text


def test_d6_follow_up_is_in_no_sum(app: Flask, stores: Stores):
    # Of three classes; the follow-up of a fourth stays out, its first run deleted too.
    for letter, yes in zip("ABC", (4, 6, 8), strict=True):
        close(stores, letter, yes)
    alone = close(stores, "D", 20)
    for letter in "AD":
        again = close(stores, letter, 22, day="2026-04-20")
        stores.archive["session"].update(again, {"kind": "opfoelgning"})
    stores.archive.conn.execute("delete from session where id = ?", [alone])
    year_end.freeze_last_year(stores, NOW)
    page = pools_page(app, stores)
    assert f"omkring {published([(4, 24), (6, 24), (8, 24)])} %" in page
    assert "3 klasser" in page
