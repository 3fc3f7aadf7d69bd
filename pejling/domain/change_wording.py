"""Wording of before and after: no blame, no praise, no word of statistics.

"Kan ikke ses" is said with its reason (docs/method.md, "Before and after").
"""

from pejling.domain.follow_up import Change, Count, Verdict
from pejling.domain.question_sets import Audience
from pejling.domain.wording import number

SHORT = {
    Verdict.DOWN: "lavere end sidst",
    Verdict.UP: "højere end sidst",
    Verdict.UNSEEN: "kan ikke ses endnu",
}

DELETED = (
    "Den første pejling er slettet, så der er ikke noget at holde svarene op imod. "
    "Tallene vises som i en almindelig pejling."
)

NOTHING_COMPARED = (
    "Sidst og nu kan ikke stilles op ved siden af hinanden her: Der var for få svar en "
    "af gangene, eller spørgsmålet er udeladt."
)

HELD_BACK = "Er ikke på tavlen: Den ene af de to gange blev tallet holdt tilbage."


def headline(change: Change) -> str:
    """The one sentence under the picture, which has the numbers."""
    if not is_moved(change):
        return "I gætter det samme som sidst."
    if change.believed is Verdict.UNSEEN:
        return "Om det er en ændring, kan ikke ses endnu."
    return f"I gætter {SHORT[change.believed]}."


def guesses(change: Change) -> tuple[str, ...]:
    """The middle guess then and now, and whether it has moved, a sentence each."""
    before, after = perceived(change)
    told = f"Sidst gættede I på {before}. Nu gætter I på {after}."
    if not is_moved(change) and change.same_size:
        return (f"Sidst gættede I på {before}, og det gør I også nu.",)
    if not is_moved(change):
        return (told, "Det svarer til det samme.")
    return (told, headline(change))


def perceived(change: Change) -> tuple[str, str]:
    """Both middle guesses; with their denominators where these differ."""
    norms = (change.before.norms, change.after.norms)
    if change.same_size:
        return number(norms[0].perceived), number(norms[1].perceived)
    first, second = (f"{number(one.perceived)} ud af {one.present}" for one in norms)
    return first, second


def is_moved(change: Change) -> bool:
    """Whether the two middle guesses are told as different numbers."""
    return change.perceived_before != change.after.norms.perceived


def unseen(change: Change, audience: Audience = Audience.PUPILS) -> str:
    """Why a difference cannot be seen; "" where it can, or there is none."""
    if change.believed is not Verdict.UNSEEN or not is_moved(change):
        return ""
    group = "på et hold på" if audience is Audience.YOUTH else "i en klasse på"
    return (
        f"Forskellen er ikke større, end tilfældet kan give {group} {change.present}."
    )


def shares(change: Change) -> str:
    """Who guessed astray then and now, and whether that is fewer."""
    way = "for lavt" if change.asks_too_low else "for højt"
    before, after = change.astray_before, change.astray_after
    told = f"Sidst gættede {_of(before)} {way}, nu gør {_of(after)}."
    if change.astray is Verdict.DOWN:
        return f"{told} Det er færre."
    if change.astray is Verdict.UP:
        return f"{told} Det er flere."
    is_said = change.believed is Verdict.UNSEEN  # then so is that it cannot be seen
    is_same = before.value * after.n == after.value * before.n
    return told if is_said or is_same else f"{told} Den forskel kan ikke ses endnu."


def advice(change: Change) -> str:
    """What the teacher may say of it."""
    if change.believed is Verdict.UNSEEN:
        return (
            "Sig ikke, at det er gået frem eller tilbage: Med så få elever skal "
            "forskellen være stor, før den kan ses. Tal om gættet nu, og om aftalen."
        )
    if is_nearer(change):
        return (
            "Klassens billede er kommet tættere på tallet. Spørg: Hvad har gjort, at "
            "vi gætter anderledes nu?"
        )
    return (
        "Klassens billede er kommet længere fra tallet. Spørg uden bebrejdelse: Hvad "
        "har vi set og hørt siden sidst?"
    )


def is_nearer(change: Change) -> bool:
    """Whether the guess of now lies nearer to the number of now than that of then."""
    after = change.after.norms
    actual = after.actual.value * after.present / after.actual.n
    return abs(after.perceived - actual) < abs(change.perceived_before - actual)


def _of(count: Count) -> str:
    return f"{count.value} ud af {count.n}"
