"""The format of a question set: every key, what it holds, and what it is for.

The meanings are shown by editors that read the JSON Schema, so they are in Danish.
"""

from pejling.domain.content.shape import Field, Flag, Many, Tables, Text, Whole
from pejling.domain.grades import GRADES
from pejling.domain.question_sets import (
    AnswerFormat,
    Audience,
    Direction,
    Facit,
    Fit,
    Kind,
    Recall,
    Role,
    Sensitivity,
    Topic,
)

ID = r"[a-z0-9_]{1,40}"
"""Ids of sets and triads: they stand in addresses and file names."""

WHEN = ("overdrivelse", "overensstemmelse", "flere_end_vi_troede", "alle")
"""The findings that a set has something to talk about for, and ``alle`` for any."""

MINUTES = (45, 60, 90)
"""Lessons that the method lays out (docs/method.md, "The lesson")."""

MOST_TRIADS = 12
"""The warm-up included: what a bank may hold without being hard to choose from."""


MOST_LANGUAGES = 12
"""Besides Danish, in one set."""


def _of(names: type) -> tuple[str, ...]:
    return tuple(str(one.value) for one in names)  # type: ignore[attr-defined] # enums


TRIAD: tuple[Field, ...] = (
    Text("id", "Kendeord: a-z, 0-9 og _; ét i hvert sæt.", longest=40, pattern=ID),
    Text("art", "Hvad der spørges om.", choices=_of(Kind)),
    Text("retning", "Hvad der er godt for eleven.", choices=_of(Direction)),
    Text("foelsomhed", "Hvor følsomt et svar er.", choices=_of(Sensitivity)),
    Flag("kerne", "Om spørgsmålet er valgt på forhånd."),
    Text("kort", "Handlingen fra udsagnsordet af: har sunget i badet."),
    Text("tid", "Den tid, der spørges om.", choices=_of(Recall)),
    Text(Role.OTHERS.value, "Spørgsmålet om alle de andre.", longest=160),
    Text(
        Role.FRIENDS.value,
        "Spørgsmålet om klassen; udelades i røde spørgsmål.",
        needed=False,
        longest=160,
    ),
    Text(Role.OWN.value, "Spørgsmålet til eleven selv.", longest=160),
    Text("selv_kort", "Det, selv spørger om, når det ikke er kort.", needed=False),
    Text("svar", "Svarmulighederne.", choices=_of(AnswerFormat)),
    Flag(
        "kraever_anledning",
        "Føjer ”Har ikke været i situationen” til svarene.",
        needed=False,
    ),
    Text("facit", "Hvad gættet om alle de andre holdes op imod.", choices=_of(Facit)),
    Text("indikator", "Tallets navn i ordforrådet.", needed=False, longest=60),
    Text(
        "indikator_passer",
        "Hvor godt tallets ordlyd passer til spørgsmålet.",
        needed=False,
        choices=_of(Fit),
    ),
    Flag("indikator_omvendt", "Om tallet tæller dem, der ikke gør det.", needed=False),
    Text("note", "Kun til læreren.", needed=False, longest=400),
)

SOURCE: tuple[Field, ...] = (
    Text("kommune", "Kommunen, hvis plan temaet står i.", longest=40),
    Text("dokument", "Planens titel.", longest=160),
    Text("afsnit", "Afsnittet i planen.", longest=120),
    Text("citat", "Temaets navn, ord for ord.", needed=False, longest=120),
    Text("indhold", "Hvad afsnittet siger, med egne ord.", needed=False, longest=300),
)

WORD: tuple[Field, ...] = (
    Text("ord", "Ordet, som det står i et spørgsmål.", longest=40),
    Text("betyder", "Forklaringen i højst 15 ord.", longest=140),
)

PROMPT: tuple[Field, ...] = (
    Text("ved", "Hvornår spørgsmålet passer.", choices=WHEN),
    Text("tekst", "Spørgsmålet til samtalen.", longest=200),
)

