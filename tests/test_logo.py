"""The kommune's logo: what nasty files come out as, if they come out at all."""

import gzip
import io
import re
import struct
import zlib
from contextlib import suppress
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from pejling.output import logo, logo_png, logo_svg
from pejling.output.unfit_logo import UnfitLogo

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 300 100">'
)
SHAPE = '<path d="M0 0h300v100H0z" fill="#123"/>'


def svg(inside: str, head: str = HEAD) -> bytes:
    return f"{head}{inside}</svg>".encode()


def png(width: int = 30, height: int = 10, mode: str = "RGBA", **more) -> bytes:
    out = io.BytesIO()
    colour = {"RGBA": (200, 0, 0, 255), "RGB": (200, 0, 0)}.get(mode, 200)
    Image.new(mode, (width, height), colour).save(out, "PNG", **more)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    whole = kind + data
    return struct.pack(">I", len(data)) + whole + struct.pack(">I", zlib.crc32(whole))


def header(width: int, height: int) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))


def kinds(raw: bytes) -> list[bytes]:
    """The chunks of a PNG, and b"rest" where something stands behind them."""
    found, place = [], 8
    while place < len(raw):
        length, kind = struct.unpack(">I4s", raw[place : place + 8])
        found.append(kind)
        place += 12 + length
        if kind == b"IEND" and place < len(raw):
            return [*found, b"rest"]
    return found


def assert_harmless(written: bytes) -> None:
    """Hold a written SVG against the lists, by another reader than ours."""
    text = written.decode()
    assert not re.search(r"<[!?]|&(?!amp;|lt;|gt;|quot;)", text)
    for one in ElementTree.fromstring(text).iter():  # noqa: S314 - ours
        space, _, name = one.tag[1:].partition("}")
        assert (space, name in logo_svg.ELEMENTS) == (logo_svg.SVG, True)
        for key, value in one.attrib.items():
            assert not key.startswith(("on", "{", "style", "class", "xml")), key
            assert ":" not in value, value
            if key == "href":
                assert value.startswith("#")
            for target in re.findall(r"url\((.*?)\)", value.lower()):
                assert target.startswith("#")


# --- SVG ------------------------------------------------------------------------------

NASTY = {
    "script": ("<script>alert(1)</script>", "et script"),
    "script with a prefix": (
        '<s:script xmlns:s="http://www.w3.org/2000/svg">alert(1)</s:script>',
        "et script",
    ),
    "onload": ('<g onload="alert(1)"/>', "en handling ved klik eller indlæsning"),
    "javascript link": (
        '<a xlink:href="javascript:alert(1)"><rect width="9" height="9"/></a>',
        "et link",
    ),
    "use from elsewhere": (
        '<use href="https://example.dk/a.svg#b"/>',
        "en henvisning ud af filen",
    ),
    "use of data": (
        '<use xlink:href="data:image/svg+xml,x#b"/>',
        "en henvisning ud af filen",
    ),
    "image": ('<image href="data:image/png;base64,AAAA"/>', "et indlejret billede"),
    "image from elsewhere": (
        '<image xlink:href="https://example.dk/a.png"/>',
        "et indlejret billede",
    ),
    "html": (
        '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">'
        "<iframe src='https://example.dk'/></body></foreignObject>",
        "HTML inde i tegningen",
    ),
    "import": (
        "<style>@import url(https://example.dk/a.css); .a{fill:red}</style>",
        "regler for stil, der henter noget eller skjuler sig",
    ),
    "url in a rule": (
        "<style>.a { fill: url(https://example.dk/a.svg#b) }</style>"
        '<rect class="a" width="9" height="9"/>',
        "en henvisning ud af filen",
    ),
    "url in a style": (
        '<rect style="background:url(//example.dk/a)" width="9" height="9"/>',
        "en henvisning ud af filen",
    ),
    "set": (
        '<set attributeName="href" to="javascript:alert(1)"/>',
        "bevægelse",
    ),
}


