"""QR codes as SVG, to be scanned from the back row."""

from functools import lru_cache
from xml.etree import ElementTree

LABEL = "QR-kode til at komme med"


@lru_cache(maxsize=64)
def svg(text: str, label: str = LABEL) -> str:
    """A QR code that many screens ask for again and again: drawn once, remembered."""
    return draw(text, label)


def draw(text: str, label: str = LABEL) -> str:
    """A QR code as an ``<svg>`` that can stand in a page.

    Capitals, digits and ``$%*+-./:`` keep the code in its alphanumeric mode: a module
    of ``HTTPS://HOST/Q/<26 letters>`` is then a third larger than in mixed case. Error
    correction M survives a lamp's reflection; the border of 4 modules is what the
    standard (ISO/IEC 18004) asks for. White ground in the picture itself, so that it
    can be read on a dark page too.
    """
    import qrcode
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.image.svg import SvgPathFillImage

    code = qrcode.QRCode(
        error_correction=ERROR_CORRECT_M, border=4, image_factory=SvgPathFillImage
    )
    # Without optimising: it cuts the text in parts of several modes, which is longer.
    code.add_data(text, optimize=0)
    picture = code.make_image().get_image()
    for size in ("width", "height"):
        del picture.attrib[size]
    picture.set("role", "img")
    picture.set("aria-label", label)
    for part in picture:
        part.attrib.pop("id", None)  # two codes may stand on one page
    return ElementTree.tostring(picture, encoding="unicode")
