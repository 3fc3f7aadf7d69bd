"""The checker's words on a page: fields by their labels, and why a rule is there.

A file's keys and its syntax mean nothing to who fills in a form; the rule's reason in
the method's terms does. The reasons are those of docs/method.md, in short.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pejling.domain.benchmarks import indicators
from pejling.domain.content.problems import Level, Path, Problem
from pejling.domain.question_sets import Role

LABELS: Mapping[str, str] = {
    "titel": "Titel",
    "maalgruppe": "Hvem svarer",
    "aargang": "Årgang",
    "emne": "Emne i årsplanen",
    "tema": "Tema i ord",
    "minutter": "Minutter",
    "varighed": "Længden i ord",
    "klasseaftale_start": "Sådan begynder aftalen",
    "laeringsmaal": "Mål",
    "sig": "Det kan læreren sige",
    "sig_ikke": "Det siger læreren ikke",
    "gaet_elevernes_svar": "Gæt elevernes svar",
    "kilder": "Kilder",
    "ord": "Ord, der forklares",
    "samtalespoergsmaal": "At tale om",
    "art": "Hvad der spørges om",
    "retning": "Hvad der er godt for eleven",
    "foelsomhed": "Følsomhed",
    "kerne": "Med i kernen",
    "kort": "Det, man gør eller synes",
    "tid": "Tid",
    "kammerater": "Gæt også på klassen",
    "selv": "Spørgsmålet til eleven selv",
    "selv_kort": "Holdningen, der spørges til",
    "svar": "Svarmuligheder",
    "kraever_anledning": "Har ikke været i situationen",
    "facit": "Hvad gættet holdes op imod",
    "indikator": "Tallet",
    "indikator_passer": "Hvor godt tallet passer",
    "indikator_omvendt": "Tallet tæller dem, der ikke gør det",
    "note": "Note til læreren",
    "oversat": "Andre sprog",
    "skaermord": "Skærmens ord på andre sprog",
}
"""Key -> the label of its field."""

ORDER = "orden"
"""The field of what is about the set as a whole: its questions and their order."""

_INSTEAD: Mapping[str, str] = {
    "audience": "Vælg Ungdomsuddannelse sammen med unge, ellers ikke.",
    "id": "Giv det ene spørgsmål andre ord.",
    "warm-up": "Lad ét harmløst spørgsmål være opvarmning, og sæt det øverst.",
    "proud-last": "Slut med et spørgsmål om noget, der er godt for eleven.",
    "core": "Sæt eller fjern krydset Med i kernen, til det passer.",
    "indicator": "Vælg et tal på listen, eller hold gættet op imod noget andet.",
    "roed-class": "Fjern krydset ved Gæt også på klassen.",
    "roed-own-act": "Spørg, hvad eleven synes: skriv holdningen i sit felt, og vælg "
    "svarene ja, nej, ved ikke.",
    "roed-figure": "Hold gættet op imod et tal fra en undersøgelse, og vælg tallet.",
    "must-be-roed": "Vælg følsomheden rød; så spørges der ikke, om eleven selv har "
    "gjort det.",
    "class-guess": "Sæt kryds ved Gæt også på klassen. Kun røde spørgsmål og gule "
    "oplevelser springer det over.",
    "own-attitude": "Skriv holdningen som ”synes, …” og spørgsmålet som ”Synes du "
    "selv, …?”.",
    "kind-and-direction": "Opvarmningen er neutral i begge felter, andre spørgsmål i "
    "ingen af dem.",
    "same-time": "Skriv tiden med i spørgsmålet, som den står under det, man gør.",
    "long-word": "Brug et kortere, eller forklar det under Om sættet, Ord.",
    "indicator-grade": "Vælg et andet tal, eller spørg om noget andet.",
    "prompts": "Skriv mindst ét spørgsmål til hver anledning.",
    "source": "Skriv temaets navn, eller hvad der står, med egne ord.",
    "language": "Hent sættet som fil, ret sproget, og læs filen ind igen.",
    "translation": "Hent sættet som fil, ret oversættelsen, og læs filen ind igen.",
    "translation-missing": "Hent sættet som fil, oversæt dem, og læs filen ind igen. "
    "Indtil da er spørgsmålene på dansk, når de er valgt.",
    "screen-word": "Hent sættet som fil, ret ordene, og læs filen ind igen.",
    "screen-word-missing": "Hent sættet som fil, skriv dem, og læs filen ind igen. "
    "Indtil da tilbydes sproget ikke.",
    "parents-guess": "Vælg kun blandt dem, der står der.",
    "choice": "Vælg en af mulighederne.",
    "count": "Skriv mindst én linje, højst seks, og ikke det samme to gange.",
}
"""Rule -> what to do on the page, where the file's words do not fit."""

