"""A class and its parents from end to end, every number against what was sent."""

import re
from statistics import median

from room import Room, open_room, token_of
from test_meeting import open_meeting, release, wall_at

from pejling.domain.question_sets import HONESTY_ID, AnswerFormat
from pejling.storage import archive

PUPILS, PARENTS = 24, 19

# How many of 24 say yes, and what pupil number i guesses, by what the item is.
YES = {
    "fest_uden_alkohol": 19,
    "alkohol_30": 2,
    "skal_drikke_for_sjov": 5,
    "lov_hjemmefra": 0,
    "respekt_for_nej": 20,
    "fuld_nogensinde": 3,
    "okay_blaa_mandag": 16,
    "sagt_nej_tak": 15,
}


def guess_of(triad: str, pupil: int) -> int:
    """High for a risk, low for what is good; spread, so that a middle one is found."""
    high = YES[triad] < 12
    return (13 if high else 6) + pupil % 7


def option_of(questions, triad: str, says_yes: bool) -> str:
    """The first answer that counts as yes, or the first that counts as no."""
    frequency = questions.triad(triad).answer is AnswerFormat.FREQUENCY
    return "001" if says_yes == frequency else "000"


def send(browser, fields: dict[str, str]) -> None:
    page = browser.get("/svar")
    answer = browser.post("/svar", data={"csrf_token": token_of(page), **fields})
    assert answer.status_code == 303, answer.text


def asked(browser) -> str:
    found = re.search(r'name="tema"[^>]*value="(\w+)"', browser.get("/svar").text)
    return found.group(1) if found else ""


def run_class(room: Room) -> None:
    questions = room.session.questions
    browsers = room.pupils(PUPILS)
    room.press("opvarmning")
    for stage in ("spoergsmaal", "luk"):
        for pupil, browser in enumerate(browsers):
            while triad := asked(browser):
                fields = {"tema": triad, "trin": "send", "selv": "000"}
                if triad in YES:
                    # Another pupil each time is the first of those who say yes.
                    turn = (pupil + 7 * list(YES).index(triad)) % PUPILS
                    fields["selv"] = option_of(questions, triad, turn < YES[triad])
                    guess = f"{guess_of(triad, pupil):03d}"
                    fields |= {"andre": guess, "kammerater": guess}
                elif triad != HONESTY_ID:
                    fields |= {"andre": "012", "kammerater": "012"}
                send(browser, fields)
        room.press(stage)


def parent_guess(place: int, parent: int) -> int:
    return (4 * place + parent) % 21


def run_parents(room: Room) -> None:
    browsers = room.pupils(PARENTS)
    room.press("opvarmning")
    for stage in ("spoergsmaal", "luk"):
        for parent, browser in enumerate(browsers):
            while triad := asked(browser):
                fields = {"tema": triad, "trin": "send"}
                if triad.startswith("elever_"):
                    place = int(triad.removeprefix("elever_"))
                    fields["andre"] = f"{parent_guess(place, parent):03d}"
                else:
                    fields["selv"] = "000" if parent % 3 == 0 else "001"
                    if triad != HONESTY_ID:
                        fields |= {"andre": "005", "kammerater": f"{parent % 9:03d}"}
                send(browser, fields)
        room.press(stage)


def number(value: float) -> str:
    return f"{value:g}".replace(".", ",")


def told(yes: int) -> str:
    """What parents read of so many among 24, worked out once more."""
    if yes <= 2:
        return "Højst 2 ud af 20 svarede ja."
    if yes >= 22:
        return "Mindst 18 ud af 20 svarede ja."
    return f"Cirka {int(yes * 20 / 24 + 0.5)} ud af 20 svarede ja."


def test_a_class_of_24_and_19_parents(app, stores):
    room = open_room(app, stores)
    assert set(room.session.triads[1:]) == set(YES)
    run_class(room)
    the_class = room.session
    for triad, yes in YES.items():
        counted = archive.counters(stores.archive, the_class.id)
        own = counted[f"{triad}.selv"]
        assert sum(own.values()) == PUPILS
        option = int(option_of(the_class.questions, triad, True))
        assert own.get(option, 0) == yes, triad

    page = room.teacher.get(f"/laerer/{the_class.id}/foraeldre").text
    offered = re.findall(r'name="triade" value="(\w+)"', page)
    chosen = ("lov_hjemmefra", "okay_blaa_mandag", "skal_drikke_for_sjov", "alkohol_30")
    assert set(chosen) <= set(offered)
    assert release(room, the_class, *chosen).status_code == 303

    opened = open_meeting(room, present=str(PARENTS), classes=[the_class.id])
    room.session = archive.session(stores.archive, opened.location.rpartition("/")[2])
    run_parents(room)
    # Those that the parents' set names come first, then the order of the reveal.
    pupils = {
        one.id: one.pupils.rpartition("/")[2]
        for one in room.session.questions.triads
        if one.is_about_pupils
    }
    first = set(list(pupils.values())[:2])
    assert first == {"lov_hjemmefra", "okay_blaa_mandag"}
    assert set(pupils.values()) == set(chosen)
    for triad, of_class in pupils.items():
        place = int(triad.removeprefix("elever_"))
        parents = median(parent_guess(place, one) for one in range(PARENTS))
        middle = median(guess_of(of_class, one) for one in range(PUPILS)) * 20 / 24
        believed = int(middle * 2 + 0.5) / 2
        wall = wall_at(room, triad, 2)
        assert (
            f"I gættede på {number(parents)} ud af 20, børnene selv på "
            f"{number(believed)}."
        ) in wall, triad
        assert told(YES[of_class]) in wall, triad
    # The parents' own numbers are told like a class's: 7 of 19 said yes.
    lead = room.teacher.get(f"/laerer/{room.session.id}").text
    assert "7 ud af 19" in lead
    sheet = room.teacher.get(f"/laerer/{room.session.id}/ark").text
    assert "Forældrenes ark" in sheet
    assert told(0) in sheet