TRANSLATION: tuple[Field, ...] = (
    Text("sprog", "Sproget som BCP 47: en, ar.", longest=20),
    Text("id", "Spørgsmålets kendeord.", longest=40),
    Text("kort", "Handlingen på det sprog.", longest=160, joiners=True),
    Text("selv", "Spørgsmålet til den, der svarer.", longest=240, joiners=True),
    Text(
        "tid",
        "Tiden, hvor sprogets faste ord ikke passer.",
        needed=False,
        longest=60,
        joiners=True,
    ),
)

SCREEN_WORD: tuple[Field, ...] = (
    Text("sprog", "Sproget som BCP 47: ar, so.", longest=20),
    Text("noegle", "Ordenes navn i programmet.", longest=60),
    Text("tekst", "Ordene på det sprog.", longest=400, joiners=True),
)

QUESTION_SET: tuple[Field, ...] = (
    Text("id", "Kendeord: a-z, 0-9 og _; det er også filens navn.", pattern=ID),
    Whole("version", "Version; en ændret ordlyd er en ny version.", low=1, high=9999),
    Text("titel", "Sættets titel."),
    Text("maalgruppe", "Hvem der svarer.", choices=_of(Audience)),
    Many(
        "aargang",
        "Årgange, 0 til 10; 11 er ungdomsuddannelse.",
        each=Whole("aargang", "En årgang.", high=GRADES[-1]),
        most=len(GRADES),
    ),
    Text("emne", "Emnet i årsplanen.", choices=_of(Topic)),
    Text("tema", "Temaet i ord.", longest=120),
    Whole("minutter", "Lektionens længde.", choices=MINUTES, high=MINUTES[-1]),
    Text("varighed", "Længden i ord.", longest=40),
    Text("hoejeste_foelsomhed", "Det mest følsomme.", choices=_of(Sensitivity)),
    Text("klasseaftale_start", "Sådan begynder klassens aftale.", longest=120),
    Many(
        "laeringsmaal",
        "Hvad der læres.",
        each=Text("laeringsmaal", "Ét mål.", longest=160),
        most=6,
    ),
    Many(
        "sig",
        "Det kan læreren sige.",
        each=Text("sig", "Én sætning.", longest=160),
        most=6,
    ),
    Many(
        "sig_ikke",
        "Det siger læreren ikke.",
        each=Text("sig_ikke", "Én sætning.", longest=160),
        most=6,
    ),
    Many(
        "gaet_elevernes_svar",
        "Spørgsmål, forældre gætter elevernes svar på: sæt/spørgsmål.",
        needed=False,
        each=Text("gaet_elevernes_svar", "sæt/spørgsmål.", longest=81),
        least=0,
        most=6,
    ),
    Tables("kilder", "Hvor temaet står i en plan.", fields=SOURCE),
    Tables(
        "ord",
        "Ord, der forklares på elevens skærm.",
        needed=False,
        fields=WORD,
        least=0,
    ),
    Tables("samtalespoergsmaal", "Spørgsmål til samtalen.", fields=PROMPT),
    Tables("spoergsmaal", "Spørgsmålene.", fields=TRIAD, most=MOST_TRIADS),
    Tables(
        "oversat",
        "Spørgsmålene på andre sprog.",
        needed=False,
        fields=TRANSLATION,
        least=0,
        most=MOST_LANGUAGES * MOST_TRIADS,
    ),
    Tables(
        "skaermord",
        "Skærmens faste ord på sprog, som programmet ikke selv har.",
        needed=False,
        fields=SCREEN_WORD,
        least=0,
        most=MOST_LANGUAGES * 120,
    ),
)
"""All keys of a file, in the order in which the shipped files have them."""

PUPILS = Text("elever", "Det spørgsmål, forældre gætter elevernes svar på.", False, 81)
"""Of a triad in a meeting's frozen set only: no file has it."""

FROZEN_SET: tuple[Field, ...] = tuple(
    Tables("spoergsmaal", "Spørgsmålene.", fields=(*TRIAD, PUPILS), most=20)
    if one.key == "spoergsmaal"
    else one
    for one in QUESTION_SET
)
"""What may stand in a set that was frozen with a session."""
