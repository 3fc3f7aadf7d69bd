"""The pattern page shows what there is, to staff."""

import re

import pages
import pytest
from flask import Flask
from room import sign_in

from pejling.storage.accounts import Role
from pejling.storage.connections import Stores
from pejling.web import assets, patterns


@pytest.mark.parametrize("role", list(Role))
def test_staff_see_the_patterns(app: Flask, stores: Stores, role: Role):
    page = sign_in(app, stores, f"{role}@example.dk", role).get("/moenstre")
    assert page.status_code == 200
    pages.check(page.text)
    assert 'aria-current="true"' in page.text
    assert "field__error" in page.text
    assert page.text.count("checked") == 1


def test_nobody_else_does(app: Flask):
    assert app.test_client().get("/moenstre").status_code == 303


def test_without_any_set_there_is_nothing_to_show(app: Flask, stores: Stores):
    browser = sign_in(app, stores, "laerer@example.dk", Role.TEACHER)
    app.config["LIBRARY"].sets.clear()
    assert browser.get("/moenstre").status_code == 404


def test_every_colour_has_its_swatch():
    css = assets.FOLDER / "css"
    tokens = re.findall(r"--([a-z0-9-]+): #", (css / "tokens.css").read_text())
    not_grounds = {"black", "on-ink", "on-beacon"}
    tokens = [one for one in tokens if not one.startswith("sheet")]
    assert set(patterns.COLOURS) == set(tokens) - not_grounds
    classes = re.findall(
        r"\.swatch--([a-z0-9-]+) \{ background: var\(--([a-z0-9-]+)\)",
        (css / "patterns.css").read_text(),
    )
    assert classes == [(name, name) for name in patterns.COLOURS]
