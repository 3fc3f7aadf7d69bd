"""The flow of a lesson, minute by minute, for the teacher's guide.

Source: docs/method.md, "The lesson": the talk is what works, so the flow keeps more
than half of the time for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pejling.domain.question_sets import Audience, QuestionSet
from pejling.domain.sessions import AGREEMENT, OVERVIEW, Kind, Session, Stage


class Phase(StrEnum):
    """What a part of the lesson is for."""

    FRAME = "frame"
    ANSWER = "answer"
    PAUSE = "pause"
    REVEAL = "reveal"
    TALK = "talk"
    AGREE = "agree"
    END = "end"


@dataclass(frozen=True)
class Part:
    """A part of the lesson: from minute to minute, what happens, and what to say."""

    start: int
    end: int
    phase: Phase
    title: str
    what: str
    say: str = ""

    @property
    def minutes(self) -> int:
        """How long it is meant to take."""
        return self.end - self.start


_Part = tuple[int, Phase, str, str, str]

_FRAME = (
    "Vi skal gætte om hinanden og se, hvor godt vi kender hinanden. Vi taler om tal, "
    "ikke om personer. Ingen skal fortælle, hvad de selv har svaret."
)
_ANSWER = (
    "Ingen kan se, hvad du svarer, heller ikke jeg. Gæt frit; det er ikke en prøve. Du "
    "må altid vælge Vil ikke svare."
)
_REVEAL = (
    "Her er jeres gæt. Hvad tror I? … Og her er tallet. Hvordan kan det være, at vi "
    "troede noget andet?"
)
_EFFECT = "Hvad gør det ved os, når vi tror, at alle andre gør det?"
_WISH = "Hvad kan vi gøre, så vi ikke kommer til at tro forkert om hinanden?"
_AGREE = "Hvilken sætning vil I gerne kunne se på væggen om en måned?"
_END = (
    "Tænkte du på noget svært undervejs, så kom til mig, eller gå til en, du stoler på."
)

_SHORT: tuple[_Part, ...] = (
    (
        6,
        Phase.FRAME,
        "Rammen og opvarmningen",
        "Regler, kode og det første, ufarlige gæt.",
        _FRAME,
    ),
    (
        8,
        Phase.ANSWER,
        "Alle svarer i stilhed",
        "Stå foran. Hjælp med ord, ikke med svar.",
        _ANSWER,
    ),
    (
        16,
        Phase.REVEAL,
        "To eller tre afsløringer",
        "Gæt, pause, facit, sætning, to og to.",
        _REVEAL,
    ),
    (
        12,
        Phase.TALK,
        "Samtale i grupper",
        "Hvorfor troede vi det? Hvad vil vi gerne have?",
        _WISH,
    ),
    (
        3,
        Phase.AGREE,
        "Aftale og afslutning",
        "Én eller to sætninger. Slut på noget godt.",
        _END,
    ),
)
_LONG: tuple[_Part, ...] = (
    (
        8,
        Phase.FRAME,
        "Rammen og opvarmningen",
        "Regler, kode og det første, ufarlige gæt.",
        _FRAME,
    ),
    (
        12,
        Phase.ANSWER,
        "Alle svarer i stilhed",
        "Stå foran. Hjælp med ord, ikke med svar.",
        _ANSWER,
    ),
    (
        5,
        Phase.PAUSE,
        "Stræk ben",
        "Læs fundene på din egen skærm, og vælg, hvad I viser.",
        "",
    ),
    (
        25,
        Phase.REVEAL,
        "Tre til fem afsløringer",
        "Gæt, pause, facit, sætning, to og to.",
        _REVEAL,
    ),
    (
        15,
        Phase.TALK,
        "Grupper: Hvorfor?",
        "Det synlige, pral, feeds, søskende, tavshed.",
        _EFFECT,
    ),
    (
        13,
        Phase.TALK,
        "Grupper: Hvad vil vi?",
        "Ønsker for klassen og for fritiden.",
        _WISH,
    ),
    (
        8,
        Phase.AGREE,
        "Klassens aftale",
        "To til fire sætninger, som klassen finder på.",
        _AGREE,
    ),
    (4, Phase.END, "Afslutning", "Var det ærligt? Hvad tager I med?", _END),
)
_MEETING: tuple[_Part, ...] = (
    (
        5,
        Phase.FRAME,
        "Rammen",
        "Hvorfor vi gætter om hinanden, og at svarene er anonyme.",
        "Vi taler om tal, ikke om familier. Ingen skal fortælle, hvad de selv svarer.",
    ),
    (
        8,
        Phase.ANSWER,
        "Alle svarer",
        "Opvarmningen først. Papir til dem, der ikke har en telefon.",
        "Svar for jeres eget hjem. I må altid vælge Vil ikke svare.",
    ),
    (
        20,
        Phase.REVEAL,
        "Afsløringer",
        "Tre eller fire, og gæt elevernes svar, hvis klassen har sagt ja.",
        _REVEAL,
    ),
    (
        20,
        Phase.TALK,
        "Samtale ved bordene",
        "Hvad er svært, og hvad vil vi hjælpe hinanden med?",
        "Hvad ville gøre det lettere at sige nej derhjemme?",
    ),
    (
        7,
        Phase.AGREE,
        "Forældrenes aftale",
        "To til fire sætninger, der kan holdes.",
        "Hvem må ringe til hvem, og om hvad?",
    ),
)


_FOLLOW_UP: tuple[_Part, ...] = (
    (
        1,
        Phase.FRAME,
        "Rammen",
        "Klassen kender reglerne; sig dem kort.",
        "Vi svarer på det samme som sidst og ser, hvad vi tror nu. Ingen skal "
        "fortælle, hvad de selv har svaret.",
    ),
    (3, Phase.ANSWER, "Alle svarer i stilhed", "Uden opvarmning på skærm.", _ANSWER),
    (
        4,
        Phase.REVEAL,
        "Sidst og nu",
        "Et emne eller to, og overblikket.",
        "Her er vores gæt fra sidst, og her er dem fra nu. Hvad lægger I mærke til?",
    ),
    (2, Phase.AGREE, "Holder vi den?", "Behold aftalen, eller skriv den om.", _AGREE),
)


def flow_of(session: Session) -> tuple[Part, ...]:
    """The parts of a session's lesson: ten minutes for a follow-up."""
    if session.kind is Kind.FOLLOW_UP:
        return _laid_out(_FOLLOW_UP)
    return flow(session.questions)


