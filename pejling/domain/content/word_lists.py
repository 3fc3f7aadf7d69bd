"""Words that a question's rules look for. No list is whole: a person reads the set too.

They are looked for in sentences with plain spaces and composed letters.
"""

import re

ILLEGAL = re.compile(
    r"\b(hash|joints?|pot|cannabis|lattergas\w*|kokain|coke|amfetamin|mdma|ecstasy|"
    r"(?:andre|et|tage|taget) stof(?:fer)?|euforiserende \w+|stjæle\w*|stjålet|stjal|"
    r"(?:hugget|nappet|taget) (?:\w+ ){1,4}i en (?:butik|forretning)|"
    r"uden at betale|butikstyveri\w*|tyveri\w*|hærværk\w*|graffiti|hæleri\w*|"
    r"ødelagt (?:\w+ ){0,3}med vilje|nøgenbillede\w*|intim\w* billede\w*)\b",
    re.IGNORECASE,
)
"""What is illegal, or shows somebody intimately: asked of others only, as roed."""

ILLEGAL_INDICATORS = (
    "cannabis_",
    "drugs_other_",
    "nitrous_",
    "medicine_misuse_",
    "shoplift_",
    "theft_",
    "vandalism",
    "graffiti",
    "crime_",
    "buy_stolen_",
    "money_mule_",
    "knife_",
    "image_share_other",
    "sext_self",
    "drink_drive_",
)
"""Indicators of such acts, by how their ids begin."""

RISKY = re.compile(
    r"\b(alkohol\w*|øl|vin|spiritus|vodka|rom|cider|champagne|pilsner\w*|breezers?|"
    r"shots?|promille\w*|beruse[rt]\w*|tømmermænd|drukfest\w*|druk|stiv til en fest|"
    r"drukket(?! (?:vand|mælk|kakao|varm|te|kaffe|juice|saft|sodavand|\w*drik\b))|"
    r"drikker (?:øl|vin|alkohol)|fulde?(?! (?:af|huse|fart|gang|skrald))|"
    r"(?:én|to|tre|fire|fem|\d+) genstande?|genstande? alkohol|"
    r"vape|vaper|vapes|vapet|e-?cigaret\w*|e-?smøg\w*|snus|nikotin\w*|tobak\w*|"
    r"cigaret\w*|smøge?r?|puff ?bars?|vandpibe\w*|poser under læben|"
    r"ryge[rt]?|rygning|røget(?! (?:laks|fisk|makrel|ål|sild))|"
    r"rusmid\w*|kriminel\w*|kriminalitet\w*)\b",
    re.IGNORECASE,
)
"""Tobacco, alcohol and crime by their words; what is illegal has its own list."""

LEADING = re.compile(
    r"\b(desværre|heldigvis|selvfølgelig|naturligvis|ikke sandt|burde|endda|"
    r"trods alt|rent faktisk|virkelig|vel ikke|mon også|mon ikke|"
    r"ligesom de fleste|som alle de andre|en af dem, der)\b",
    re.IGNORECASE,
)
"""What answers for the pupil."""

JUDGING = re.compile(
    r"\b(bare|forkert\w*|dum\w*|farlig\w*|skadelig\w*|usund\w*|uansvarlig\w*|"
    r"umoden\w*|klam\w*|ulækker\w*|skamm?e\w*|flink\w*|ordentlig\w*)\b",
    re.IGNORECASE,
)
"""What may judge an act; it may also be plain, so this is a warning."""

INTENTION = re.compile(
    r"(\b(?:ville|vil|gad|kommer|skal) du\b|\bvil man\b|"
    r"\bkunne du (?:finde på|tænke dig)|\bkan du finde på|"
    r"\bregner (?:du )?med at|\bhar (?:du )?(?:lyst til|planer om)(?: at)?\b|"
    r"\btænk(?:er du|t (?:sig|dig)) (?:på )?at)",
    re.IGNORECASE,
)

"""What asks about the future: asking about use to come has raised it."""

ATTITUDES = ("synes", "har respekt for", "ønsker", "mener", "foretrækker")
"""How an attitude begins: told apart from an act by its verb."""
