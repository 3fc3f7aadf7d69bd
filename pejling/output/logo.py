"""A kommune's logo: taken in as PNG or SVG, checked, and written anew.

What is kept is never what was sent: a PNG is decoded and drawn again, an SVG is read
and only what is allowed is written. The file's name and what it calls itself count for
nothing; its first bytes tell what it is.
"""

import hashlib
from dataclasses import dataclass

from pejling.domain.kommune import Logo
from pejling.output import logo_png, logo_svg
from pejling.output.unfit_logo import UnfitLogo

MOST_BYTES = 200 * 1024
"""Of a file that is sent: a logo for print is 5 to 50 kB."""

BOX = logo_png.BOX


@dataclass(frozen=True)
class Taken:
    """A logo as it is kept, and what was left out of it, in words."""

    logo: Logo
    left_out: tuple[str, ...]


def take(raw: bytes) -> Taken:
    """A logo from the bytes of a file.

    :raises UnfitLogo: with a sentence that says why, and what to do.
    """
    if not raw:
        raise UnfitLogo("Filen er tom. Vælg en anden.")
    if len(raw) > MOST_BYTES:
        raise UnfitLogo(
            f"Filen fylder {len(raw) // 1024} kB. Et logo må højst fylde "
            f"{MOST_BYTES // 1024} kB; gem det mindre, eller brug SVG."
        )
    kind = _kind(raw)
    part = logo_png if kind == "png" else logo_svg
    picture, width, height, left_out = part.rewritten(raw)
    digest = hashlib.sha256(picture).hexdigest()[:16]
    return Taken(Logo(kind, picture, width, height, digest), left_out)


_OTHERS = {
    b"\xff\xd8": "et JPEG-billede",
    b"GIF8": "et GIF-billede",
    b"RIFF": "et WebP-billede",
    b"%PDF": "en PDF",
    b"%!PS": "en EPS-fil",
    b"\x1f\x8b": "pakket (svgz)",
    b"PK": "pakket (zip)",
}


def _kind(raw: bytes) -> str:
    if raw.startswith(logo_png.SIGNATURE):
        return "png"
    # Behind a mark of byte order, if there is one, and white space.
    start = raw[:200].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        return "svg"
    for mark, name in _OTHERS.items():
        if raw.startswith(mark):
            raise UnfitLogo(f"Filen er {name}. Gem logoet som SVG eller PNG.")
    raise UnfitLogo("Filen er hverken SVG eller PNG. Gem logoet som en af dem.")
