"""The summary after the lesson: which findings may go home, and in which words.

Home goes what may hang on a wall as a poster, what the class knew already, and what it
thinks: told from the majority's side, in coded numbers. What the teacher shows in the
room against the advice stays there, where somebody can talk about it.
"""

from collections.abc import Mapping, Sequence

from pejling.domain import selection, wording
from pejling.domain.disclosure import Coding, Shown
from pejling.domain.elsewhere import Outside
from pejling.domain.findings import Branch
from pejling.domain.question_sets import Direction, Topic
from pejling.domain.revealed import Result, Results

MOST = 3
"""Findings in one summary: more is not read."""

Words = Mapping[str, str]
"""Language ("da" or "en") -> a text."""


class UnfitChoice(ValueError):
    """The findings cannot be chosen like this; the message says what to do."""


# --- which ----------------------------------------------------------------------------


def allowed(found: Results) -> list[Result]:
    """The results that may go home, the most telling first, led by a good surprise."""
    shown = [one for one in map(found.item, found.order) if one is not None]
    ranked = sorted(filter(may_leave_the_room, shown), key=_rank)
    good = [one for one in ranked if _branch(one) is Branch.MORE_THAN_THOUGHT][:1]
    return [*good, *(one for one in ranked if one not in good)]


def _branch(result: Result) -> Branch | None:
    return result.finding.branch if result.finding else None


def choose(found: Results, wanted: Sequence[str] | None) -> list[Result]:
    """The results of a choice, in the order of :func:`allowed`.

    :param wanted: triad ids; None for the first ``MOST``.
    :raises UnfitChoice: if there are too many, or one may not go home.
    """
    fitting = allowed(found)
    if wanted is None:
        return fitting[:MOST]
    if set(wanted) - {one.triad.id for one in fitting}:
        raise UnfitChoice(
            "Et af fundene kan ikke sendes hjem: det er holdt tilbage, eller det "
            "findes ikke. Vælg blandt dem, der står her."
        )
    if len(set(wanted)) > MOST:
        raise UnfitChoice(f"Vælg højst {MOST} fund. Flere bliver ikke læst.")
    return [one for one in fitting if one.triad.id in wanted]


def may_leave_the_room(result: Result) -> bool:
    """Whether a finding may be read where nobody is there to talk about it."""
    if result.hidden or result.advised_against:
        return False
    if result.is_about_others:
        return True
    if selection.asks_own_roed(result.triad):
        return False
    own, direction = result.own, result.triad.direction
    if not isinstance(own, Shown):
        return False
    if result.finding is None:
        # Alone: that few think the good thing would teach that it is rare.
        return direction is not Direction.PROTECTIVE or 2 * own.value >= own.n
    if result.finding.branch is Branch.OVERESTIMATE:
        # Of a shared experience it would say that one is rather alone with it.
        return direction is Direction.RISK
    return True


def _rank(result: Result) -> tuple[int, float]:
    norms, finding = result.norms, result.finding
    if result.is_about_others and result.outside is not None:
        norms, finding = result.outside.norms, result.outside.finding
    if norms is None or finding is None:
        return 2, 0.0
    is_known = finding.branch is Branch.AGREEMENT
    return int(is_known), -abs(norms.misperception)


# --- in which words -------------------------------------------------------------------


def told(result: Result, language: str) -> str:
    """An allowed finding as people at home read it, in a sentence or two."""
    if result.is_about_others and result.outside is not None:
        return _about_others(result.outside, language)
    own, norms, finding = result.own, result.norms, result.finding
    if not isinstance(own, Shown):
        raise ValueError(result.triad.id)
    if norms is None or finding is None:
        says_no = 2 * own.value < own.n and result.triad.direction is Direction.RISK
        return _ended(_capital(_majority(own, says_no, language)))
    answer = _majority(own, result.triad.direction is Direction.RISK, language)
    if finding.branch is Branch.AGREEMENT:
        return _ended(_SAYS["close"][language].format(answer=answer))
    guess = _out_of(norms.perceived, norms.present, language)
    how = "more" if finding.branch is Branch.MORE_THAN_THOUGHT else "fewer"
    said = _SAYS[how][language].format(guess=guess, answer=_capital(answer))
    return _ended(said)


_SAYS: Mapping[str, Words] = {
    "fewer": {
        "da": "Klassen gættede på {guess}. {answer}",
        "en": "The class guessed {guess}. {answer}",
    },
    "more": {
        "da": "Klassen gættede på {guess}. {answer}, og det er flere, end den troede",
        "en": "The class guessed {guess}. {answer}, more than it had thought",
    },
    "close": {
        "da": "Klassen gættede næsten rigtigt: {answer}",
        "en": "The class guessed nearly right: {answer}",
    },
    "others": {
        "da": "Klassen gættede på {guess}. {was}",
        "en": "The class guessed {guess}. The figure is about {facit}. {was}",
    },
}

