"""The coded result of one session as a file: for Danish Excel, or plain CSV."""

from collections.abc import Sequence
from typing import Any

from pejling.domain import wording
from pejling.domain.disclosure import END, Shown, bounds
from pejling.domain.follow_up import Compared, Verdict
from pejling.domain.revealed import Result, Results

WITHHELD = "vises ikke"

COLUMNS: Sequence[tuple[str, str]] = (
    ("dato", "Dagen, pejlingen blev holdt"),
    ("skole", "Skolens navn"),
    ("klasse", "Klassen"),
    ("spoergeskema", "Spørgeskemaets id"),
    ("version", "Spørgeskemaets version; en ændret ordlyd er en ny version"),
    ("emne", "Emnets id i spørgeskemaet"),
    ("handling", "Det, der spørges om"),
    ("tid", "Det tidsrum, der spørges om; tomt, hvis handlingen selv siger det"),
    ("retning", "risiko, beskyttende, faelles_vilkaar eller neutral"),
    ("foelsomhed", "groen, gul eller roed; afgør, hvor mange svar der skal til"),
    ("til_stede", "Elever i lokalet; det, der gættes ud af"),
    ("svaret", "Elever, der sendte svar på emnet"),
    ("udeladt", "Hvorfor læreren har udeladt emnet; tomt, hvis det tæller med"),
    ("gaet_andre", "Midterste gæt om alle de andre, i elever ud af til_stede"),
    ("gaet_klassen", "Midterste gæt om klassen, i elever ud af til_stede"),
    (
        "ja",
        "Elever, der svarede ja. 0, 1 og 2 skrives 'højst 2', og de tre højeste tal "
        "skrives 'mindst', så ingen enkelt elevs svar kan læses",
    ),
    ("ja_mindst", "Det mindste antal, som 'ja' kan stå for"),
    ("ja_hoejst", "Det højeste antal, som 'ja' kan stå for"),
    (
        "ud_af",
        "Dem, 'ja' er talt ud af. Har en eller to valgt Vil ikke svare, er de talt med",
    ),
    (
        "vil_ikke_svare",
        "Elever, der valgte Vil ikke svare; 0, 1 og 2 skrives 'højst 2'",
    ),
    (
        "afstand",
        "Afstand fra gættet om klassen til ja, i elever ud af ud_af, regnet af det "
        "kodede tal",
    ),
    ("gaettede", "for højt, for lavt eller tæt på"),
    ("antal_for_hoejt", "Elever, der gættede for højt"),
    ("antal_taet_paa", "Elever, der gættede tæt på"),
    ("antal_for_lavt", "Elever, der gættede for lavt"),
    ("fund", "Metodens fund, se vejledningen"),
    (
        "flertalsmisforstaaelse",
        "ja, hvis gæt og svar ligger på hver sin side af halvdelen",
    ),
    ("saetning", "Sætningen under figuren"),
    ("andre_steder", "Tallet fra andre steder om handlingen, ud af 100"),
    ("andre_steder_her", "Hvad det svarer til i klassen, i elever ud af ud_af"),
    ("andre_steder_fra", "Det laveste tal i de fleste klasser, hvis tallet gjaldt dem"),
    ("andre_steder_til", "Det højeste tal i de fleste klasser"),
    ("klassen_ligger", "lavere, på niveau eller højere end de fleste klasser"),
    ("andre_steder_hvem", "Hvem tallet gælder, hvor og fra hvilket år"),
    ("andre_steder_kilde", "Kilden, forskelle i ordlyden og forbehold"),
    ("sidst_dato", "I en opfølgning: dagen for den første pejling"),
    ("sidst_til_stede", "Elever i lokalet dengang; det, der blev gættet ud af"),
    ("sidst_gaet_klassen", "Midterste gæt om klassen dengang, ud af sidst_til_stede"),
    ("sidst_for_hoejt", "Elever, der dengang gættede for højt"),
    ("sidst_taet_paa", "Elever, der dengang gættede tæt på"),
    ("sidst_for_lavt", "Elever, der dengang gættede for lavt"),
    (
        "gaet_siden_sidst",
        "lavere eller højere; kan ikke ses, hvor forskellen ikke er større, end "
        "tilfældet kan give",
    ),
    (
        "skaeve_gaet",
        "for højt eller for lavt: de gæt, som kolonnen efter denne handler om",
    ),
    ("skaeve_siden_sidst", "færre eller flere, der gætter sådan; eller kan ikke ses"),
)
"""Column and what it means; the codebook is made of it."""


def csv(
    results: Results, beside: Compared | None = None, *, plain: bool = False
) -> bytes:
    """A row per behaviour, coded, as a file.

    :param beside: the first run that a follow-up is held against.
    :param plain: commas and decimal points, UTF-8 without a mark, for programs; else
        semicolons, decimal commas and a byte order mark, as Danish Excel expects.
    """
    rows = [
        _row(results, one) | _before(one, beside)
        for one in results.items
        if not one.triad.is_about_pupils
    ]
    return _write(rows, [name for name, _ in COLUMNS], plain=plain)


def codebook() -> bytes:
    """What each column means, as a file for Danish Excel."""
    rows = [{"kolonne": name, "betydning": meaning} for name, meaning in COLUMNS]
    return _write(rows, ["kolonne", "betydning"], plain=False)


