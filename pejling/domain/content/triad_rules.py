"""The rules of the method for one triad, each with what to write instead.

Where a rule comes from stands in docs/method.md; every rule has a file that breaks it
in tests/test_set_rules.py.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pejling.domain import benchmarks, stems
from pejling.domain.content import readability, word_lists
from pejling.domain.content.problems import Level, Path
from pejling.domain.content.shape import Notes
from pejling.domain.grades import YOUTH_EDUCATION, grade_name
from pejling.domain.question_sets import (
    HONESTY_ID,
    AnswerFormat,
    Audience,
    Direction,
    Facit,
    Kind,
    QuestionSet,
    Role,
    Sensitivity,
    Triad,
)

YOUNGEST_ROED = 7
"""Lowest årgang that may be asked about illegal acts at all (docs/method.md)."""

YOUNGEST_RISK_TOPIC = 7
"""Lowest årgang for tobacco, alcohol, drugs and crime: DKR took its 5. klasse back in
2022 (docs/method.md, "What is known to work")."""

LONGEST_SENTENCE = 15
"""Words that a pupil reads in one go (docs/method.md, "Wording")."""

LIX_LIMITS = {6: 25, YOUTH_EDUCATION: 32}
"""Highest årgang -> highest LIX of the set; grown-ups have the second."""

LIX_OF_ONE = 14
"""By how much one question alone may be above the limit: one long word in six is
already 17, so a single short sentence swings far."""

Rule = Callable[[Notes, QuestionSet, Triad, Path], None]


def check_order(notes: Notes, raw: Mapping[str, Any]) -> None:
    """Others, classmates, self: a commitment to a guess comes before the own answer."""
    triads = raw.get("spoergsmaal")
    for place, triad in enumerate(triads if isinstance(triads, list) else []):
        if not isinstance(triad, dict):
            continue
        order = [key for key in triad if key in tuple(Role)]
        if order != [role for role in Role if role in triad]:
            notes.say(
                "triad-order",
                ("spoergsmaal", place),
                f"De tre spørgsmål står i rækkefølgen {', '.join(order)}.",
                "Skriv andre, kammerater, selv i den rækkefølge.",
            )


def check(notes: Notes, found: QuestionSet, triad: Triad, path: Path) -> None:
    """Every rule about a triad that stands at ``path``."""
    for rule in _RULES:
        rule(notes, found, triad, path)


def sentences(triad: Triad) -> Iterator[tuple[str, str]]:
    """What a pupil reads that differs from triad to triad: key and sentence.

    With marks put together and spaces made plain, so that a word is one to the rules.
    """
    yield "kort", _plain(stems.timed(triad.act, triad.recall_text))
    own = triad.item(Role.OWN)
    if own is not None:
        yield Role.OWN.value, _plain(own.text)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def lix_limit(found: QuestionSet) -> int:
    """The highest reading index for those who answer this set."""
    young = found.audience is Audience.PUPILS and min(found.grades) <= 6
    return LIX_LIMITS[6 if young else YOUTH_EDUCATION]


def lix_of(found: QuestionSet) -> float:
    """The reading index of all that pupils read besides the fixed words."""
    return readability.lix(
        [text for triad in found.triads for _, text in sentences(triad) if text]
    )


# --- its words ------------------------------------------------------------------------


def _named(notes: Notes, _set: QuestionSet, triad: Triad, path: Path) -> None:
    if triad.id == HONESTY_ID:
        what = f"id {triad.id!r} er optaget."
        notes.say("id", (*path, "id"), what, "Vælg et andet id.")


def _same_words(notes: Notes, found: QuestionSet, triad: Triad, path: Path) -> None:
    """Both guesses are the fixed stem, the act and the time, word for word."""
    asked = f"{stems.timed(triad.act, triad.recall_text)}?"
    beginnings = {
        Role.OTHERS: stems.others_stem(found.audience, found.grades),
        Role.FRIENDS: stems.friends_stem(found.audience),
    }
    for role, stem in beginnings.items():
        item = triad.item(role)
        if item is None or not item.text or not triad.act:
            continue
        place = (*path, role.value)
        if not item.text.startswith(stem):
            what = f"{role.value!r} begynder anderledes end de andre spørgsmål."
            notes.say("same-stem", place, what, f"Begynd med: {stem}…")
        elif item.text != stem + asked:
            what = f"{role.value!r} siger ikke det samme som 'kort' og 'tid'."
            notes.say("same-act", place, what, f"Skriv: {stem}{asked}")


def _own_words(notes: Notes, _set: QuestionSet, triad: Triad, path: Path) -> None:
    for item in triad.items:
        place = (*path, item.role.value)
        if item.text and not item.text.endswith("?"):
            what = f"{item.role.value!r} slutter uden '?'."
            notes.say("question-mark", place, what, "Skriv '?'.")
        own_attitude = item.role is Role.OWN and not triad.asks_own_act
        if item.text and not own_attitude and triad.recall_text not in item.text:
            what = f"{item.role.value!r} nævner ikke tiden."
            notes.say("same-time", place, what, f"Skriv: {triad.recall_text}.")


def _same_own_act(notes: Notes, _set: QuestionSet, triad: Triad, path: Path) -> None:
    """The own question asks what was guessed at, or the attitude it is said to ask."""
    own = triad.item(Role.OWN)
    if own is None or not own.text or not triad.own_act:
        return
    place = (*path, Role.OWN.value)
    if not triad.asks_own_act:
        asked = f"Synes du selv{triad.own_act.removeprefix('synes')}?"
        if not triad.own_act.startswith("synes") or own.text != asked:
            what = "'selv' spørger ikke til den holdning, som 'selv_kort' nævner."
            instead = 'Skriv selv_kort = "synes, …" og selv = "Synes du selv, …?".'
            notes.say("own-attitude", place, what, instead)
        return
    text = own.text.lower()
    stems_ = {
        word.lower()[:4]
        for word in readability.words(triad.act)
        if len(word) > 4 and word != "deres"
    }
    kept = [one for one in stems_ if one in text]
    if 3 * len(kept) < 2 * len(stems_):
        what = "'selv' spørger ikke til det samme som 'kort'."
        instead = f"Brug de samme ord som i: {triad.act}."
        notes.say("own-act", place, what, instead)


def _attitude(notes: Notes, _set: QuestionSet, triad: Triad, path: Path) -> None:
    said = triad.act.startswith(word_lists.ATTITUDES)
    if triad.kind is Kind.ATTITUDE and triad.act and not said:
        what = "'art' er holdning, men 'kort' siger ikke, hvad man synes."
        instead = f"Begynd 'kort' med et af: {', '.join(word_lists.ATTITUDES)}."
        notes.say("attitude-words", (*path, "kort"), what, instead)


def _length(notes: Notes, _set: QuestionSet, triad: Triad, path: Path) -> None:
    for key, sentence in sentences(triad):
        count = len(readability.words(sentence))
        if count > LONGEST_SENTENCE:
            what = f"{key!r} er på {count} ord med tiden."
            instead = f"Skriv højst {LONGEST_SENTENCE} ord."
            notes.say("sentence-length", (*path, key), what, instead)


def _easy_triad(notes: Notes, found: QuestionSet, triad: Triad, path: Path) -> None:
    index = readability.lix([text for _, text in sentences(triad) if text])
    limit = lix_limit(found) + LIX_OF_ONE
    if index > limit:
        what = f"Spørgsmålet har lixtal {index:.0f}."
        instead = f"Brug kortere ord; hold det under {limit}."
        notes.say("reading-index-of-one", path, what, instead, Level.WARNING)


def _tone(notes: Notes, _set: QuestionSet, triad: Triad, path: Path) -> None:
    for key, sentence in sentences(triad):
        leading = word_lists.LEADING.search(sentence)
        if leading:
            what = f"{key!r} lægger et svar i munden med ”{leading[0]}”."
            notes.say("leading-word", (*path, key), what, "Spørg uden at vurdere.")
        is_act = triad.kind is not Kind.ATTITUDE and triad.asks_own_act
        if is_act and (judging := word_lists.JUDGING.search(sentence)):
            what = f"{key!r} vurderer måske med ”{judging[0]}”."
            instead = "Se, om det kan siges uden."
            notes.say("judging-word", (*path, key), what, instead, Level.WARNING)
        if intention := word_lists.INTENTION.search(sentence):
            what = f"{key!r} spørger til fremtiden med ”{intention[0]}”."
            instead = "Spørg om det, der er sket, eller om en holdning."
            notes.say("intention", (*path, key), what, instead)


# --- whom may be asked what -----------------------------------------------------------


def _direction(notes: Notes, _set: QuestionSet, triad: Triad, path: Path) -> None:
    if triad.is_warm_up != (triad.direction is Direction.NEUTRAL):
        notes.say(
            "kind-and-direction",
            (*path, "art"),
            "'art' og 'retning' passer ikke sammen.",
            "Skriv neutral begge steder eller ingen af stederne.",
        )


def _guess_on_class(notes: Notes, _set: QuestionSet, triad: Triad, path: Path) -> None:
    asked = triad.item(Role.FRIENDS) is not None
    if triad.sensitivity is Sensitivity.RED:
        if asked:
            what = "Et rødt spørgsmål må ikke gætte på klassen."
            notes.say("roed-class", (*path, "kammerater"), what, "Slet 'kammerater'.")
        return
    painful = triad.sensitivity is Sensitivity.YELLOW and triad.kind is Kind.EXPERIENCE
    if not asked and not painful:
        notes.say(
            "class-guess",
            (*path, "kammerater"),
            "'kammerater' mangler.",
            "Kun røde spørgsmål og gule oplevelser springer gættet om klassen over.",
        )


def _roed(notes: Notes, found: QuestionSet, triad: Triad, path: Path) -> None:
    """Illegal acts: the others are guessed at, the pupil gives an attitude."""
    if triad.sensitivity is not Sensitivity.RED:
        return
    if min(found.grades) < YOUNGEST_ROED:
        notes.say(
            "roed-grade",
            path,
            f"Et rødt spørgsmål kan ikke stilles i {grade_name(min(found.grades))}.",
            f"Brug det tidligst i {YOUNGEST_ROED}. årgang, eller tag det ud.",
        )
    if found.audience is Audience.YOUTH and triad.asks_own_act:
        return  # From 15; the SSP-konsulent decides whether it is asked.
    if triad.answer is not AnswerFormat.ATTITUDE or triad.asks_own_act:
        notes.say(
            "roed-own-act",
            (*path, "selv"),
            "Et rødt spørgsmål må ikke spørge, om eleven selv har gjort det.",
            'Spørg om holdningen: svar = "holdning_ja_nej" og selv_kort = "synes, …".',
        )
    if triad.benchmark is not Facit.UNGEPROFIL:
        notes.say(
            "roed-figure",
            (*path, "facit"),
            "Et rødt spørgsmål har kun Ungeprofilen at holde gættet op imod.",
            'Skriv facit = "ungeprofil" og en indikator.',
        )


def _illegal(notes: Notes, found: QuestionSet, triad: Triad, path: Path) -> None:
    """What is illegal is roed below youth education; opinions about it need not be."""
    opinion = triad.kind is Kind.ATTITUDE
    if found.audience is not Audience.PUPILS or opinion or triad.is_warm_up:
        return
    if triad.sensitivity is Sensitivity.RED or triad.direction is not Direction.RISK:
        return
    word = word_lists.ILLEGAL.search(_plain(triad.act))
    if word or triad.indicator.startswith(word_lists.ILLEGAL_INDICATORS):
        why = f"handler om ”{word[0]}”" if word else f"har {triad.indicator!r}"
        notes.say(
            "must-be-roed",
            (*path, "foelsomhed"),
            f"Spørgsmålet {why}, men er {triad.sensitivity.value}.",
            'Skriv foelsomhed = "roed"; så spørges der ikke, om eleven har gjort det.',
        )


def _early(notes: Notes, found: QuestionSet, triad: Triad, path: Path) -> None:
    if (
        found.audience is not Audience.PUPILS
        or min(found.grades) >= YOUNGEST_RISK_TOPIC
    ):
        return
    for key, sentence in sentences(triad):
        if hit := word_lists.RISKY.search(sentence) or word_lists.ILLEGAL.search(
            sentence
        ):
            notes.say(
                "too-early",
                (*path, key),
                f"{key!r} handler om ”{hit[0]}” i {grade_name(min(found.grades))}.",
                f"Vent til {YOUNGEST_RISK_TOPIC}. årgang.",
            )


def _indicator(notes: Notes, found: QuestionSet, triad: Triad, path: Path) -> None:
    place = (*path, "indikator")
    if not triad.indicator:
        if triad.benchmark is Facit.UNGEPROFIL:
            what = "'facit' er ungeprofil, men 'indikator' mangler."
            notes.say("indicator", place, what, 'Skriv indikator = "…".')
        return
    known = benchmarks.indicators().get(triad.indicator)
    if known is None:
        near = _nearest(triad.indicator, list(benchmarks.indicators()))
        what = f"Indikatoren {triad.indicator!r} findes ikke."
        notes.say("indicator", place, what, f"Mente du {near}?")
        return
    outside = [one for one in found.grades if one not in known.grades]
    if outside and found.audience is not Audience.PARENTS:
        what = f"{triad.indicator!r} passer ikke til {grade_name(outside[0])}."
        notes.say(
            "indicator-grade", place, what, "Brug en anden, eller spørg om andet."
        )


def _nearest(typed: str, known: Sequence[str]) -> str:
    return (get_close_matches(typed, known, 1, 0) or known[:1])[0]


_RULES: Sequence[Rule] = (
    _named,
    _same_words,
    _own_words,
    _same_own_act,
    _attitude,
    _length,
    _easy_triad,
    _tone,
    _direction,
    _guess_on_class,
    _roed,
    _illegal,
    _early,
    _indicator,
)
