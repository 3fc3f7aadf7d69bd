"""Wording: the sentences that numbers are told in. Danish, warm, without moral.

All sentences are written from the majority's side and from coded values. "Svarede ikke
ja" and not "svarede nej": the denominator holds those who do not know, who were never
in the situation, and one or two who would rather not say (:mod:`disclosure`).
"""

from collections.abc import Mapping

from pejling.domain import school_year, stems
from pejling.domain.benchmarks import Figure, Level
from pejling.domain.disclosure import Coding, Omission, Shown, Withheld
from pejling.domain.elsewhere import Comparison, Outside, Place, Reason
from pejling.domain.findings import Branch, Finding
from pejling.domain.norms import Norms, Shares, perceived_norm
from pejling.domain.pupils_answer import OF, PupilsAnswer
from pejling.domain.question_sets import Audience, Direction, Fit

OMISSIONS: Mapping[Omission, str] = {
    Omission.NOT_SERIOUS: "Svarene var ikke alvorlige",
    Omission.MISREAD: "Spørgsmålet blev misforstået",
    Omission.DISTURBED: "Klassen blev forstyrret undervejs",
}

TOO_FEW = "Der er for få svar til, at tallene kan vises."

BRANCH_NAMES: Mapping[Branch, str] = {
    Branch.OVERESTIMATE: "Overdrivelse",
    Branch.AGREEMENT: "Overensstemmelse",
    Branch.MAJORITY_DOES: "Flertallet svarede ja",
    Branch.UNDERESTIMATE: "Vises kun, hvis du vælger det",
    Branch.MORE_THAN_THOUGHT: "Flere, end I troede",
}

ADVICE: Mapping[Branch, str] = {
    Branch.OVERESTIMATE: (
        "Gættene er højere end tallene. Vis gættene, hold en pause, og vis "
        "facit. Spørg: Hvordan kan det være, at vi troede noget andet?"
    ),
    Branch.AGREEMENT: (
        "Gættene passede næsten. Spørg, hvordan de ved det, og gå videre til et "
        "spørgsmål om holdninger."
    ),
    Branch.MAJORITY_DOES: (
        "Her er der ingen misforståelse at rette. Gå til et spørgsmål om holdninger, "
        "og tal om, hvad I kunne ønske jer."
    ),
    Branch.UNDERESTIMATE: (
        "Tallene egner sig ikke som overskrift her. Vis dem kun, hvis det giver en god "
        "samtale. Overvej, om nogen har svaret for sjov."
    ),
    Branch.MORE_THAN_THOUGHT: (
        "Det er flere, end der blev gættet. Giv tallet tid, og spørg, hvorfor ingen "
        "har lagt mærke til det."
    ),
}

NOT_ENOUGH = (
    "Mange mangler: {answered} ud af {present} har svaret. "
    "Vis ikke tallene, som om de gjaldt hele klassen."
)


def number(value: float) -> str:
    """A count or median as Danes write it: 8 or 8,5."""
    return f"{value:g}".replace(".", ",")


def out_of(shown: Shown) -> str:
    """How many said yes: "højst 2 ud af 24", "7 ud af 24" or "mindst 22 ud af 24"."""
    return f"{coded(shown)} ud af {shown.n}"


def coded(shown: Shown) -> str:
    """How many said yes, without the denominator: "højst 2", "7" or "mindst 22"."""
    if shown.coding is Coding.LOW:
        return f"højst {shown.value + 1}"
    if shown.coding is Coding.HIGH:
        return f"mindst {shown.value - 1}"
    return str(shown.value)


def not_yes(shown: Shown) -> str:
    """How many did not say yes: "mindst 22 ud af 24", "17 ud af 24"."""
    other = {Coding.LOW: Coding.HIGH, Coding.HIGH: Coding.LOW}
    flipped = Shown(
        shown.n - shown.value, shown.n, other.get(shown.coding, Coding.EXACT)
    )
    return out_of(flipped)


def guessed(norms: Norms) -> str:
    """The class's guess as a sentence's first half: "I gættede på 8"."""
    same = norms.present == norms.actual.n
    total = "" if same else f" ud af {norms.present}"
    return f"I gættede på {number(norms.perceived)}{total}"