@pytest.mark.parametrize("name", NASTY)
def test_what_is_not_allowed_is_taken_out_and_told(name):
    inside, told = NASTY[name]
    taken = logo.take(svg(inside + SHAPE))
    assert told in taken.left_out
    assert_harmless(taken.logo.picture)
    assert b'd="M0 0h300v100H0z"' in taken.logo.picture
    assert b"example.dk" not in taken.logo.picture
    assert b"alert" not in taken.logo.picture


@pytest.mark.parametrize(
    "attribute",
    [
        'xml:base="https://example.dk/"',
        'fill="url(https://example.dk/#a)"',
        'fill="url(&#x68;ttps:example.dk)"',
        'filter="url(#a)"',
        'style="-moz-binding:url(#x); behavior:url(#y)"',
        'fill="u\\72l(https:example.dk)"',
        'transform="element(example.dk)"',
        'data-x="example.dk"',
        'ONLOAD="example.dk"',
    ],
)
def test_attributes_that_are_not_in_the_list_do_not_stay(attribute):
    taken = logo.take(svg(f'<rect width="9" height="9" {attribute}/>'))
    assert_harmless(taken.logo.picture)
    assert re.search(rb'<rect height="9" width="9"/>', taken.logo.picture)


def test_a_plain_drawing_loses_nothing():
    # As drawing programs write it: a plain document type, classes, a part drawn twice.
    raw = (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
        f"{HEAD}<style type='text/css'>.st0{{fill:#C8102E;}} .st1{{fill:url(#a)}}"
        "</style><defs><linearGradient id='a'><stop offset='0' style='stop-color:#fff'"
        "/></linearGradient><rect id='r' width='9' height='9'/></defs>"
        "<switch><g><path class='st0' d='M0 0h1z'/><circle class='st1' r='4'/></g>"
        "</switch><use xlink:href='#r'/>"
        "<text font-family=\"'Arial'\">Øby &amp; Å</text></svg>"
    ).encode()
    taken = logo.take(raw)
    assert taken.left_out == ()
    assert_harmless(taken.logo.picture)
    text = taken.logo.picture.decode()
    assert '<path d="M0 0h1z" fill="#C8102E"/>' in text
    assert '<circle fill="url(#a)" r="4"/>' in text
    assert '<stop offset="0" stop-color="#fff"/>' in text
    assert '<use href="#r"/>' in text
    assert "Øby &amp; Å" in text
    # 300 by 100 units, drawn 200 px high.
    assert (taken.logo.width, taken.logo.height) == (600, 200)


def test_what_only_looks_like_a_part_of_a_drawing_is_not_drawn():
    other = '<x:path xmlns:x="urn:x" d="M9 9"/><rect xmlns="" height="9"/>'
    written = logo.take(svg(other + SHAPE)).logo.picture
    assert b"M9 9" not in written
    assert b"<rect" not in written


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_other_encodings_hide_nothing(encoding):
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    raw = (mark + svg("<script>alert(1)</script>" + SHAPE).decode()).encode(encoding)
    taken = logo.take(raw)
    assert taken.left_out == ("et script",)
    assert_harmless(taken.logo.picture)