def table(rows: list[dict[str, Any]], columns: Sequence[str]) -> bytes:
    """Any rows as a file for Danish Excel, no cell of which is a formula."""
    return _write(rows, list(columns), plain=False)


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet reads as a formula.

    A leading apostrophe is what OWASP's "CSV Injection" recommends; a line inside the
    cell can begin one as well.
    """
    if not isinstance(value, str):
        return value
    lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return " ".join(
        f"'{line}"
        if line.strip("\u00a0 \t")[:1] in ("=", "+", "-", "@") and line.strip()
        else line.replace("\t", " ")
        for line in lines
    )


def _write(rows: list[dict[str, Any]], columns: list[str], *, plain: bool) -> bytes:
    import pandas

    # Cells are written before, and kept as they are: a column with a gap in it would
    # otherwise be read as decimals, and pupils come whole.
    safe = [
        {name: _written(safe_cell(cell), plain) for name, cell in row.items()}
        for row in rows
    ]
    frame = pandas.DataFrame(safe, columns=columns, dtype=object)
    text: str = frame.to_csv(
        index=False,
        sep="," if plain else ";",
        lineterminator="\r\n",
    )
    return text.encode("utf-8" if plain else "utf-8-sig")


def _written(cell: Any, plain: bool) -> Any:
    """A median such as 8.5 with the decimal mark of its reader."""
    return wording.number(cell) if isinstance(cell, float) and not plain else cell


def _row(results: Results, result: Result) -> dict[str, Any]:
    session = results.session
    triad = result.triad
    row: dict[str, Any] = {
        "dato": session.day,
        "skole": session.school,
        "klasse": session.class_name,
        "spoergeskema": session.questions.id,
        "version": session.questions.version,
        "emne": triad.id,
        "handling": triad.own_act,
        "tid": triad.recall_text if triad.own_act == triad.act else "",
        "retning": triad.direction.value,
        "foelsomhed": triad.sensitivity.value,
        "til_stede": session.present,
        "svaret": result.answered,
        "udeladt": wording.OMISSIONS[result.omission] if result.omission else "",
        "gaet_andre": _whole(result.others_perceived),
        "saetning": result.sentence,
    }
    row.update(_own(result))
    row.update(_guesses(result))
    row.update(_elsewhere(result))
    return row


def _elsewhere(result: Result) -> dict[str, Any]:
    found = result.elsewhere
    if found is None:
        return _outside(result)
    return {
        "andre_steder": _whole(round(found.percent, 1)),
        "andre_steder_her": round(found.expected),
        "andre_steder_fra": found.low,
        "andre_steder_til": found.high,
        "klassen_ligger": found.place.value,
        "andre_steder_hvem": wording.whom(found.figure),
        "andre_steder_kilde": wording.source(found),
    }


def _before(result: Result, beside: Compared | None) -> dict[str, Any]:
    """The guesses of the first run, and whether a change can be seen."""
    if beside is None or result.triad.id not in beside.changes:
        return {}
    change = beside.changes[result.triad.id]
    before = change.before.norms
    return {
        "sidst_dato": beside.day,
        "sidst_til_stede": before.present,
        "sidst_gaet_klassen": _whole(before.perceived),
        "sidst_for_hoejt": before.shares.too_high,
        "sidst_taet_paa": before.shares.close,
        "sidst_for_lavt": before.shares.too_low,
        "gaet_siden_sidst": change.believed.value,
        "skaeve_gaet": "for lavt" if change.asks_too_low else "for højt",
        "skaeve_siden_sidst": {Verdict.DOWN: "færre", Verdict.UP: "flere"}.get(
            change.astray, Verdict.UNSEEN.value
        ),
    }


def _outside(result: Result) -> dict[str, Any]:
    """What the guesses about alle de andre are held against, where nothing else is."""
    found = result.outside
    if found is None:
        return {}
    return {
        "andre_steder": _whole(round(found.percent, 1)),
        "andre_steder_her": found.facit.value,
        "andre_steder_hvem": wording.whom(found.figure),
        "andre_steder_kilde": wording.source(found),
    }


def _own(result: Result) -> dict[str, Any]:
    if not isinstance(result.own, Shown):
        return {"ja": WITHHELD}
    low, high = bounds(result.own)
    declined = result.declined
    return {
        "ja": wording.coded(result.own),
        "ja_mindst": low,
        "ja_hoejst": high,
        "ud_af": result.own.n,
        "vil_ikke_svare": declined or f"højst {END}",
    }


def _guesses(result: Result) -> dict[str, Any]:
    if result.norms is None or result.finding is None:
        return {}
    norms = result.norms
    gap = norms.misperception
    if abs(gap) <= norms.tolerance:
        which = "tæt på"
    else:
        which = "for højt" if gap > 0 else "for lavt"
    return {
        "gaet_klassen": _whole(norms.perceived),
        # Without a sign: a cell that begins with a minus looks like a formula.
        "afstand": _whole(round(abs(gap), 1)),
        "gaettede": which,
        "antal_for_hoejt": norms.shares.too_high,
        "antal_taet_paa": norms.shares.close,
        "antal_for_lavt": norms.shares.too_low,
        "fund": wording.BRANCH_NAMES[result.finding.branch],
        "flertalsmisforstaaelse": "ja" if norms.majority_misperception else "nej",
    }


def _whole(value: float | None) -> float | int | None:
    """8 rather than 8.0, and 8.5 as it is."""
    if value is None:
        return None
    return int(value) if value == int(value) else value
