"""The QR: large modules, the short mode, safe to stand in a page."""

import re
from xml.etree import ElementTree

import pytest
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

from pejling.output import qr

LINK = "HTTPS://PEJLING.EXAMPLE.DK/Q/" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def modules(svg: str) -> set[tuple[int, int]]:
    """The dark modules of a picture, as column and row without the border."""
    (path,) = re.findall(r'd="([^"]+)"', svg)
    drawn = re.findall(r"M(\d+),(\d+)H(\d+)V(\d+)H\1z", path)
    assert "".join(f"M{x},{y}H{h}V{v}H{x}z" for x, y, h, v in drawn) == path
    assert all(int(h) - int(x) == int(v) - int(y) == 1 for x, y, h, v in drawn)
    return {(int(x) - 4, int(y) - 4) for x, y, _, _ in drawn}


def size(svg: str) -> int:
    """How many modules wide a picture is, its border of four on each side included."""
    (width,) = re.findall(r'viewBox="0 0 (\d+) \1"', svg)
    return int(width)


def test_module_is_a_45th_of_the_code_or_more():
    # 56 characters: version 3 with M holds 61 alphanumeric ones in 29 modules, and the
    # border adds 8. In mixed case it would be version 4, 33 modules.
    assert size(qr.svg(LINK)) == 37


@pytest.mark.parametrize(
    "host", ["SOCIAL-PEJLING.RINGKOEBING-SKJERN.DK", "10.0.0.9:8000"]
)
def test_module_stays_large_with_other_hosts(host):
    assert size(qr.svg(f"HTTPS://{host}/Q/{'A' * 26}")) <= 45


def test_link_is_held_in_alphanumeric_mode():
    assert QRData(LINK.encode()).mode == MODE_ALPHA_NUM
    code = QRCode(error_correction=0, border=0)  # 0 is M
    code.add_data(QRData(LINK.encode(), mode=MODE_ALPHA_NUM))
    expected = {
        (column, row)
        for row, line in enumerate(code.get_matrix())
        for column, dark in enumerate(line)
        if dark
    }
    assert modules(qr.svg(LINK)) == expected


def test_picture_may_stand_in_a_page():
    svg = qr.svg(LINK)
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own picture
    assert svg.startswith("<svg ")
    assert root.get("role") == "img"
    assert root.get("aria-label") == "QR-kode til at komme med"
    assert {"width", "height"}.isdisjoint(root.attrib)
    for word in ("style", "<script", " id=", "<?xml"):
        assert word not in svg


def test_code_is_dark_on_its_own_white_ground():
    ground, code = ElementTree.fromstring(qr.svg(LINK))  # noqa: S314 - our own picture
    assert (ground.get("fill"), code.get("fill")) == ("white", "#000000")