def flow(questions: QuestionSet) -> tuple[Part, ...]:
    """The parts of the lesson, which fill its minutes without a gap."""
    if questions.audience is Audience.PARENTS:
        parts = _MEETING
    elif questions.minutes == 45:
        parts = _SHORT
    else:
        parts = _LONG
    return _laid_out(parts)


def _laid_out(parts: Sequence[_Part]) -> tuple[Part, ...]:
    steps = []
    start = 0
    for minutes, phase, title, what, say in parts:
        steps.append(Part(start, start + minutes, phase, title, what, say))
        start += minutes
    return tuple(steps)


def place(session: Session, parts: Sequence[Part]) -> int:
    """Which part of its lesson a session has come to: a place in ``parts``."""
    phases = [one.phase for one in parts]
    return phases.index(next(one for one in _phases(session) if one in phases))


def _phases(session: Session) -> tuple[Phase, ...]:
    """What the session is at; the second where a lesson has no room for the first."""
    if session.stage in (Stage.LOBBY, Stage.WARM_UP):
        return (Phase.FRAME,)
    if session.stage is Stage.ANSWERING:
        return (Phase.ANSWER,)
    if session.position.item == AGREEMENT:
        return (Phase.AGREE,)
    if session.position.item == OVERVIEW:
        return (Phase.TALK,)
    return (Phase.REVEAL,) if session.position.item else (Phase.PAUSE, Phase.REVEAL)
