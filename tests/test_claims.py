"""Claims to a person: who is staff, who is not, and at which school."""

from dataclasses import replace

import pytest

from pejling.domain.claims import (
    NoRole,
    NotOurs,
    Person,
    Rules,
    read,
    school_of,
    values,
)

RULES = Rules(
    role_claim="roles",
    roles=[
        ("konsulent", frozenset({"SSP"})),
        ("laerer", frozenset({"Medarbejder", "Lærer"})),
        ("styregruppe", frozenset({"Leder"})),
    ],
    school_claim="skole",
)

ANNA = {"sub": "a1", "roles": ["Medarbejder"], "name": "Anna", "email": "A@b.dk"}


def test_person_has_what_is_needed_and_no_more():
    said = ANNA | {"skole": "Åskolen", "cpr": "0101011234", "picture": "x"}
    assert read(said, RULES) == Person("a1", "Anna", "a@b.dk", "laerer", ("Åskolen",))


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ("Medarbejder", "laerer"),
        (["Leder", "Medarbejder"], "laerer"),
        (["Leder", "SSP", "Medarbejder"], "konsulent"),
        (["Elev", "Leder"], "styregruppe"),
    ],
)
def test_first_role_that_fits_holds(roles, role):
    assert read(ANNA | {"roles": roles}, RULES).role == role


@pytest.mark.parametrize(
    "roles",
    [
        *("Elev", "Kontaktperson", "medarbejder", "Medarbejder ", "MedarbejderX", ""),
        *(None, True, [], [["Medarbejder"]], {"Medarbejder": 1}, ["Medarbejder,SSP"]),
    ],
)
def test_whatever_is_not_exactly_named_is_no_role(roles):
    with pytest.raises(NoRole, match="roles"):
        read(ANNA | {"roles": roles}, RULES)


def test_rules_without_a_value_let_nobody_in():
    with pytest.raises(NoRole):
        read(ANNA, replace(RULES, roles=[("laerer", frozenset())]))


@pytest.mark.parametrize("sub", [None, "", 7, "x" * 256, "å", "a\nb"])
def test_subject_that_could_be_anybodys_is_nobodys(sub):
    with pytest.raises(NotOurs):
        read(ANNA | {"sub": sub}, RULES)


@pytest.mark.parametrize(
    ("change", "email"),
    [
        ({}, "a@b.dk"),
        ({"email_verified": True}, "a@b.dk"),
        ({"email_verified": False}, ""),
        ({"email_verified": "false"}, ""),
        ({"email": "a b@c.dk"}, ""),
        ({"email": "a@b"}, ""),
        ({"email": "a@b@c.dk"}, ""),
        ({"email": "a\u202e@b.dk"}, ""),
        ({"email": f"{'a' * 120}@b.dk"}, ""),
        ({"email": ["a@b.dk"]}, ""),
        ({"email": None}, ""),
    ],
)
def test_email_is_one_or_none(change, email):
    assert read(ANNA | change, RULES).email == email


@pytest.mark.parametrize("name", [None, 7, "a\nb", "x" * 121, "\u202eannA"])
def test_odd_name_is_left_out(name):
    assert read(ANNA | {"name": name}, RULES).name == ""


def test_every_required_claim_must_have_one_of_its_values():
    required = {"tid": frozenset({"k1"}), "inst": frozenset({"101001", "101002"})}
    rules = replace(RULES, required=required)
    good = ANNA | {"tid": "k1", "inst": [5, 101002]}
    assert read(good, rules).role == "laerer"
    for change in ({"tid": "k2"}, {"tid": None}, {"inst": "101003"}, {"inst": []}):
        with pytest.raises(NotOurs):
            read(good | change, rules)


def test_domain_is_the_whole_domain():
    rules = replace(RULES, domains=frozenset({"b.dk"}))
    assert read(ANNA, rules).email == "a@b.dk"
    for email in ("a@evilb.dk", "a@b.dk.evil", "a@x.b.dk", "", None):
        with pytest.raises(NotOurs, match="email"):
            read(ANNA | {"email": email}, rules)


@pytest.mark.parametrize(
    ("claims", "name", "found"),
    [
        ({"r": "a"}, "r", ["a"]),
        ({"r": ["a", 1, None, "", True, {}]}, "r", ["a", "1"]),
        ({"r": 101001}, "r", ["101001"]),
        ({"r": "[101001, 101002]"}, "r", ["101001", "101002"]),
        ({"r": '["a","b"]'}, "r", ["a", "b"]),
        ({"r": "[]"}, "r", []),
        ({"realm": {"roles": ["a"]}}, "realm.roles", ["a"]),
        ({"https://x.dk/r": "a"}, "https://x.dk/r", ["a"]),
        ({"realm": "a"}, "realm.roles", []),
        ({}, "r", []),
        ({"": "a"}, "x", []),
    ],
)
def test_values_of_a_claim(claims, name, found):
    assert values(claims, name) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (("Åskolen",), "Åskolen"),
        (("  åskolen ",), "Åskolen"),
        (("Bakke  Skolen",), "Bakke skolen"),
        (("Ukendt", "Åskolen"), "Åskolen"),
        (("Åskole",), ""),
        ((), ""),
    ],
)
def test_school_is_one_that_is_known(said, found):
    person = Person("a1", "", "", "laerer", said)
    assert school_of(person, ["Åskolen", "Bakke skolen"]) == found


def test_names_of_claims_that_are_looked_at():
    rules = replace(RULES, school_claim="", required={"tid": frozenset({"k"})})
    assert rules.wanted() == {"roles", "tid", "name", "email"}
