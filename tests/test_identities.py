"""Accounts that belong to a person of the provider: found by who it is, only."""

import pytest
from builders import NOW

from pejling.storage import accounts, identities, schools
from pejling.storage.accounts import EmailTaken, LastConsultant, LinkGone, Purpose, Role
from pejling.storage.identities import Identity, IdentityTaken

ANNA = Identity("https://login.example.dk", "a1", "Anna", "Åskolen")


def link_to(db, account):
    token = accounts.new_link(db, Purpose.PASSWORD, account, NOW)
    return accounts.find_link(db, token, NOW)


def test_person_is_found_by_issuer_and_subject(stores):
    db = stores.archive
    made = identities.add(db, ANNA, "anna@skole.dk", Role.TEACHER)
    assert (made.has_password, made.has_identity) == (False, True)
    assert identities.find(db, ANNA.issuer, "a1") == made
    assert identities.find(db, "https://other.example.dk", "a1") is None
    assert identities.find(db, ANNA.issuer, "A1") is None
    assert identities.of(db, made.id) == ANNA
    assert identities.names(db) == {made.id: "Anna"}


def test_two_tabs_make_one_account(stores):
    made = identities.add(stores.archive, ANNA, "anna@skole.dk", Role.TEACHER)
    assert identities.add(stores.archive, ANNA, "anna@skole.dk", Role.TEACHER) == made


def test_email_of_somebody_else_makes_no_account(stores):
    accounts.add(stores.archive, "anna@skole.dk", Role.TEACHER)
    with pytest.raises(EmailTaken):
        identities.add(stores.archive, ANNA, "Anna@skole.dk", Role.TEACHER)
    assert identities.find(stores.archive, ANNA.issuer, "a1") is None


def test_without_an_email_the_account_is_called_by_its_subject(stores):
    made = identities.add(stores.archive, ANNA, "", Role.TEACHER)
    assert made.email == "a1@login.example.dk"


def test_link_binds_its_account_once(stores):
    db = stores.archive
    account = accounts.add(db, "x@skole.dk", Role.TEACHER)
    link = link_to(db, account)
    bound = identities.link(db, ANNA, link, Role.BOARD)
    assert (bound.id, bound.role, bound.has_identity) == (account.id, Role.BOARD, True)
    with pytest.raises(LinkGone):
        identities.link(db, ANNA, link, Role.BOARD)


def test_link_that_is_refused_is_not_used_up(stores):
    db = stores.archive
    identities.add(db, ANNA, "anna@skole.dk", Role.TEACHER)
    account = accounts.add(db, "k@skole.dk", Role.CONSULTANT, "en god lang kode")
    link = link_to(db, account)
    with pytest.raises(IdentityTaken):
        identities.link(db, ANNA, link, Role.CONSULTANT)
    with pytest.raises(LastConsultant):
        identities.link(db, Identity(ANNA.issuer, "k1"), link, Role.TEACHER)
    assert not accounts.get(db, account.id).has_identity
    assert identities.link(db, Identity(ANNA.issuer, "k1"), link, Role.CONSULTANT)


def test_new_link_binds_the_account_to_another_person(stores):
    # Who changes from one provider to another keeps the own pejlinger.
    db = stores.archive
    made = identities.add(db, ANNA, "anna@skole.dk", Role.TEACHER)
    moved = Identity("https://new.example.dk", "b2", "Anna")
    identities.link(db, moved, link_to(db, made), Role.TEACHER)
    assert identities.find(db, ANNA.issuer, "a1") is None
    assert identities.find(db, moved.issuer, "b2").id == made.id


def test_renewing_takes_name_school_and_role(stores):
    db = stores.archive
    made = identities.add(db, ANNA, "anna@skole.dk", Role.TEACHER)
    accounts.add(db, "k@skole.dk", Role.CONSULTANT, "en god lang kode")
    now = Identity(ANNA.issuer, "a1", "Anna Holm", "")
    assert identities.renew(db, made, now, Role.CONSULTANT).role is Role.CONSULTANT
    assert identities.of(db, made.id) == now


def test_consultant_without_a_password_counts_where_none_has_one(stores):
    db = stores.archive
    made = identities.add(db, ANNA, "anna@skole.dk", Role.CONSULTANT)
    with pytest.raises(LastConsultant):
        accounts.deactivate(db, made)
    other = identities.add(db, Identity(ANNA.issuer, "b"), "", Role.CONSULTANT)
    accounts.deactivate(db, other)
    with pytest.raises(LastConsultant):
        identities.renew(db, made, ANNA, Role.TEACHER)


def test_school_follows_its_new_name_and_goes_with_it(stores):
    db = stores.archive
    schools.add(db, ["Åskolen"])
    made = identities.add(db, ANNA, "anna@skole.dk", Role.TEACHER)
    (school,) = schools.everything(db)
    schools.rename(db, school, "Ny Åskole")
    assert identities.of(db, made.id).school == "Ny Åskole"
    schools.delete(db, schools.everything(db)[0])
    assert identities.of(db, made.id).school == ""
