"""The colours: readable on each ground, and on a wall with the lights on."""

import re

import pytest

from pejling.web import assets

TEXT = ("ink", "ink-2", "guess-text", "fact-text")
MARKS = ("guess", "fact", "edge")
GROUNDS = ("paper", "panel")


def read_tokens() -> dict[str, dict[str, str]]:
    """Ground -> role -> colour; what a ground does not change it has from the light."""
    css = (assets.FOLDER / "css" / "tokens.css").read_text(encoding="utf-8")
    light, _, rest = css.partition("@media (prefers-color-scheme: dark)")
    dark, _, weak = rest.partition(".wall--weak")
    parts = {"light": light, "dark": dark, "weak": weak}
    found = {
        name: dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6})", part))
        for name, part in parts.items()
    }
    return {name: found["light"] | tokens for name, tokens in found.items()}


TOKENS = read_tokens()


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it, 0 to 1."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4
        for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, stray: float = 0.05) -> float:
    """Contrast of two colours.

    :param stray: light that falls on the wall whatever is shown, as a share of white:
        0.05 is WCAG's screen; with the lights on a projector's black is far from black.
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + stray) / (low + stray)


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("ground", ["light", "dark", "weak"])
@pytest.mark.parametrize("role", TEXT)
def test_words_have_seven_to_one(ground: str, role: str):
    colours = TOKENS[ground]
    for under in GROUNDS:
        assert contrast(colours[role], colours[under]) >= 7, under


@pytest.mark.parametrize("ground", ["light", "dark", "weak"])
@pytest.mark.parametrize("role", MARKS)
def test_marks_have_three_to_one(ground: str, role: str):
    assert contrast(TOKENS[ground][role], TOKENS[ground]["paper"]) >= 3


def test_washed_out_wall_keeps_words_and_marks_apart():
    # A fifth of the lamp's light everywhere: pale paper and grey words run together.
    weak = TOKENS["weak"]
    for role in TEXT:
        assert contrast(weak[role], weak["paper"], 0.2) >= 4.5, role
    for role in MARKS:
        assert contrast(weak[role], weak["paper"], 0.2) >= 3.5, role
    assert contrast(weak["rest"], weak["paper"], 0.2) >= 2
    assert contrast(weak["rest"], weak["guess"], 0.2) >= 1.5


def test_weak_lamp_is_better_off_with_its_own_colours():
    for role in (*TEXT, *MARKS, "rest"):
        light = contrast(TOKENS["light"][role], TOKENS["light"]["paper"], 0.2)
        weak = contrast(TOKENS["weak"][role], TOKENS["weak"]["paper"], 0.2)
        assert weak > light, role