def headline(norms: Norms, finding: Finding) -> str:
    """The one sentence under the chart."""
    actual = norms.actual
    if finding.branch is Branch.OVERESTIMATE:
        return f"{guessed(norms)}. {_capital(not_yes(actual))} svarede ikke ja."
    if finding.branch is Branch.AGREEMENT:
        return (
            f"{guessed(norms)}, og {out_of(actual)} svarede ja. "
            "Her kender I hinanden godt."
        )
    if finding.branch is Branch.MORE_THAN_THOUGHT:
        return (
            f"{guessed(norms)}. {_capital(out_of(actual))} svarede ja – "
            "flere, end I troede."
        )
    # C and D, once the teacher has chosen to show them: the numbers and no more.
    return f"{guessed(norms)}. {_capital(out_of(actual))} svarede ja."


def pupils(answer: PupilsAnswer | None, guesses: Mapping[int, int]) -> str:
    """What parents guessed, and what the pupils believed and answered, of twenty.

    :param answer: None where the class's numbers are gone, or not to be shown any more.
    """
    guess = number(perceived_norm(guesses))
    if answer is None:
        return f"I gættede på {guess} ud af {OF}. Klassens tal kan ikke vises mere."
    believed = f"I gættede på {guess} ud af {OF}, børnene selv på"
    believed = f"{believed} {number(answer.believed)}."
    if answer.answered is None:
        return f"{believed} Klassen er for lille til, at svarene kan vises."
    return f"{believed} {_capital(of_twenty(answer))} svarede ja."


def of_twenty(answer: PupilsAnswer) -> str:
    """How many pupils said yes: "højst 2 ud af 20", "cirka 7 ud af 20"."""
    word = {Coding.LOW: "højst", Coding.HIGH: "mindst", Coding.EXACT: "cirka"}
    return f"{word[answer.coding]} {answer.answered} ud af {OF}"


def alone(own: Shown, direction: Direction) -> str:
    """The sentence where only the class's own answer is shown."""
    if direction is Direction.SHARED:
        return f"{_capital(out_of(own))} svarede ja. Man er ikke den eneste."
    if 2 * own.value >= own.n:
        return f"{_capital(out_of(own))} svarede ja."
    return f"{_capital(not_yes(own))} svarede ikke ja."


def left_out(reason: Omission) -> str:
    """That a behaviour counts nowhere, and why."""
    words = OMISSIONS[reason]
    return f"Udeladt: {words[:1].lower()}{words[1:]}."


def how_guesses_fell(shares: Shares) -> str:
    """How many guessed too high, close and too low, the largest group first said."""
    if shares.too_high >= max(shares.close, shares.too_low):
        return f"{shares.too_high} ud af {shares.n} gættede for højt."
    if shares.close >= shares.too_low:
        return f"{shares.close} ud af {shares.n} gættede næsten rigtigt."
    return f"{shares.too_low} ud af {shares.n} gættede for lavt."


def withheld(reason: Withheld) -> str:
    """Why a number is not shown."""
    return f"Vises ikke: der skal mindst {reason.needed} svar til."


def progress(shown: int, seats: int) -> str:
    """How far the class is, as the room may see it."""
    if seats and shown >= seats:
        return "Alle har svaret"
    if shown:
        return f"Mindst {shown} af {seats} har svaret"
    return "I er i gang"


def question(act: str, recall: str, audience: Audience = Audience.PUPILS) -> str:
    """The projector's question about those in the room.

    >>> question("har vapet", "de seneste 30 dage")
    'Hvor mange i klassen har vapet de seneste 30 dage?'
    """
    return f"{question_stem(audience)}{stems.timed(act, recall)}?"


def question_about_others(act: str, recall: str, audience: Audience, grade: int) -> str:
    """The projector's question about alle de andre.

    >>> question_about_others("har prøvet hash", "", Audience.PUPILS, 8)
    'Hvor mange af alle de andre i 8. klasse har prøvet hash?'
    """
    return f"{stems.others_stem(audience, [grade])}{stems.timed(act, recall)}?"


def question_stem(audience: Audience) -> str:
    """How the projector's question begins, up to the act."""
    return f"Hvor mange {stems.group(audience)} "


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# --- elsewhere ------------------------------------------------------------------------

_PLACES: Mapping[Place, str] = {
    Place.BELOW: "I ligger lavere end de fleste klasser.",
    Place.WITHIN: "I ligger på niveau.",
    Place.ABOVE: "I ligger højere end de fleste klasser.",
}