LAUGHS = (
    '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
)
OUTSIDE = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "Filen er tom"),
        (b"hello", "hverken SVG eller PNG"),
        (b"\xff\xd8\xff\xe0 JFIF", "JPEG"),
        (gzip.compress(svg(SHAPE)), "svgz"),
        (LAUGHS.encode() + svg(f"<text>&c;</text>{SHAPE}"), "DOCTYPE"),
        (OUTSIDE.encode() + svg(f"<text>&a;</text>{SHAPE}"), "DOCTYPE"),
        (svg(SHAPE)[:-9], "kan ikke læses"),
        (svg(f"<text>&a;</text>{SHAPE}"), "kan ikke læses"),
        (b"<html><body>hi</body></html>", "ikke en SVG"),
        (b"<svg><path d='M0 0'/></svg>", "ikke en SVG"),
        (svg("<script>alert(1)</script>"), "ikke noget i filen"),
        (svg("<desc>text</desc>"), "ikke noget i filen"),
        (svg(SHAPE, HEAD.replace("0 0 300 100", "0 0 0 0")), "hvor stor den er"),
        (svg(SHAPE, HEAD.replace("0 0 300 100", "x")), "hvor stor den er"),
        (svg("<g>" * 100 + SHAPE + "</g>" * 100), "for indviklet"),
        (svg("<path d='M0 0'/>" * 8000), "for indviklet"),
        (b'<?xml version="1.0" encoding="utf-7"?>' + svg(SHAPE), "tegnsæt"),
        (svg(f"<!-- {'x' * 220_000} -->{SHAPE}"), "højst fylde 200 kB"),
        (b"x" * 5_000_000, "højst fylde 200 kB"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(raw, says):
    with pytest.raises(UnfitLogo, match=says):
        logo.take(raw)


def test_ten_times_ten_times_ten_is_refused_before_it_is_drawn():
    levels = ["<g id='l0'><path d='M0 0h1z'/></g>"]
    for level in range(1, 9):
        uses = f"<use href='#l{level - 1}'/>" * 10
        levels.append(f"<g id='l{level}'>{uses}</g>")
    with pytest.raises(UnfitLogo, match="tusindvis"):
        logo.take(svg("".join(levels)))


@pytest.mark.parametrize(
    "inside",
    [
        "<g id='a'><use href='#a'/><path d='M0 0'/></g>",
        "<clipPath id='a'><path d='M0 0' clip-path='url(#a)'/></clipPath>" + SHAPE,
        "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>" + SHAPE,
        "".join(f"<g id='a{i}'><use href='#a{i + 1}'/></g>" for i in range(900)),
    ],
)
def test_a_ring_of_references_is_refused(inside):
    with pytest.raises(UnfitLogo, match="i ring"):
        logo.take(svg(inside))


def test_the_first_of_two_with_one_name_is_the_one_that_counts():
    heavy = "".join(
        f"<g id='l{level}'>" + f"<use href='#l{level - 1}'/>" * 10 + "</g>"
        for level in range(1, 9)
    )
    first = "<g id='l0'><path d='M0 0'/></g>"
    again = "".join(f"<g id='l{n}'/>" for n in range(9))
    with pytest.raises(UnfitLogo, match="tusindvis"):
        logo.take(svg(first + heavy + again))


NAMES = st.sampled_from(
    [
        *("svg", "g", "path", "script", "use", "image", "style", "foreignObject"),
        *("a", "set", "animate", "text", "mask", "iframe", "handler", "switch"),
    ]
)
KEYS = st.sampled_from(
    [
        *("href", "xlink:href", "onload", "style", "fill", "d", "id", "class", "src"),
        *("xml:base", "transform", "mask", "clip-path", "viewBox", "values", "to"),
    ]
)
TEXTS = st.one_of(
    st.sampled_from(
        [
            *("javascript:alert(1)", "#a", "a", "url(#a)", "url(http://example.dk)"),
            *("data:image/svg+xml,<svg/>", "fill:url(//example.dk)", "0 0 9 9"),
            *("@import 'a'", "&#106;avascript:a", "expression(1)", "u\\72l(x)"),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
)


@st.composite
def elements(draw, depth: int = 3) -> str:
    name = draw(NAMES)
    attributes = draw(st.dictionaries(KEYS, TEXTS, max_size=4))
    given_ = "".join(f" {key}='{_escaped(value)}'" for key, value in attributes.items())
    inside = _escaped(draw(TEXTS))
    if depth:
        inside += "".join(draw(st.lists(elements(depth - 1), max_size=3)))
    return f"<{name}{given_}>{inside}</{name}>"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;")


@settings(max_examples=300, deadline=None)
@given(st.lists(elements(), max_size=4))
def test_whatever_is_in_a_drawing_only_what_is_allowed_comes_out(inside):
    try:
        taken = logo.take(svg("".join(inside) + SHAPE))
    except UnfitLogo:
        return
    assert_harmless(taken.logo.picture)
    # Read once more, nothing more is taken out: it is as plain as it gets.
    again = logo.take(taken.logo.picture)
    assert (again.logo.picture, again.left_out) == (taken.logo.picture, ())


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_taken_or_refused(raw):
    for start in (b"", b"<svg ", logo_png.SIGNATURE, svg(SHAPE)[:80]):
        with suppress(UnfitLogo):
            logo.take(start + raw)


# --- PNG ------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "L", "P", "1", "I;16", "LA"])
def test_every_kind_of_png_is_drawn_again(mode):
    # 200 of 255 is 51,400 of 65,535; one bit is white or black.
    value = 255 if mode == "1" else 200
    picture = Image.new("L", (30, 10), value)
    if mode == "I;16":
        picture = Image.new("I;16", (30, 10), 51_400)
    out = io.BytesIO()
    (picture if mode == "I;16" else picture.convert(mode)).save(out, "PNG")
    taken = logo.take(out.getvalue()).logo
    with Image.open(io.BytesIO(taken.picture)) as drawn:
        assert (drawn.mode, drawn.size) == ("RGBA", (30, 10))
        assert drawn.getpixel((5, 5)) == (value, value, value, 255)


def test_nothing_but_the_picture_is_kept():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Ane Hansen")
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta/>", zip=True)
    raw = png(pnginfo=info, icc_profile=b"profile", dpi=(300, 300))
    taken = logo.take(raw + b"<html><script>alert(1)</script></html>PK\x03\x04")
    assert taken.left_out == ("noget, der lå efter billedet i filen",)
    assert set(kinds(taken.logo.picture)) == {b"IHDR", b"IDAT", b"IEND"}


def test_text_in_a_png_is_never_unpacked():
    # 20 MB of text in 20 kB: a decoder that reads it refuses the picture.
    bomb = chunk(b"zTXt", b"note\0\0" + zlib.compress(b" " * 20_000_000))
    whole = png()
    place = whole.index(b"IDAT") - 4
    assert logo.take(whole[:place] + bomb + whole[place:]).logo.width == 30


def test_a_large_picture_is_made_to_fit_and_a_small_one_left():
    large = logo.take(png(1800, 400)).logo
    # 600 of 1800 is a third: 400 becomes 133.
    assert (large.width, large.height) == (600, 133)
    assert logo.take(png(30, 10)).logo.width == 30


def test_motion_is_stopped():
    out = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), one) for one in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    assert b"acTL" in kinds(out.getvalue())
    taken = logo.take(out.getvalue())
    assert taken.left_out == ("bevægelse",)
    assert set(kinds(taken.logo.picture)) == {b"IHDR", b"IDAT", b"IEND"}


WHOLE = png()


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (logo_png.SIGNATURE + header(30_000, 30_000), "ikke helt"),
        (
            logo_png.SIGNATURE + header(30_000, 30_000) + chunk(b"IEND", b""),
            "30000 × 30000",
        ),
        (logo_png.SIGNATURE + header(0, 9) + chunk(b"IEND", b""), "ikke helt"),
        (logo_png.SIGNATURE + header(9, 9) + chunk(b"IEND", b""), "ikke helt"),
        (logo_png.SIGNATURE + chunk(b"IEND", b""), "ikke helt"),
        (
            logo_png.SIGNATURE
            + header(9, 9)
            + chunk(b"IDAT", zlib.compress(b"\0" * 99))
            + chunk(b"IEND", b""),
            "ikke helt",
        ),
        (WHOLE[:-20], "ikke helt"),
        (WHOLE[:40] + b"\xff" + WHOLE[41:], "ikke helt"),
        (logo_png.SIGNATURE, "ikke helt"),
        (png(9, 9).replace(b"IDAT", b"IDOT"), "ikke helt"),
    ],
)
def test_a_png_that_is_not_whole_is_refused(raw, says):
    with pytest.raises(UnfitLogo, match=says):
        logo.take(raw)


def test_a_second_header_does_not_get_past_the_size():
    raw = logo_png.SIGNATURE + header(9, 9) + header(30_000, 30_000)
    raw += chunk(b"IDAT", zlib.compress(b"\0" * 900)) + chunk(b"IEND", b"")
    with pytest.raises(UnfitLogo):
        logo.take(raw)


def test_a_picture_that_cannot_be_seen_is_refused():
    out = io.BytesIO()
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(out, "PNG")
    with pytest.raises(UnfitLogo, match="gennemsigtigt"):
        logo.take(out.getvalue())
