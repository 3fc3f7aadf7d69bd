"""The class agreement: a few sentences that the class makes and the teacher types."""

from collections.abc import Sequence

MOST_SENTENCES = 4
"""So many can be remembered, and read from the last row."""

MOST_CHARACTERS = 400
"""For all of them together."""


class UnfitAgreement(ValueError):
    """It cannot be kept; the message says why, and what to do."""


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a typed text, one on each line, spaces tidied.

    :raises UnfitAgreement: if there are too many, or too much, or unreadable marks.
    """
    found = tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
    if len(found) > MOST_SENTENCES:
        raise UnfitAgreement(
            f"Der er {len(found)} sætninger. Vælg de {MOST_SENTENCES} vigtigste."
        )
    if len("\n".join(found)) > MOST_CHARACTERS:
        raise UnfitAgreement(
            f"Aftalen er på {_length(found)} tegn. Skriv højst {MOST_CHARACTERS}, så "
            "den kan læses fra bagerste række."
        )
    if not all(one.isprintable() for one in found):
        raise UnfitAgreement("Aftalen har usynlige tegn. Skriv den igen.")
    return found


def _length(found: Sequence[str]) -> int:
    return len("\n".join(found))
