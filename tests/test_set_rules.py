"""One broken file for each rule: found, told apart, and told where."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from pejling.domain.content import library, set_files
from pejling.domain.content.problems import Level, Problem

ROOT = Path(__file__).parent.parent
GOOD = (Path(__file__).parent / "data" / "proeve.toml").read_text(encoding="utf-8")

Change = Callable[[str], str]


def swap(*pairs: tuple[str, str]) -> Change:
    """The good file with pieces of its text replaced, each where it first stands."""

    def change(text: str) -> str:
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        return text

    return change


def without_item(triad_id: str) -> Change:
    """The good file without one of its questions."""

    def change(text: str) -> str:
        head, *items = text.split("[[spoergsmaal]]")
        kept = [one for one in items if f'id = "{triad_id}"' not in one]
        assert len(kept) == len(items) - 1
        return "[[spoergsmaal]]".join([head, *kept])

    return change


def both(first: Change, then: Change) -> Change:
    return lambda text: then(first(text))


def moved(triad_id: str, place: int) -> Change:
    """The good file with one of its questions in another place."""

    def change(text: str) -> str:
        head, *items = text.split("[[spoergsmaal]]")
        one = next(item for item in items if f'id = "{triad_id}"' in item)
        items.remove(one)
        items.insert(place, one if one.endswith("\n\n") else f"{one}\n")
        return "[[spoergsmaal]]".join([head, *items])

    return change


def also(table: str, **changes: str) -> Change:
    """The good file with a table of another language behind it."""
    rows = {
        "oversat": {
            "sprog": "en",
            "id": "dyr",
            "kort": "have a pet",
            "selv": "Do you?",
        },
        "skaermord": {"sprog": "ar", "noegle": "trin", "tekst": "{nummer}/{antal}"},
    }
    lines = [f'{key} = "{text}"' for key, text in (rows[table] | changes).items()]
    return lambda text: "\n".join([text, f"[[{table}]]", *lines, ""])


def own(act: str) -> Change:
    """The good file where the item "drille" has another act."""
    return lambda text: text.replace("det er sjovt at drille", act)


def late(act: str) -> Change:
    """The good file where the behaviour "oppe_sent" is another one."""
    return lambda text: text.replace("været oppe efter kl. 23", act)


YOUNG = swap(("aargang = [7]", "aargang = [6]"), ('"nikotin"', '"trivsel"'))
LONG = "synes, det er i orden at blive hjemme fra skole, når man er træt og ked"

BROKEN: dict[str, list[tuple[Change, str, str]]] = {
    # rule: the change, the start of the line it is about, and a piece of what is said
    "unknown-key": [
        (swap(('titel = "En', 'titell = "En')), "titell =", "'titell' findes ikke")
    ],
    "missing-key": [
        (swap(('svar = "hyppighed4"\n', "")), "[[spoergsmaal]]", "'svar' mangler")
    ],
    "type": [
        (
            swap(("kerne = false", 'kerne = "nej"')),
            'kerne = "nej"',
            "Skriv true eller false",
        ),
        (swap(('tema = "Damp"', "tema = 3")), "tema = 3", "skal være tekst"),
        (swap(("aargang = [7]", "aargang = 7")), "aargang = 7", "skal være en liste"),
    ],
    "choice": [
        (swap(('art = "holdning"', 'art = "mening"')), 'art = "mening"', "'mening'"),
        (swap(("version = 1", "version = 0")), "version = 0", "fra 1 til 9999"),
        (swap(("minutter = 45", "minutter = 50")), "minutter = 50", "45, 60, 90"),
    ],
    "count": [
        (
            swap(
                ('  "Eleven kan gætte.",\n', ""),
                ('  "Eleven kan se på et tal.",\n', ""),
            ),
            "laeringsmaal = [",
            "'laeringsmaal' har 0",
        )
    ],
    "text": [
        (swap(('tema = "Damp"', 'tema = "Damp "')), "tema =", "mellemrum i enden"),
        (swap(('tema = "Damp"', f'tema = "{"x" * 121}"')), "tema =", "højst 120 tegn"),
        (swap(('tema = "Damp"', 'tema = "Da\u200bmp"')), "tema =", "usynlige tegn"),
    ],
    "id": [
        (
            swap(('id = "proeve"', 'id = "../proeve"')),
            "id =",
            "'../proeve' kan ikke bruges",
        ),
        (swap(('id = "oppe_sent"', 'id = "vape"')), "id =", "'vape' står to gange"),
        (swap(('id = "vape"', 'id = "aerlighed"')), "id =", "'aerlighed' er optaget"),
    ],
    "audience": [
        (swap(("[7]", "[11]"), ("7. klasse", "7. klasse")), "aargang = [11]", '"unge"')
    ],
    "triad-order": [
        (
            lambda text: text.replace(
                'andre = "Hvor mange af alle de andre i 7. klasse har et kæledyr?"\n',
                "",
            ).replace(
                'selv = "Har du selv et kæledyr?"\n',
                'selv = "Har du selv et kæledyr?"\n'
                'andre = "Hvor mange af alle de andre i 7. klasse har et kæledyr?"\n',
            ),
            "[[spoergsmaal]]",
            "kammerater, selv, andre",
        )
    ],
    "same-stem": [
        (
            swap(("alle de andre i 7. klasse har vapet", "de andre har vapet")),
            "andre =",
            "…",
        ),
        (
            swap(("i klassen tror du har vapet", "tror du har vapet")),
            "kammerater =",
            "i klassen",
        ),
        (
            swap(("andre i 7. klasse har vapet", "andre i 8. klasse har vapet")),
            "andre =",
            "7.",
        ),
    ],
    "same-act": [
        (
            swap(("i 7. klasse har vapet", "i 7. klasse har damp")),
            "andre =",
            "'kort' og 'tid'",
        )
    ],
    "same-time": [
        (
            swap(("selv vapet de seneste 30 dage", "selv vapet")),
            "selv =",
            "nævner ikke tiden",
        )
    ],
    "question-mark": [
        (swap(("Har du selv et kæledyr?", "Har du selv et kæledyr")), "selv =", "'?'")
    ],
    "sentence-length": [(own(LONG.removeprefix("synes, ")), "kort =", "15 ord")],
    "reading-index": [
        (
            lambda text: (
                own("undervisningsministeren overvurderer folkeskolen")(text)
                .replace("man kan sige nej", "ungdomsuddannelser undervurderes")
                .replace("har et kæledyr", "har akvariefisk")
                .replace(
                    "hjulpet en, der var ked af det", "understøttet holdkammerater"
                )
                .replace("oppe efter kl. 23", "udendørs efter midnat")
            ),
            "[[spoergsmaal]]",
            "lixtal",
        )
    ],
    "reading-index-of-one": [
        (late("overnattet udendørs torsdag"), "[[spoergsmaal]]", "Brug kortere ord")
    ],
    "long-word": [
        (
            both(
                both(YOUNG, without_item("stjaalet")),
                lambda text: (
                    text.replace("7. klasse", "6. klasse")
                    .replace("seneste", "sidste")
                    .replace("oppe efter kl. 23", "hos tandplejersken i dag")
                ),
            ),
            "[[spoergsmaal]]",
            "tandplejersken",
        )
    ],
    "leading-word": [
        (swap(('"har vapet"', '"har desværre vapet"')), "kort =", "desværre"),
    ],
    "judging-word": [(late("gjort noget dumt"), "kort =", "dumt")],
    "own-act": [
        (
            swap(("Har du selv vapet de", "Har du selv sunget de")),
            "selv =",
            "Brug de samme ord som i: har vapet",
        )
    ],
    "own-attitude": [
        (
            swap(("Synes du selv, det er i orden at tage ting", "Har du taget ting")),
            "selv =",
            "Synes du selv, …?",
        ),
        (
            swap(('selv_kort = "synes, det', 'selv_kort = "har gjort det')),
            "selv =",
            "…",
        ),
    ],
    "attitude-words": [
        (
            lambda text: text.replace("synes, man kan sige nej", "kan sige nej"),
            "kort =",
            "hvad man synes",
        )
    ],
    "must-be-roed": [
        (late("stjålet en cykel"), "foelsomhed =", "”stjålet”, men er groen"),
        (
            swap(('"vape_last_30d"', '"shoplift_12m"')),
            "foelsomhed =",
            "har 'shoplift_12m', men er gul",
        ),
    ],
    "intention": [
        (swap(("Har du selv vapet de", "Ville du vape de")), "selv =", "Ville du"),
    ],
    "kind-and-direction": [
        (
            swap(('retning = "neutral"', 'retning = "risiko"')),
            "art =",
            "passer ikke sammen",
        )
    ],
    "warm-up": [
        (moved("dyr", 1), "[[spoergsmaal]]", "først og alene"),
        (
            swap(
                ('art = "holdning"', 'art = "neutral"'),
                ('retning = "beskyttende"', 'retning = "neutral"'),
            ),
            "[[spoergsmaal]]",
            "først og alene",
        ),
    ],
    "proud-last": [(moved("drille", 6), "[[spoergsmaal]]", "stolt")],
    "balance": [
        (
            both(without_item("sige_nej"), without_item("drille")),
            "[[spoergsmaal]]",
            "holdninger",
        )
    ],
    "risk-in-a-row": [
        (moved("oppe_sent", 2), "[[spoergsmaal]]", "'vape' og 'oppe_sent'"),
    ],
    "core": [
        (
            swap(
                ('kerne = false\nkort = "har været', 'kerne = true\nkort = "har været')
            ),
            "[[spoergsmaal]]",
            "på 5 i 45 minutter",
        ),
        (swap(("kerne = true", "kerne = false")), "kerne = false", "Opvarmningen"),
        (swap(("minutter = 45", "minutter = 90")), "[[spoergsmaal]]", "6 til 8"),
        (
            lambda text: (
                text[: text.rindex("kerne = true")]
                + text[text.rindex("kerne = true") :].replace("true", "false")
            ),
            "[[spoergsmaal]]",
            "stolt",
        ),
    ],
    "bank": [(without_item("oppe_sent"), "[[spoergsmaal]]", "banken")],
    "class-guess": [
        (
            swap(
                (
                    'kammerater = "Hvor mange af dine kammerater i klassen tror du har '
                    'vapet de seneste 30 dage?"\n',
                    "",
                )
            ),
            "[[spoergsmaal]]",
            "Kun røde",
        )
    ],
    "roed-class": [
        (
            swap(
                (
                    'selv = "Synes du selv, det er i orden at tage',
                    'kammerater = "Hvor mange af dine kammerater i klassen tror du har '
                    "taget noget i en butik uden at betale det seneste år?"
                    '"\nselv = "Synes du selv, det er i orden at tage',
                )
            ),
            "kammerater =",
            "Slet 'kammerater'",
        )
    ],
    "roed-grade": [
        (
            both(
                YOUNG,
                lambda text: text.replace("7. klasse", "6. klasse").replace(
                    "seneste", "sidste"
                ),
            ),
            "[[spoergsmaal]]",
            "tidligst i 7. årgang",
        )
    ],
    "roed-own-act": [
        (
            swap(('svar = "holdning_ja_nej"', 'svar = "ja_nej"')),
            "selv =",
            "har gjort det",
        ),
        (
            swap(
                (
                    'selv_kort = "synes, det er i orden at tage ting uden at betale"\n',
                    "",
                )
            ),
            "selv =",
            "selv_kort",
        ),
    ],
    "roed-figure": [
        (
            swap(
                (
                    'facit = "ungeprofil"\nindikator = "shoplift_12m"',
                    'facit = "kommunens_samlede_svar"',
                )
            ),
            "facit =",
            "Ungeprofilen",
        )
    ],
    "too-early": [
        (
            both(
                YOUNG,
                lambda text: text.replace("7. klasse", "6. klasse").replace(
                    "seneste", "sidste"
                ),
            ),
            "kort =",
            "”vapet” i 6. årgang",
        ),
        (swap(("[7]", "[6]")), "emne =", "Emnet nikotin"),
    ],
    "indicator": [
        (
            swap(('"vape_last_30d"', '"vape_last_30"')),
            'indikator = "vape_last_30"',
            "Mente du vape_last_30d?",
        ),
        (
            swap(('indikator = "shoplift_12m"\n', "")),
            "[[spoergsmaal]]",
            "'indikator' mangler",
        ),
    ],
    "indicator-grade": [
        (
            swap(('"vape_last_30d"', '"vape_daily"')),
            'indikator = "vape_daily"',
            "passer ikke til 7. årgang",
        )
    ],
    "highest-sensitivity": [
        (
            swap(('foelsomhed = "roed"', 'foelsomhed = "gul"')),
            "hoejeste_foelsomhed =",
            "Skriv 'roed'",
        )
    ],
    "word": [
        (
            swap(('ord = "vapet"', 'ord = "hash"')),
            "[[ord]]",
            "står ikke i noget spørgsmål",
        ),
        (
            swap(("At vape er at", "At vape er som man siger en slags måde for at")),
            "betyder =",
            "17 ord",
        ),
    ],
    "prompts": [
        (
            swap(('ved = "alle"', 'ved = "overdrivelse"')),
            "[[samtalespoergsmaal]]",
            "intet samtalespørgsmål ved alle",
        )
    ],
    "few-lines": [
        (swap(('  "Det er ikke en prøve.",\n', "")), "sig = [", "'sig' har én linje")
    ],
    "agreement": [
        (swap(("klasse …", "klasse.")), "klasseaftale_start =", "Slut med …")
    ],
    "source": [
        (swap(('citat = "Social pejling"\n', "")), "[[kilder]]", "ikke, hvad der står")
    ],
    "language": [
        (also("oversat", sprog="engelsk"), 'sprog = "engelsk"', "Sproget 'engelsk'"),
        (also("oversat", sprog="da"), 'sprog = "da"', "Sproget 'da'"),
        (also("skaermord", sprog="en_GB"), 'sprog = "en_GB"', "Sproget 'en_GB'"),
    ],
    "translation": [
        (also("oversat", id="findes_ikke"), 'id = "findes_ikke"', "intet spørgsmål"),
        (both(also("oversat"), also("oversat")), "[[oversat]]", "to gange til en"),
    ],
    "translation-missing": [
        (also("oversat"), "[[spoergsmaal]]", "På en mangler: har vapet; "),
    ],
    "screen-word": [
        (also("skaermord", noegle="andet"), 'noegle = "andet"', "ord med det navn"),
        (also("skaermord", tekst="{antal}"), 'tekst = "{antal}"', "passer ikke"),
        (also("skaermord", tekst="1 / {n}"), 'tekst = "1 / {n}"', "{antal}, {nummer}"),
        (both(also("skaermord"), also("skaermord")), 'noegle = "trin"', "to gange"),
        (also("skaermord", sprog="en"), 'noegle = "trin"', "selv skærmens ord på en"),
    ],
    "screen-word-missing": [
        (
            both(also("oversat", sprog="ar"), also("skaermord")),
            "[[spoergsmaal]]",
            "Af skærmens ord på ar mangler ",
        ),
    ],
    "parents-guess": [
        (
            swap(("\n[[kilder]]", 'gaet_elevernes_svar = ["6a/x"]\n\n[[kilder]]')),
            'gaet_elevernes_svar = ["6a/x"]',
            "Kun forældre",
        )
    ],
    "file-name": [(swap(('id = "proeve"', 'id = "andet"')), "id =", "andet.toml")],
    "version": [
        (
            lambda text: text.replace("vapet", "dampet"),
            "version = 1",
            "Skriv version = 2",
        )
    ],
    "syntax": [
        (swap(('tema = "Damp"', "tema = Damp")), "tema = Damp", "ikke gyldig TOML"),
        (swap(('tema = "Damp"', 'tema = "Da\tmp\nx"')), "tema =", "ikke gyldig TOML"),
        (swap(('tema = "Damp"', 'tema = "Damp"\ntema = "x"')), "tema =", "to gange"),
    ],
    "encoding": [
        (lambda text: text.replace("ø", "\udcf8", 1), "titel =", "ikke UTF-8")
    ],
    "too-large": [(lambda text: text + "#" * 10_000_000, "", "højst 256 kB")],
}
WARNINGS = {"judging-word", "reading-index-of-one", "long-word", "bank", "few-lines"}
WARNINGS |= {"translation-missing", "screen-word-missing"}
CASES = [(rule, place) for rule in BROKEN for place in range(len(BROKEN[rule]))]


def problems_of(folder: Path, text: str) -> list[Problem]:
    """What the checker says about a file with this text."""
    path = folder / "proeve.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    published = {"proeve": {"1": FINGERPRINT}}
    return set_files.check_file(path, published)[1]


def fingerprint(folder: Path) -> str:
    path = folder / "proeve.toml"
    path.write_text(GOOD, encoding="utf-8")
    return set_files.fingerprint(set_files.read_set(path))


FINGERPRINT = set_files.fingerprint(
    set_files.read_set(Path(__file__).parent / "data" / "proeve.toml")
)


def test_good_file_has_no_problem(tmp_path):
    # Without this the table above could pass on a file that is wrong anyway.
    assert problems_of(tmp_path, GOOD) == []


@pytest.mark.parametrize(("rule", "place"), CASES)
def test_broken_file_is_told(tmp_path, rule, place):
    change, line, words = BROKEN[rule][place]
    text = change(GOOD)
    found = [one for one in problems_of(tmp_path, text) if one.rule == rule]
    assert found, f"{rule} said nothing"
    said = [one for one in found if words in str(one)]
    assert said, found
    assert ["", *text.splitlines()][said[0].line].startswith(line)
    assert bool(said[0].line) == bool(line)
    assert all(one.instead for one in found)


@pytest.mark.parametrize("rule", BROKEN)
def test_warnings_are_told_apart_from_errors(tmp_path, rule):
    change, _, _ = BROKEN[rule][0]
    found = [one for one in problems_of(tmp_path, change(GOOD)) if one.rule == rule]
    level = Level.WARNING if rule in WARNINGS else Level.ERROR
    assert {one.level for one in found} == {level}


def test_file_with_warnings_only_is_used(tmp_path):
    (tmp_path / "proeve.toml").write_text(without_item("oppe_sent")(GOOD))
    read = library.read(tmp_path)
    assert list(read.sets) == ["proeve"]
    assert [one.rule for one in read.problems] == ["bank"]
    assert read.errors == []


ELSEWHERE = {"unreadable", "plan-set"}
"""Rules about a folder or a plan: tests/test_library.py."""


def test_every_rule_has_a_broken_file():
    assert rules_in_code() == set(BROKEN) | ELSEWHERE


def test_every_rule_is_documented():
    text = (ROOT / "docs" / "question_sets.md").read_text(encoding="utf-8")
    assert [one for one in rules_in_code() if f"| `{one}` |" not in text] == []


def rules_in_code() -> set[str]:
    """The ids that say() and Problem() are given in the domain."""
    found = set()
    for path in (ROOT / "pejling" / "domain" / "content").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found |= _rule_of(node)
    return found - {""}


def _rule_of(call: ast.Call) -> set[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    place = {"say": 0, "Problem": 4}.get(name)
    if place is None or len(call.args) <= place:
        return set()
    value = call.args[place]
    return {str(value.value)} if isinstance(value, ast.Constant) else set()
