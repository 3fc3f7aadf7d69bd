"""The rules of the method for a question set as a whole.

Where a rule comes from stands in docs/method.md; every rule has a file that breaks it
in tests/test_set_rules.py.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from pejling.domain.content import readability, triad_rules
from pejling.domain.content.problems import Level, Path
from pejling.domain.content.set_format import WHEN
from pejling.domain.content.shape import Notes
from pejling.domain.content.triad_rules import (
    LIX_LIMITS,
    LONGEST_SENTENCE,
    YOUNGEST_RISK_TOPIC,
    lix_limit,
    lix_of,
    sentences,
)
from pejling.domain.grades import YOUTH_EDUCATION, grade_name
from pejling.domain.question_sets import (
    Audience,
    Direction,
    QuestionSet,
    Sensitivity,
    Topic,
    Triad,
    holds_word,
)

CORE = {45: (5, 5), 60: (6, 8), 90: (6, 8)}
"""Minutes -> fewest and most core items, the warm-up not counted."""

EXPLAINED_LENGTH = 13
"""Letters from which a word of a set for 4.-6. årgang should be explained."""

_RISK_TOPICS = (Topic.NICOTINE, Topic.ALCOHOL, Topic.DRUGS, Topic.CRIME)

Rule = Callable[[Notes, QuestionSet], None]


def check(notes: Notes, found: QuestionSet) -> None:
    """Every rule about a set, and about each of its triads."""
    for rule in _RULES:
        rule(notes, found)
    for place, triad in enumerate(found.triads):
        triad_rules.check(notes, found, triad, ("spoergsmaal", place))


def _audience(notes: Notes, found: QuestionSet) -> None:
    is_youth = found.grades == (YOUTH_EDUCATION,)
    mixed = YOUTH_EDUCATION in found.grades and not is_youth
    if mixed or (found.audience is Audience.YOUTH) != is_youth:
        instead = 'Skriv maalgruppe = "unge" sammen med aargang = [11], ellers ikke.'
        what = "'maalgruppe' og 'aargang' passer ikke sammen."
        notes.say("audience", ("aargang",), what, instead)


def _early_topic(notes: Notes, found: QuestionSet) -> None:
    young = min(found.grades) < YOUNGEST_RISK_TOPIC
    if found.audience is Audience.PUPILS and young and found.topic in _RISK_TOPICS:
        what = f"Emnet {found.topic.value} er for tidligt i "
        what += f"{grade_name(min(found.grades))}."
        instead = f"Vent til {YOUNGEST_RISK_TOPIC}. årgang."
        notes.say("too-early", ("emne",), what, instead)


def _ids(notes: Notes, found: QuestionSet) -> None:
    ids = [triad.id for triad in found.triads]
    for place, triad in enumerate(found.triads):
        if triad.id in ids[:place]:
            what = f"id {triad.id!r} står to gange."
            notes.say("id", ("spoergsmaal", place, "id"), what, "Ret det ene.")


def _warm_up(notes: Notes, found: QuestionSet) -> None:
    triads = found.triads
    if not triads:
        return
    if not triads[0].is_warm_up or any(triad.is_warm_up for triad in triads[1:]):
        notes.say(
            "warm-up",
            ("spoergsmaal", 0),
            "Opvarmningen skal stå først og alene.",
            'Skriv ét spørgsmål med art = "neutral", og sæt det øverst.',
        )


def _proud_last(notes: Notes, found: QuestionSet) -> None:
    if found.triads and found.triads[-1].direction is not Direction.PROTECTIVE:
        notes.say(
            "proud-last",
            ("spoergsmaal", len(found.triads) - 1),
            "Det sidste spørgsmål skal være noget at være stolt af.",
            'Slut med et spørgsmål med retning = "beskyttende".',
        )


def _balance(notes: Notes, found: QuestionSet) -> None:
    """One protective or attitude item for each risk; roed carry their own attitude."""
    chosen = {"spørgsmål": found.triads, "kernespørgsmål": core_of(found)}
    for name, triads in chosen.items():
        risks = [one for one in triads if one.is_risk_act and one.asks_own_act]
        good = [one for one in triads if one.is_good_or_attitude]
        if len(risks) > len(good):
            notes.say(
                "balance",
                ("spoergsmaal",),
                f"Der er {len(risks)} {name} om risiko og {len(good)} om holdninger "
                "eller noget beskyttende.",
                "Læg en holdning til for hver risiko, eller tag en risiko ud.",
            )


def _in_a_row(notes: Notes, found: QuestionSet) -> None:
    for name, triads in (("", found.triads), (" i kernen", core_of(found))):
        for before, after in pairwise(triads):
            both = (before, after)
            if all(one.is_risk_act and one.asks_own_act for one in both):
                notes.say(
                    "risk-in-a-row",
                    ("spoergsmaal", found.triads.index(after)),
                    f"To spørgsmål om risiko følger efter hinanden{name}.",
                    f"Sæt en holdning mellem {before.id!r} og {after.id!r}.",
                )


def core_of(found: QuestionSet) -> tuple[Triad, ...]:
    """The core items in their order, the warm-up left out."""
    return tuple(one for one in found.triads if one.core and not one.is_warm_up)


def _core(notes: Notes, found: QuestionSet) -> None:
    low, high = CORE[found.minutes]
    core = core_of(found)
    if not low <= len(core) <= high:
        wanted = f"{low}" if low == high else f"{low} til {high}"
        what = f"Kernen har {len(core)} spørgsmål ud over opvarmningen."
        instead = f"Skriv kerne = true på {wanted} i {found.minutes} minutter."
        notes.say("core", ("spoergsmaal",), what, instead)
    if core and core[-1].direction is not Direction.PROTECTIVE:
        what = f"Kernen slutter ikke med noget at være stolt af, men {core[-1].id!r}."
        notes.say(
            "core",
            ("spoergsmaal",),
            what,
            "Skriv kerne = true på det sidste spørgsmål.",
        )
    if found.triads and found.triads[0].is_warm_up and not found.triads[0].core:
        what = "Opvarmningen er ikke med i kernen."
        notes.say("core", ("spoergsmaal", 0, "kerne"), what, "Skriv kerne = true.")
    bank = [one for one in found.triads if not one.core]
    if core and not bank:
        what = "Der er intet i banken ud over kernen."
        instead = "Læg et spørgsmål til, som læreren kan bytte ind."
        notes.say("bank", ("spoergsmaal",), what, instead, Level.WARNING)


_LEVELS = tuple(Sensitivity)


def _highest(notes: Notes, found: QuestionSet) -> None:
    if not found.triads:
        return
    highest = max((one.sensitivity for one in found.triads), key=_LEVELS.index)
    if highest is not found.sensitivity:
        notes.say(
            "highest-sensitivity",
            ("hoejeste_foelsomhed",),
            f"'hoejeste_foelsomhed' er {found.sensitivity.value!r}.",
            f"Skriv {highest.value!r}; det er det højeste i sættet.",
        )


def _easy(notes: Notes, found: QuestionSet) -> None:
    index, limit = lix_of(found), lix_limit(found)
    if index > limit:
        what = f"Sættet har lixtal {index:.0f}."
        instead = f"Brug kortere ord og sætninger; højst {limit}."
        notes.say("reading-index", ("spoergsmaal",), what, instead)


def _explained(notes: Notes, found: QuestionSet) -> None:
    text = " ".join(text for triad in found.triads for _, text in sentences(triad))
    for place, one in enumerate(found.words):
        if one.word and not holds_word(text, one.word):
            what = f"Ordet {one.word!r} står ikke i noget spørgsmål."
            notes.say("word", ("ord", place), what, "Skriv det, som det står der.")
        count = len(readability.words(one.meaning))
        if count > LONGEST_SENTENCE:
            what = f"Forklaringen er på {count} ord."
            instead = f"Skriv højst {LONGEST_SENTENCE}."
            notes.say("word", ("ord", place, "betyder"), what, instead)
    if lix_limit(found) != LIX_LIMITS[6]:
        return
    known = " ".join(one.word.lower() for one in found.words)
    for place, triad in enumerate(found.triads):
        path: Path = ("spoergsmaal", place)
        for word in sorted(_long_words(triad)):
            if word not in known:
                what = f"Ordet ”{word}” er langt for {found.grades[0]}. årgang."
                instead = "Brug et kortere, eller forklar det under [[ord]]."
                notes.say("long-word", path, what, instead, Level.WARNING)


def _long_words(triad: Triad) -> set[str]:
    text = " ".join(sentence for _, sentence in sentences(triad))
    return {
        word.lower()
        for word in readability.words(text)
        if len(word) >= EXPLAINED_LENGTH
    }


def _prompts(notes: Notes, found: QuestionSet) -> None:
    there = {one.when for one in found.prompts}
    for when in WHEN:
        if when not in there:
            what = f"Der er intet samtalespørgsmål ved {when}."
            instead = f'Skriv [[samtalespoergsmaal]] med ved = "{when}".'
            notes.say("prompts", ("samtalespoergsmaal",), what, instead)


def _goals(notes: Notes, found: QuestionSet) -> None:
    for key, texts in (
        ("laeringsmaal", found.goals),
        ("sig", found.say),
        ("sig_ikke", found.do_not_say),
    ):
        if len(texts) == 1:
            what = f"{key!r} har én linje."
            notes.say("few-lines", (key,), what, "Skriv to til fire.", Level.WARNING)


def _agreement(notes: Notes, found: QuestionSet) -> None:
    if found.agreement and not found.agreement.endswith("…"):
        what = "'klasseaftale_start' er en hel sætning."
        instead = "Slut med …, så klassen kan skrive videre."
        notes.say("agreement", ("klasseaftale_start",), what, instead)


def _sources(notes: Notes, found: QuestionSet) -> None:
    for place, source in enumerate(found.sources):
        if not source.citation and not source.content:
            what = f"Kilden fra {source.kommune} siger ikke, hvad der står."
            instead = "Skriv citat (temaets navn) eller indhold (egne ord)."
            notes.say("source", ("kilder", place), what, instead)


def _parents(notes: Notes, found: QuestionSet) -> None:
    for place, (set_id, triad_id) in enumerate(found.parents_guess):
        path: Path = ("gaet_elevernes_svar", place)
        if found.audience is not Audience.PARENTS:
            what = "Kun forældre gætter elevernes svar."
            notes.say("parents-guess", path, what, "Slet 'gaet_elevernes_svar'.")
        elif not set_id or not triad_id:
            what = f"{set_id!r} er ikke et sæt og et spørgsmål."
            notes.say("parents-guess", path, what, "Skriv for eksempel 6a/sjov_droem.")


_RULES: Sequence[Rule] = (
    _audience,
    _early_topic,
    _ids,
    _warm_up,
    _proud_last,
    _balance,
    _in_a_row,
    _core,
    _highest,
    _easy,
    _explained,
    _prompts,
    _goals,
    _agreement,
    _sources,
    _parents,
)