WHY: Mapping[str, str] = {
    "text": "Det skal kunne stå på en telefon og læses højt.",
    "id": "Hvert spørgsmål tælles for sig.",
    "choice": "Programmet kan kun tælle og vise det, det kender.",
    "count": "Uden mål og ord står læreren alene med samtalen.",
    "audience": "Sproget og tallene hører til en alder.",
    "same-time": "Gæt og svar kan kun sammenlignes, når de handler om samme tid.",
    "same-stem": "Alle tre spørgsmål skal have samme nævner.",
    "same-act": "Gæt og svar kan kun sammenlignes, når ordene er de samme.",
    "question-mark": "Eleven skal kunne se, at der spørges.",
    "sentence-length": "Elever læser et spørgsmål i ét stræk; over 15 ord taber nogle.",
    "reading-index": "Svaret måler ellers, hvem der læser godt.",
    "reading-index-of-one": "Svaret måler ellers, hvem der læser godt.",
    "long-word": "Op til 6. årgang skal lange ord forklares på skærmen.",
    "own-act": "Klassen kan kun se sin misforståelse, når gæt og svar handler om det "
    "samme.",
    "own-attitude": "Holdningen skal være den samme i spørgsmål og figur.",
    "attitude-words": "Klassen skal kunne høre, om det er en holdning eller en "
    "handling.",
    "leading-word": "Et spørgsmål, der svarer selv, får det svar, det beder om.",
    "judging-word": "Den, der hører en dom, svarer pænere end sandt.",
    "intention": "Den sociale norm er det, de fleste gør og synes, ikke det, de tror, "
    "de vil gøre.",
    "kind-and-direction": "Opvarmningen er den eneste, hvor intet er rigtigt.",
    "warm-up": "Klassen skal prøve gæt og facit på noget harmløst først.",
    "proud-last": "Klassen går hjem med det sidste, den så.",
    "balance": "Et sæt med flest risici fortæller klassen, at risiko er det normale.",
    "risk-in-a-row": "Flere risici i træk gør dem større, end de er.",
    "core": "Så meget når klassen at svare på og tale om i lektionen.",
    "bank": "Læreren skal kunne bytte et spørgsmål ud, der rammer én elev.",
    "class-guess": "Det er gættet om klassen, klassens eget svar retter op på.",
    "roed-class": "Gæt om navngivne kammerater og noget ulovligt kan udstille nogen.",
    "roed-grade": "Før 7. årgang gør et ulovligt emne mere ved at blive nævnt end ved "
    "at blive rettet.",
    "roed-own-act": "Et svar på noget ulovligt kan skade den, der gav det; under 15 "
    "år spørges der ikke.",
    "roed-figure": "Klassens egne tal om noget ulovligt vises ikke, så facit må komme "
    "udefra.",
    "must-be-roed": "Det ulovlige og det intime har de strengeste regler for, hvad der "
    "spørges om og vises.",
    "too-early": "Emnet gør mere skade end gavn, før det fylder i elevernes liv.",
    "indicator": "Et gæt uden et tal at holde det op imod lærer klassen ingenting.",
    "indicator-grade": "Et tal for andre aldre viser en forkert norm.",
    "word": "Forklaringen skal stå ved det ord, eleven læser.",
    "prompts": "Tallene virker først, når klassen har talt om dem.",
    "few-lines": "Én linje er let at komme galt fra, når samtalen tager en drejning.",
    "agreement": "Aftalen skal være klassens egne ord.",
    "source": "Styregruppen skal kunne se, hvor temaet står i planen.",
    "language": "Telefonen skal vide, hvilket sprog den viser og læser højt.",
    "translation": "To læsere må ikke blive spurgt om hver sit.",
    "translation-missing": "En halv oversættelse er værre end ingen for den, der "
    "behøver den.",
    "screen-word": "Et sprog tilbydes kun, når hele skærmen er der.",
    "screen-word-missing": "Et sprog tilbydes kun, når hele skærmen er der.",
    "parents-guess": "Forældre gætter på det, eleverne svarede på om sig selv.",
    "highest-sensitivity": "Den sætter, hvor lille en gruppe der må vises.",
}
"""Rule -> why it is there, in the method's terms (docs/method.md)."""

_QUOTED = re.compile(r"'([^']*)'")
_VALUES = {"roed": "rød", "groen": "grøn"}


@dataclass(frozen=True)
class Remark:
    """A problem as it stands beside a field.

    :ivar field: the key of the field; :data:`ORDER` where it is about the set.
    :ivar place: the triad's place in the set, from 0; None where it is about the rest.
    :ivar is_error: whether it keeps the set from being published.
    """

    field: str
    place: int | None
    text: str
    why: str
    is_error: bool


def remarks(problems: Iterable[Problem], acts: Mapping[str, str]) -> list[Remark]:
    """Problems in a page's words, in their order; the same one once.

    :param acts: triad id -> the act, which is what a page calls a triad by.
    """
    return list(dict.fromkeys(_remark(one, acts) for one in problems))


def _remark(problem: Problem, acts: Mapping[str, str]) -> Remark:
    place, field = _place(problem.path)
    said = f"{problem.what} {_INSTEAD.get(problem.rule, problem.instead)}"
    text = _QUOTED.sub(lambda match: _named(match[1], acts), said)
    is_error = problem.level is Level.ERROR
    return Remark(field, place, text.strip(), WHY.get(problem.rule, ""), is_error)


def _named(word: str, acts: Mapping[str, str]) -> str:
    """A key, an id or a value as the page has it."""
    if word == Role.OTHERS:
        return "spørgsmålet om alle de andre"
    figure = indicators()[word].label if word in indicators() else ""
    known = LABELS.get(word) or acts.get(word) or figure
    return f"”{known or _VALUES.get(word, word)}”"


def _place(path: Path) -> tuple[int | None, str]:
    """The triad's place and the field that a path leads to."""
    if not path:
        return None, ORDER
    if path[0] in ("oversat", "skaermord"):
        return None, ORDER  # no form has them
    if path[0] != "spoergsmaal":
        return None, str(path[0])
    if len(path) == 1:
        return None, ORDER
    key = str(path[2]) if len(path) > 2 else ORDER
    # Both guesses are made of the act, so that is where they are mended.
    is_made = key == Role.OTHERS
    return int(path[1]), "kort" if is_made else key
