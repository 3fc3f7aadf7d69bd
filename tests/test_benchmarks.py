"""The vocabulary of indicators."""

import re

from pejling.domain.benchmarks import Care, indicators


def test_ids_are_as_the_vocabulary_writes_them():
    assert [one for one in indicators() if not re.fullmatch(r"[a-z0-9_]+", one)] == []
    assert len(indicators()) == 94


def test_indicator_of_7_to_9_and_youth():
    vape = indicators()["vape_last_30d"]
    assert vape.grades == {7, 8, 9, 11}
    assert (vape.care, vape.has_figure) == (Care.BOARD, True)


def test_indicator_for_context_only_suits_no_class():
    assert indicators()["who5_low"].grades == set()


def test_reserved_indicator_has_no_figure():
    assert not indicators()["shoplift_12m"].has_figure
