"""Captions: a figure's numbers as words and as a table, from the same coded values."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pejling.domain import wording
from pejling.domain.disclosure import Coding, Shown
from pejling.domain.norms import perceived_norm
from pejling.domain.pupils_answer import OF
from pejling.domain.question_sets import Audience, Kind, Recall, Triad
from pejling.domain.revealed import Guesses, Result
from pejling.domain.sessions import Step


@dataclass(frozen=True)
class Row:
    """One behaviour in the table; None where the column is not to be seen yet."""

    topic: str
    others: str | None
    friends: str
    yes: str | None
    total: str | None
    elsewhere: str | None = None


def table(results: Sequence[Result], step: Step = Step.FIGURES) -> tuple[Row, ...]:
    """The figures' numbers as rows: the guesses alone until the facit has fallen."""
    rows = tuple(
        _row_about_others(one, step)
        if one.is_about_others and step is not Step.FIGURES
        else _row(one, step is Step.GUESSES)
        for one in results
    )
    if step is not Step.ELSEWHERE:
        return rows
    return tuple(
        replace(row, elsewhere=_elsewhere_cell(one))
        for row, one in zip(rows, results, strict=True)
    )


def _row_about_others(result: Result, step: Step) -> Row:
    """Until the attitude comes: the guesses about alle de andre, and their facit."""
    fallen = step is not Step.GUESSES and result.outside is not None
    return Row(
        topic=f"{_capital(result.question_about_others.removesuffix('?'))}",
        others=_guess_cell(result.others, result.present, True),
        friends="–",
        yes=None,
        total=None,
        elsewhere=wording.out_of_present(result.outside)
        if fallen and result.outside
        else None,
    )


def _elsewhere_cell(result: Result) -> str | None:
    found = result.elsewhere
    if found is None:
        return None
    return wording.of_100(found.percent)


def _row(result: Result, guesses_only: bool) -> Row:
    if result.triad.is_about_pupils:
        given = _guess_cell(result.friends, result.present, False)
        return Row(result.question.removesuffix("?"), None, given, None, None)
    own = result.own
    whole = isinstance(own, Shown) and own.n == result.present
    friends = _guess_cell(result.friends, result.present, whole or guesses_only)
    if guesses_only:
        return Row(topic(result), None, friends, None, None)
    return Row(
        topic=topic(result),
        others=_guess_cell(result.others, result.present, whole),
        friends=friends,
        yes=wording.coded(own) if isinstance(own, Shown) else "vises ikke",
        total=str(own.n) if isinstance(own, Shown) else "–",
    )


def _guess_cell(given: Guesses | None, present: int, whole: bool) -> str:
    if not given:
        return "–"
    number = wording.number(perceived_norm(given))
    return number if whole else f"{number} ud af {present}"


def describe(result: Result, step: Step) -> str:
    """What the picture of a step shows, in words."""
    if result.triad.is_about_pupils and step is Step.FIGURES:
        return f"En figur for hver af {OF}. {result.sentence}"
    own = result.own
    answer = f"{wording.out_of(own)} svarede ja" if isinstance(own, Shown) else ""
    if step is Step.FIGURES:
        pairs = [f"Det troede vi: {believed(result)}."] if result.norms else []
        if isinstance(own, Shown):
            name = "Sådan er det" if result.norms else "Svarede ja"
            pairs.append(f"{name}: {share(own)}.")
        whom = "forælder" if result.audience is Audience.PARENTS else "elev"
        return " ".join([f"En figur for hver {whom}.", *pairs])
    given = result.others if result.is_about_others else result.friends
    if not given:
        return f"En akse fra 0 til {result.present}. Der er ingen prikker endnu."
    median = wording.number(perceived_norm(given))
    words = (
        f"En prik for hvert gæt, {sum(given.values())} i alt, "
        f"fra {min(given)} til {max(given)} ud af {result.present}. "
        f"Det midterste gæt er {median}."
    )
    if step is Step.GUESSES:
        return words
    if result.is_about_others and result.outside is not None:
        return f"{words} Facit: {wording.out_of_present(result.outside)}."
    if not answer:
        return words
    words = f"{words} Facit: {answer}."
    if step is Step.ELSEWHERE and result.elsewhere:
        words += f" {' '.join(wording.elsewhere(result.elsewhere))}"
    return words


def describe_bars(results: Sequence[Result]) -> str:
    """What the closing bars show, in words."""
    words = []
    for one in results:
        pairs = [f"{name} {number}" for name, number in bars(one)]
        words.append(f"{topic(one, time=False)}: {', '.join(pairs)}.")
    return " ".join(words)


def bars(result: Result) -> list[tuple[str, str]]:
    """Name and number of each of a behaviour's closing bars."""
    own = result.own
    if not isinstance(own, Shown):
        return []
    same = own.n == result.present
    found = [("sådan er det", wording.coded(own) if same else share(own))]
    if result.norms:
        number = wording.number(result.norms.perceived)
        found.insert(0, ("det troede vi", number if same else believed(result)))
    return found


def facit(result: Result, facit: Shown) -> str:
    """What stands at the facit's line: "Højst 2 gør det"."""
    number = wording.coded(facit)
    if facit.n != result.present:
        number = wording.out_of(facit)
    return f"{_capital(number)} {_do_it(result.triad)}"


def facit_note(result: Result, facit: Shown) -> str:
    """What the facit's line or band stands for."""
    if facit.coding is Coding.LOW:
        return "Det lyse felt går fra 0 til 2. Så små tal viser vi ikke helt præcist."
    if facit.coding is Coding.HIGH:
        return (
            f"Det lyse felt går fra {facit.n - 2} til {facit.n}. "
            "Så store tal viser vi ikke helt præcist."
        )
    if facit.n != result.present:
        return f"Stregen står, hvor tallet ville ligge ud af {result.present}."
    return "Den blå streg er det, I selv svarede."


def believed(result: Result) -> str:
    """The median guess with its denominator: "8 af 24"."""
    if result.norms is None:
        return ""
    return f"{wording.number(result.norms.perceived)} af {result.present}"


def share(own: Shown) -> str:
    """The coded own answers with their denominator: "højst 2 af 24"."""
    return f"{wording.coded(own)} af {own.n}"


def _do_it(triad: Triad) -> str:
    """The act once more as a pro-verb, where Danish has one that says the same."""
    if triad.own_act != triad.act or triad.kind in (Kind.ATTITUDE, Kind.EXPERIENCE):
        return "svarede ja"
    verb = triad.act.split(" ", 1)[0]
    if verb == "må":
        return "må det"
    if verb == "har" and triad.recall in (Recall.NOW, Recall.NONE):
        return "har det"
    if verb == "har" and triad.recall is Recall.EVER:
        return "har prøvet det"
    return "gør det"


def topic(result: Result, *, time: bool = True) -> str:
    """The behaviour as a heading: "Har vapet de seneste 30 dage"."""
    if not time:
        return _capital(result.triad.own_act)
    question = result.question.removeprefix(wording.question_stem(result.audience))
    return _capital(question.removesuffix("?"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