HELD_BACK: Mapping[Reason, str] = {
    Reason.PULLS: (
        "Holdes tilbage: Tallet ville trække jer den forkerte vej. I ligger bedre "
        "end det."
    ),
    Reason.STAFF_ONLY: "Kun til dig: Det handler om noget, der kan pege på en enkelt.",
}


def elsewhere(found: Comparison) -> tuple[str, str]:
    """A figure from elsewhere, and what it would be in this class."""
    return _was(
        found
    ), f"I en klasse på {found.n} svarer det til {_roughly(found.expected)}."


def outside(found: Outside) -> str:
    """The guesses about alle de andre against the figure, as one sentence or two."""
    guess = number(found.norms.perceived)
    facit = f"Tallet svarer til {out_of_present(found)}"
    if found.finding.branch is Branch.AGREEMENT:
        return f"I gættede på {guess}. {facit}. I kender de andre godt."
    return f"I gættede på {guess}. {facit}."


def out_of_present(found: Outside) -> str:
    """The figure as pupils: "cirka 4 ud af 24"."""
    facit = found.facit
    return f"{_roughly(found.percent / 100 * facit.n)} ud af {facit.n}"


def outside_note(found: Outside) -> str:
    """What the line stands for, and its source."""
    return f"{_was(found)} {_source(found.figure, found.fit)}"


def on_paper(found: Comparison | Outside) -> str:
    """A figure on a print, with all that must stand with it."""
    return f"{_was(found)} {source(found)}"


def _was(found: Comparison | Outside) -> str:
    is_rough = found.figure.is_rounded and found.percent >= 1
    about = "omkring " if is_rough else ""
    return (
        f"{where(found.figure)} var det {about}{of_100(found.percent)} "
        f"{when(found.figure)}."
    )


def elsewhere_note(found: Comparison) -> str:
    """The range of ordinary classes, where this one lies, and the source."""
    span = (
        f"mellem {found.low} og {found.high}"
        if found.low != found.high
        else f"på {found.low}"
    )
    return f"De fleste klasser ligger {span}. {_PLACES[found.place]} {source(found)}"


def source(found: Comparison | Outside) -> str:
    """Where a figure comes from, whom it is about, and how it differs."""
    return _source(found.figure, found.fit)


def _source(figure: Figure, fit: Fit) -> str:
    words = f"Kilde: {figure.source.rstrip('.')}, {figure.population.rstrip('.')}."
    if figure.is_pooled:
        words += f" Mindst {figure.n} svar."
    if fit is not Fit.EXACT:
        words += " Spurgt lidt anderledes."
    if figure.caveat:
        words += f" {_capital(figure.caveat.rstrip('.'))}."
    return words


def where(figure: Figure) -> str:
    """The area of a figure, at the beginning of a sentence."""
    if figure.level is Level.NATIONAL:
        # Its averages are of the kommuner that took part, not of the country.
        is_joined = "ungeprofil" in figure.source.lower()
        return "I de kommuner, der deltog," if is_joined else "På landsplan"
    if figure.level is Level.REGION and not figure.area.lower().startswith("region"):
        return f"I Region {figure.area}"
    return f"På {figure.area}" if figure.level is Level.SCHOOL else f"I {figure.area}"


def when(figure: Figure) -> str:
    """When it was asked, at the end of a sentence.

    A pool is of a school year: "i skoleåret 2025/26".
    """
    return f"i skoleåret {year(figure)}" if figure.is_pooled else f"i {figure.year}"


def whom(figure: Figure) -> str:
    """Whom a figure is about, where and when: "9. klasse, Danmark, 2019"."""
    return f"{figure.population}, {figure.area}, {year(figure)}"


def year(figure: Figure) -> str:
    """The year of a figure; a pool's is a school year: "2025/26"."""
    return school_year.name(figure.year) if figure.is_pooled else str(figure.year)


def of_100(percent: float) -> str:
    """A percentage as people: whole ones, a half upwards.

    >>> of_100(12.5), of_100(0.4), of_100(99.7)
    ('13 ud af 100', 'færre end 1 ud af 100', 'flere end 99 ud af 100')
    """
    whole = int(percent + 0.5)
    if percent and not whole:
        return "færre end 1 ud af 100"
    if percent < 100 and whole == 100:
        return "flere end 99 ud af 100"
    return f"{whole} ud af 100"


def _roughly(pupils: float) -> str:
    whole = round(pupils)
    return f"cirka {whole}" if whole else "færre end 1"
