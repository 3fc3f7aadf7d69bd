"""A PNG taken apart and drawn again, so that nothing else travels in it.

Only the chunks that make the picture reach the decoder (Pillow, its reader of PNG and
no other): text, colour profiles, motion and whatever stands behind the end are never
unpacked. The size is read, and bounded, before anything is.
"""

import io
import struct
import zlib
from collections.abc import Iterator

from pejling.output.unfit_logo import UnfitLogo

SIGNATURE = b"\x89PNG\r\n\x1a\n"

BOX = (600, 200)
"""Largest width and height that are kept, in px: 25 mm high at 200 dots an inch."""

MOST_PIXELS = 4_000_000
"""Of a picture that is decoded: 16 MB of memory."""

_PICTURE = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_MOTION = (b"acTL", b"fcTL", b"fdAT")


def rewritten(raw: bytes) -> tuple[bytes, int, int, tuple[str, ...]]:
    """The picture as a new PNG, its width and height, and what was left out.

    :raises UnfitLogo: if it is not a whole PNG, or too large to be opened.
    """
    chunks = list(_chunks(raw))
    _check_size(chunks)
    kept = b"".join(whole for kind, whole in chunks if kind in _PICTURE)
    picture, width, height = _drawn(SIGNATURE + kept)
    left_out = []
    if any(kind in _MOTION for kind, _ in chunks):
        left_out.append("bevægelse")
    if len(SIGNATURE) + sum(len(whole) for _, whole in chunks) < len(raw):
        left_out.append("noget, der lå efter billedet i filen")
    return picture, width, height, tuple(left_out)


_BROKEN = "Billedet er ikke helt. Gem det igen som PNG, og prøv en gang til."


def _chunks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk up to the end of the picture: its kind, and all of it."""
    place, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        head = raw[place : place + 8]
        if len(head) < 8:
            raise UnfitLogo(_BROKEN)
        length, kind = struct.unpack(">I4s", head)
        whole = raw[place : place + 12 + length]
        if len(whole) < 12 + length:
            raise UnfitLogo(_BROKEN)
        if zlib.crc32(whole[4:-4]) != struct.unpack(">I", whole[-4:])[0]:
            raise UnfitLogo(_BROKEN)
        yield kind, whole
        place += len(whole)


def _check_size(chunks: list[tuple[bytes, bytes]]) -> None:
    kind, whole = chunks[0]
    # One header: the decoder would believe a later one.
    headers = sum(kind == b"IHDR" for kind, _ in chunks)
    if kind != b"IHDR" or headers != 1 or len(whole) != 12 + 13:
        raise UnfitLogo(_BROKEN)
    width, height = struct.unpack(">II", whole[8:16])
    if not width or not height:
        raise UnfitLogo(_BROKEN)
    if width * height > MOST_PIXELS:
        raise UnfitLogo(
            f"Billedet er {width} × {height} punkter. Gør det mindre: "
            f"{BOX[0]} × {BOX[1]} er nok."
        )


def _drawn(png: bytes) -> tuple[bytes, int, int]:
    from PIL import Image  # not at start: only who sends a logo needs it

    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
            opened.load()
            wide = opened.mode.startswith("I")  # 16 bits a point, else cut at 255
            plain = opened.point(lambda value: value / 256) if wide else opened
            picture = (plain.convert("L") if wide else plain).convert("RGBA")
    except (OSError, SyntaxError, ValueError, zlib.error, struct.error) as error:
        raise UnfitLogo(_BROKEN) from error
    if picture.getchannel("A").getextrema() == (0, 0):
        raise UnfitLogo("Billedet er gennemsigtigt over det hele. Vælg et andet.")
    picture.thumbnail(BOX, Image.Resampling.LANCZOS)
    fresh = Image.new("RGBA", picture.size)
    fresh.paste(picture)  # what belonged to the file stays with it
    out = io.BytesIO()
    fresh.save(out, "PNG", optimize=True)
    return out.getvalue(), fresh.width, fresh.height