_ANSWERS: Mapping[bool, Words] = {
    True: {"da": "svarede ikke ja", "en": "did not answer yes"},
    False: {"da": "svarede ja", "en": "answered yes"},
}

_CODED: Mapping[Coding, Words] = {
    Coding.LOW: {"da": "højst ", "en": "at most "},
    Coding.HIGH: {"da": "mindst ", "en": "at least "},
    Coding.EXACT: {"da": "", "en": ""},
}


def _majority(own: Shown, says_no: bool, language: str) -> str:
    """Who is told of: "mindst 22 ud af 24 svarede ikke ja"."""
    shown = _others(own) if says_no else own
    # Coded: 1 stands for 0 to 2, n - 1 for n - 2 to n.
    step = {Coding.LOW: 1, Coding.HIGH: -1}.get(shown.coding, 0)
    number = _out_of(shown.value + step, shown.n, language)
    return f"{_CODED[shown.coding][language]}{number} {_ANSWERS[says_no][language]}"


def _others(own: Shown) -> Shown:
    turned = {Coding.LOW: Coding.HIGH, Coding.HIGH: Coding.LOW}
    return Shown(own.n - own.value, own.n, turned.get(own.coding, Coding.EXACT))


def _about_others(found: Outside, language: str) -> str:
    facit = found.facit
    return _SAYS["others"][language].format(
        guess=_out_of(found.norms.perceived, found.norms.present, language),
        facit=_out_of(facit.value, facit.n, language),
        was=wording.on_paper(found),
    )


def _out_of(value: float, total: int, language: str) -> str:
    if language == "en":
        return f"{value:g} out of {total}"
    return f"{wording.number(value)} ud af {total}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ended(text: str) -> str:
    return text if text.endswith(".") else f"{text}."


# --- what to talk about ---------------------------------------------------------------


def questions(topic: Topic, language: str) -> list[str]:
    """What to talk about at home: for any theme, then for this one."""
    return [one[language] for one in (*_FOR_ALL, _FOR_TOPIC[topic])]


_FOR_ALL: Sequence[Words] = (
    {
        "da": "Hvad overraskede jer mest ved tallene?",
        "en": "What surprised you most about the numbers?",
    },
    {
        "da": "Hvorfor er det let at tage fejl af, hvad de andre gør og synes?",
        "en": "Why is it easy to be wrong about what the others do and think?",
    },
    {
        "da": "Hvad troede I voksne om de andre, da I selv var på den alder?",
        "en": "What did you grown-ups believe of the others when you were that age?",
    },
)

_FOR_TOPIC: Mapping[Topic, Words] = {
    Topic.WELLBEING: {
        "da": "Hvad gør en klasse til et rart sted at være?",
        "en": "What makes a class a good place to be?",
    },
    Topic.DIGITAL: {
        "da": "Hvad er det bedste ved at være sammen på nettet, og hvornår er det "
        "rart at holde fri?",
        "en": "What is best about being together online, and when is it good to have "
        "a break?",
    },
    Topic.TRAFFIC: {
        "da": "Hvad gør hver af jer for at komme trygt frem?",
        "en": "What does each of you do to get there safely?",
    },
    Topic.NICOTINE: {
        "da": "Hvad kan man sige, hvis nogen byder en noget, man ikke har lyst til?",
        "en": "What can one say when somebody offers something one does not want?",
    },
    Topic.ALCOHOL: {
        "da": "Hvad skal der til, for at en fest er god for alle?",
        "en": "What does it take for a party to be good for everybody?",
    },
    Topic.DRUGS: {
        "da": "Hvem kan man gå til, hvis man har hørt eller set noget, man er i tvivl "
        "om?",
        "en": "Whom can one turn to after hearing or seeing something one is unsure "
        "about?",
    },
    Topic.CRIME: {
        "da": "Hvad kan man gøre, hvis nogen vil have en med til noget, man ikke har "
        "lyst til?",
        "en": "What can one do when somebody wants one to join in something one does "
        "not want?",
    },
    Topic.CONTROL: {
        "da": "Hvornår er det rart, at nogen passer på en, og hvornår bliver det for "
        "meget?",
        "en": "When is it good to be looked after, and when is it too much?",
    },
    Topic.PASSAGE: {
        "da": "Hvad glæder man sig til ved det nye, og hvad vil man gerne have med?",
        "en": "What is there to look forward to, and what would one like to keep?",
    },
}
