"""Charts: every number in a figure is the coded one, and no figure tells more."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import builders
import pytest
from plotly import graph_objects

from pejling.domain import elsewhere, findings, norms
from pejling.domain.benchmarks import shipped
from pejling.domain.disclosure import OwnCounts as Own
from pejling.domain.disclosure import Sensitivity, Shown, code_ends, disclose_own
from pejling.domain.question_sets import Kind, Recall, Triad
from pejling.domain.revealed import Result
from pejling.domain.sessions import Step
from pejling.output import captions, charts, people, plot

SIZES = (5, 24, 31, 120)


def a_triad(act: str = "har vapet", **changes: Any) -> Triad:
    """A risk of the last 30 days, unless changed."""
    usual = builders.a_question_set().triad("vape")
    last = {"recall": Recall.MONTH, "recall_text": "de seneste 30 dage"}
    return replace(usual, act=act, own_act=act, **(last | changes))


def a_result(
    yes: int,
    present: int = 24,
    n: int | None = None,
    guesses: dict[int, int] | None = None,
    triad: Any = None,
) -> Result:
    """A behaviour where ``yes`` of ``n`` do it, and all guess a third of the class."""
    triad, n = triad or a_triad(), n or present
    own = code_ends(yes, n)
    given = guesses or {present // 3: n}
    found = norms.summarise(own, given, present)
    return Result(
        triad=triad,
        present=present,
        answered=n,
        own=own,
        declined=0,
        friends=given,
        others=given,
        others_perceived=norms.perceived_norm(given),
        norms=found,
        finding=findings.classify(found, triad.direction, n),
        choice=None,
    )


def an_attitude(yes: int, n: int = 24) -> Result:
    """A result of which nobody guessed anything."""
    own = disclose_own(Own(yes, n - yes, 0), Sensitivity.GREEN)
    return Result(
        triad=builders.a_question_set().triad("ok_at_sige_nej"),
        present=n,
        answered=n,
        own=own,
        declined=0,
        friends=None,
        others=None,
        others_perceived=None,
        norms=None,
        finding=None,
        choice=None,
    )


def everything(result: Result) -> list[Any]:
    """All that is drawn, said and tabled of a result, as JSON would carry it."""
    steps = (Step.GUESSES, Step.FACIT, Step.SENTENCE)
    return [
        *(charts.guesses(result, step) for step in steps),
        charts.figures(result),
        charts.closing_bars([result]),
        charts.warm_up(result),
        *(captions.describe(result, step) for step in (*steps, Step.FIGURES)),
        captions.describe_bars([result]),
        captions.facit_note(result, result.own),
        [vars(row) for row in captions.table([result])],
        result.sentence,
    ]


def trace(figure: dict, uid: str) -> dict | None:
    """The trace of a name."""
    return next((one for one in figure["data"] if one.get("uid") == uid), None)


def words(figure: dict) -> list[str]:
    """What stands in a figure."""
    return [one["text"] for one in figure["layout"].get("annotations", ())]


def numbers(part: Any, key: str) -> Iterator[float]:
    """All numbers that a figure has under a key, wherever it is."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == key and isinstance(value, int | float):
                yield value
            else:
                yield from numbers(value, key)
    elif isinstance(part, list | tuple):
        for one in part:
            yield from numbers(one, key)


def count_people(figure: dict, uid: str) -> int:
    """How many figures a trace draws: two outlines each, head and body."""
    found = trace(figure, uid)
    return (found["x"].count(None) + 1) // 2 if found else 0


# --- nothing tells 0, 1 and 2 apart ---------------------------------------------------


@pytest.mark.parametrize("n", SIZES)
def test_few_look_the_same(n):
    shown = {json.dumps(everything(a_result(yes, n))) for yes in (0, 1, 2)}
    assert len(shown) == 1


@pytest.mark.parametrize("n", SIZES)
def test_nearly_all_look_the_same(n):
    shown = {json.dumps(everything(a_result(yes, n))) for yes in (n - 2, n - 1, n)}
    assert len(shown) == 1


@pytest.mark.parametrize("n", SIZES)
def test_ends_of_an_attitude_look_the_same(n):
    for ends in ((0, 1, 2), (n - 2, n - 1, n)):
        shown = {
            json.dumps(
                [
                    charts.figures(an_attitude(yes, n)),
                    charts.closing_bars([an_attitude(yes, n)]),
                    captions.describe(an_attitude(yes, n), Step.FIGURES),
                ]
            )
            for yes in ends
        }
        assert len(shown) == 1


def test_every_other_count_looks_different():
    assert len({json.dumps(everything(a_result(yes))) for yes in range(25)}) == 21


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("step", [Step.QUESTION, Step.GUESSES])
def test_guesses_do_not_tell_where_the_facit_is(n, step):
    shown = {
        json.dumps(
            [
                charts.guesses(a_result(yes, n), step),
                captions.describe(a_result(yes, n), Step.GUESSES),
                [vars(one) for one in captions.table([a_result(yes, n)], Step.GUESSES)],
            ]
        )
        for yes in range(n + 1)
    }
    assert len(shown) == 1


# --- dots -----------------------------------------------------------------------------


def test_one_dot_a_guess_at_its_place():
    figure = charts.guesses(a_result(7, guesses={2: 3, 8: 1, 24: 2}), Step.GUESSES)
    assert trace(figure, "dots")["x"] == [2, 2, 2, 8, 24, 24]
    assert len(set(trace(figure, "dots")["ids"])) == 6


@pytest.mark.parametrize("present", SIZES)
def test_dots_keep_apart_and_below_the_labels(present):
    guesses = {guess: 1 + guess % 3 for guess in range(present + 1)}
    figure = charts.guesses(a_result(3, present, guesses=guesses), Step.GUESSES)
    dots = trace(figure, "dots")
    size, wide = dots["marker"]["size"], figure["layout"]
    low, high = wide["xaxis"]["range"]
    inner = wide["width"] - wide["margin"]["l"] - wide["margin"]["r"]
    assert size < inner / (high - low)
    assert size >= 8
    assert max(dots["y"]) + size / 2 < wide["yaxis"]["range"][1] - 80


def test_pile_of_a_whole_year_stays_in_the_picture():
    figure = charts.guesses(a_result(30, 120, guesses={40: 120}), Step.GUESSES)
    dots = trace(figure, "dots")
    assert max(dots["y"]) + dots["marker"]["size"] / 2 < 270
    assert dots["marker"]["size"] > 7


def test_median_is_a_dotted_line_with_its_words():
    figure = charts.guesses(a_result(7, guesses={8: 12, 9: 12}), Step.GUESSES)
    median = trace(figure, "median")
    assert median["x"] == [8.5, 8.5]
    assert median["line"]["dash"] == "dot"
    assert words(figure) == ["I gættede 8,5"]
    assert trace(figure, "facit") is None


def test_facit_is_a_line_where_it_is_told_exactly():
    figure = charts.guesses(a_result(7), Step.FACIT)
    assert trace(figure, "facit")["x"] == [7, 7]
    assert not figure["layout"].get("shapes")
    assert words(figure) == ["I gættede 8", "7 gør det"]


def test_few_are_a_line_in_a_band():
    figure = charts.guesses(a_result(2), Step.FACIT)
    (band,) = figure["layout"]["shapes"]
    assert (band["x0"], band["x1"]) == (-0.5, 2.5)
    assert trace(figure, "facit")["x"] == [1, 1]
    assert words(figure)[1] == "Højst 2 gør det"


def test_nearly_all_are_a_line_in_a_band():
    figure = charts.guesses(a_result(24), Step.FACIT)
    (band,) = figure["layout"]["shapes"]
    assert (band["x0"], band["x1"]) == (21.5, 24.5)
    assert trace(figure, "facit")["x"] == [23, 23]
    assert words(figure)[1] == "Mindst 22 gør det"


def test_facit_of_fewer_than_present_stands_where_it_would_among_all():
    # 5 of 20 are as many as 6 of 24.
    figure = charts.guesses(a_result(5, 24, n=20), Step.FACIT)
    assert trace(figure, "facit")["x"] == [6, 6]
    assert words(figure)[1] == "5 ud af 20 gør det"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": Kind.ATTITUDE}, "7 svarede ja"),
        ({"kind": Kind.EXPERIENCE}, "7 svarede ja"),
        ({}, "7 gør det"),
        ({"recall": Recall.EVER}, "7 har prøvet det"),
    ],
)
def test_facit_is_said_so_that_it_reads_well(changes, said):
    figure = charts.guesses(a_result(7, triad=a_triad(**changes)), Step.FACIT)
    assert words(figure)[1] == said


@pytest.mark.parametrize(
    ("act", "said"),
    [("har et kæledyr", "7 har det"), ("må ryge", "7 må det"), ("ryger", "7 gør det")],
)
def test_what_is_so_now_has_its_own_verb(act, said):
    triad = a_triad(act, recall=Recall.NOW, recall_text="")
    assert words(charts.guesses(a_result(7, triad=triad), Step.FACIT))[1] == said


@pytest.mark.parametrize("missing", [0, 4])
@pytest.mark.parametrize(("present", "by"), [(9, 1), (24, 1), (31, 2), (120, 8)])
def test_words_never_strike_each_other_out(present, by, missing):
    # Over all places of median and facit.
    n = present - missing
    for median, yes in itertools.product(
        range(0, present + 1, by), range(0, n + 1, by)
    ):
        result = a_result(yes, present, n, guesses={median: max(1, present // 5)})
        figure = charts.guesses(result, Step.FACIT)
        guess, facit = (box(figure, one) for one in figure["layout"]["annotations"])
        for left, right, _ in (guess, facit):
            assert -2 <= left < right <= 1154
        assert abs(guess[2] - facit[2]) >= 40
        assert not line_through(figure, "facit", guess)
        assert not line_through(figure, "median", facit)


def box(figure: dict, note: dict) -> tuple[float, float, float]:
    """Left, right and middle of a text in px, in a face of 0.58 em a letter."""
    wide = 0.58 * note["font"]["size"] * len(note["text"])
    x = px(figure, note["x"]) + note["xshift"]
    left = x if note["xanchor"] == "left" else x - wide
    return left, left + wide, note["y"]


def px(figure: dict, x: float) -> float:
    layout = figure["layout"]
    low, high = layout["xaxis"]["range"]
    inner = layout["width"] - layout["margin"]["l"] - layout["margin"]["r"]
    return layout["margin"]["l"] + (x - low) / (high - low) * inner


def line_through(figure: dict, uid: str, place: tuple[float, float, float]) -> bool:
    line = trace(figure, uid)
    left, right, y = place
    return left < px(figure, line["x"][0]) < right and max(line["y"]) > y


def test_warm_up_without_answers_is_an_empty_axis():
    result = an_attitude(3, 24)
    figure = charts.warm_up(
        Result(**{**vars(result), "own": disclose_own(Own(0, 0, 0), Sensitivity.GREEN)})
    )
    assert figure["data"] == []
    assert figure["layout"]["xaxis"]["tickvals"] == [0, 4, 8, 12, 16, 20, 24]


@pytest.mark.parametrize(
    ("present", "ticks"),
    [
        (5, [0, 1, 2, 3, 4, 5]),
        (23, [0, 5, 10, 15, 20, 23]),
        (31, [0, 5, 10, 15, 20, 25, 31]),
        (120, [0, 20, 40, 60, 80, 100, 120]),
    ],
)
def test_axis_ends_at_all_who_are_present(present, ticks):
    figure = charts.guesses(a_result(2, present), Step.GUESSES)
    assert figure["layout"]["xaxis"]["tickvals"] == ticks


# --- figures of people ----------------------------------------------------------------


def test_both_arrays_have_the_same_total():
    figure = charts.figures(a_result(7))
    assert words(figure) == ["Det troede vi", "8 af 24", "Sådan er det", "7 af 24"]
    assert count_people(figure, "guess-full") == 8
    assert count_people(figure, "guess-empty") == 16
    assert count_people(figure, "fact-full") == 7
    assert count_people(figure, "fact-empty") == 17


def test_few_are_two_hatched_figures():
    figure = charts.figures(a_result(0))
    assert words(figure)[3] == "højst 2 af 24"
    assert count_people(figure, "fact-full") == 0
    assert count_people(figure, "fact-hatched") == 2
    assert count_people(figure, "fact-empty") == 22
    assert trace(figure, "fact-hatched")["fillpattern"]["shape"] == "/"


def test_nearly_all_are_the_rest_and_two_hatched_figures():
    figure = charts.figures(a_result(23))
    assert words(figure)[3] == "mindst 22 af 24"
    assert count_people(figure, "fact-full") == 22
    assert count_people(figure, "fact-hatched") == 2
    assert count_people(figure, "fact-empty") == 0


def test_half_a_pupil_is_half_a_figure():
    figure = charts.figures(a_result(7, guesses={8: 12, 9: 12}))
    assert words(figure)[1] == "8,5 af 24"
    assert count_people(figure, "guess-full") == 8
    assert count_people(figure, "guess-half") == 1
    assert count_people(figure, "guess-empty") == 16  # its outline is one of them


def test_who_did_not_answer_stands_apart():
    figure = charts.figures(a_result(5, 24, n=20))
    assert words(figure)[3] == "5 af 20"
    assert count_people(figure, "fact-full") + count_people(figure, "fact-empty") == 20
    assert count_people(figure, "fact-absent") == 4
    assert trace(figure, "fact-absent")["line"]["dash"] == "dot"


def test_attitude_is_one_array():
    figure = charts.figures(an_attitude(20))
    assert words(figure) == ["Svarede ja", "20 af 24"]
    assert count_people(figure, "fact-full") == 20
    assert not [one for one in figure["data"] if one["uid"].startswith("guess")]


@pytest.mark.parametrize("present", SIZES)
def test_figures_stay_inside_and_in_their_own_half(present):
    figure = charts.figures(a_result(3, present))
    for one in figure["data"]:
        xs = [x for x in one["x"] if x is not None]
        ys = [y for y in one["y"] if y is not None]
        low, high = (0, 560) if one["uid"].startswith("guess") else (592, 1152)
        assert low <= min(xs) < max(xs) <= high
        assert min(ys) >= 0
        assert max(ys) <= 240


def test_grid_is_in_tens_where_that_costs_little():
    assert people.grid(120, 548, 240).columns == 20
    # Ten to a row would leave the last one alone.
    assert people.grid(31, 548, 240).columns == 11
    assert people.grid(24, 548, 240).columns == 8


def test_withheld_result_has_no_figure():
    few = an_attitude(1, 24)
    withheld = disclose_own(Own(1, 2, 0), Sensitivity.GREEN)
    with pytest.raises(ValueError, match="withheld"):
        charts.figures(Result(**{**vars(few), "own": withheld}))


# --- closing bars, progress -----------------------------------------------------------


def test_closing_bars_are_as_long_as_their_numbers():
    figure = charts.closing_bars([a_result(12)])
    guess, fact = figure["data"]
    # 8 and 12 of 24: two thirds of one another, from the same start.
    assert guess["x"][0] * 3 == pytest.approx(fact["x"][0] * 2, abs=0.1)
    assert guess["base"] == fact["base"]
    assert words(figure) == [
        "Har vapet",
        "det troede vi",
        "8",
        "sådan er det",
        "12",
    ]


def test_coded_ends_are_hatched():
    results = [a_result(12), a_result(1), a_result(23)]
    _, half, _, few, _, sure, rest = charts.closing_bars(results)["data"]
    whole = 2 * half["x"][0]
    assert few["marker"]["pattern"]["shape"] == "/"
    assert few["x"][0] == pytest.approx(whole * 2 / 24, abs=0.1)
    assert "pattern" not in sure["marker"]
    assert rest["marker"]["pattern"]["shape"] == "/"
    assert sure["x"][0] + rest["x"][0] == pytest.approx(whole, abs=0.1)


def test_bars_of_different_denominators_say_them():
    assert captions.bars(a_result(5, 24, n=20)) == [
        ("det troede vi", "8 af 24"),
        ("sådan er det", "5 af 20"),
    ]


def test_bars_of_many_behaviours_do_not_overlap():
    figure = charts.closing_bars([a_result(yes) for yes in range(9)])
    bars = sorted({(one["y"][0], one["width"][0]) for one in figure["data"]})
    assert len(bars) == 18
    for (y, high), (above, _) in itertools.pairwise(bars):
        assert above - y >= high


@pytest.mark.parametrize(("present", "n"), [(24, 24), (31, 28), (120, 117)])
def test_numbers_of_bars_stay_inside(present, n):
    figure = charts.closing_bars([a_result(n, present, n), a_result(9, present, n)])
    for note in figure["layout"]["annotations"]:
        wide = 0.58 * note["font"]["size"] * max(map(len, note["text"].split("<br>")))
        right = note["xanchor"] == "right"
        assert note["x"] - wide * right >= 0
        assert note["x"] + wide * (not right) <= 1152


def test_names_from_a_set_are_no_markup():
    figure = charts.closing_bars(
        [a_result(7, triad=a_triad("har <b>vapet</b> & mere"))]
    )
    assert words(figure)[0] == "Har &lt;b&gt;vapet&lt;/b&gt; &amp; mere"


def test_progress_is_one_bar():
    figure = charts.progress(15, 24)
    (bar,) = figure["data"]
    assert bar["x"] == [15]
    assert figure["layout"]["xaxis"]["tickvals"] == [0, 5, 10, 15, 20, 24]


def test_progress_of_an_empty_room_is_drawn():
    assert charts.progress(0, 0)["data"][0]["x"] == [0]


# --- words and tables -----------------------------------------------------------------


def test_table_has_the_coded_words():
    (row,) = captions.table([a_result(1)])
    assert vars(row) == {
        "topic": "Har vapet de seneste 30 dage",
        "others": "8",
        "friends": "8",
        "yes": "højst 2",
        "total": "24",
        "elsewhere": None,
    }


def test_table_names_the_denominator_where_it_differs():
    (row,) = captions.table([a_result(5, 24, n=20)])
    assert (row.friends, row.yes, row.total) == ("8 ud af 24", "5", "20")


def test_table_before_the_facit_holds_guesses_only():
    (row,) = captions.table([a_result(7)], Step.GUESSES)
    assert (row.friends, row.others, row.yes, row.total) == ("8", None, None, None)


def test_words_name_the_same_numbers_as_the_picture():
    result = a_result(1, guesses={2: 4, 8: 16, 20: 4})
    assert captions.describe(result, Step.GUESSES) == (
        "En prik for hvert gæt, 24 i alt, fra 2 til 20 ud af 24. "
        "Det midterste gæt er 8."
    )
    assert captions.describe(result, Step.FACIT).endswith(
        "Facit: højst 2 ud af 24 svarede ja."
    )
    assert captions.describe(result, Step.FIGURES) == (
        "En figur for hver elev. Det troede vi: 8 af 24. Sådan er det: højst 2 af 24."
    )
    assert captions.describe_bars([result]) == (
        "Har vapet: det troede vi 8, sådan er det højst 2."
    )


# --- how they are drawn ---------------------------------------------------------------


@pytest.mark.parametrize("n", SIZES)
def test_no_text_is_smaller_than_the_back_row_reads(n):
    for figure in everything(a_result(3, n))[:6]:
        fonts = [
            note["font"]["size"] for note in figure["layout"].get("annotations", ())
        ]
        axis = figure["layout"]["xaxis"]
        fonts += [axis["tickfont"]["size"]] if "tickfont" in axis else []
        assert min(fonts) >= 28


def test_figures_are_bare():
    for figure in everything(a_result(3))[:6]:
        assert "template" not in figure["layout"]  # plotly.js adds none by itself
        assert not figure["layout"]["showlegend"]
        assert figure["config"] == {"staticPlot": True, "displayModeBar": False}


@pytest.mark.parametrize("yes", [0, 3, 12, 24])
@pytest.mark.parametrize("n", SIZES)
def test_plotly_knows_all_that_a_figure_says(yes: int, n: int):
    for figure in everything(a_result(min(yes, n), n))[:6]:
        # Names that it does not know, and values outside their range, are refused.
        read = graph_objects.Figure(data=figure["data"], layout=figure["layout"])
        assert len(read.data) == len(figure["data"])
        assert read.layout.width == plot.WIDTH
        for name, value in figure["layout"].items():
            if value:
                assert name in read.layout


def test_plotly_refuses_what_it_does_not_know():
    with pytest.raises(ValueError, match="blindgyde"):
        graph_objects.Figure(data=[], layout={"blindgyde": 1})


def test_colours_are_those_of_the_tokens():
    tokens = Path(charts.__file__).parent.parent / "static" / "css" / "tokens.css"
    light = tokens.read_text(encoding="utf-8").partition("@media")[0]
    named = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    assert {role: named[role] for role in plot.PALETTE} == plot.PALETTE


def test_every_colour_has_a_role():
    text = json.dumps([everything(a_result(yes)) for yes in (0, 7, 24)])
    assert set(re.findall(r"#[0-9a-f]{6}", text)) <= set(plot.PALETTE.values())
    assert isinstance(a_result(3).own, Shown)


# --- elsewhere ------------------------------------------------------------------------


def with_elsewhere(yes: int, percent: float, n: int = 24) -> Result:
    """A result with a figure beside it that the teacher shows."""
    figure = replace(shipped()[0], percent=percent, population="9. klasse")
    result = a_result(yes, n)
    assert isinstance(result.own, Shown)
    beside = elsewhere.beside(result.triad, result.own, figure, choice=True)
    return replace(result, elsewhere=beside)


@pytest.mark.parametrize("percent", [0.0, 4.0, 12.5, 50.0, 96.0, 100.0])
@pytest.mark.parametrize("n", SIZES)
def test_paler_line_stands_where_the_percentage_falls(percent: float, n: int):
    result = with_elsewhere(min(3, n), percent, n)
    figure = charts.guesses(result, Step.ELSEWHERE)
    line = trace(figure, "elsewhere")
    assert line["x"] == [percent / 100 * n] * 2
    assert line["line"]["dash"] == "dash"
    assert "Andre steder" in words(figure)
    assert trace(figure, "facit") is not None
    assert trace(figure, "median") is None
    graph_objects.Figure(data=figure["data"], layout=figure["layout"])


def test_words_of_the_paler_line_stand_at_it_on_paper_of_their_own():
    for percent in range(101):
        for yes in (0, 3, 12, 20, 24):
            result = with_elsewhere(yes, float(percent))
            figure = charts.guesses(result, Step.ELSEWHERE)
            (note,) = [
                one
                for one in figure["layout"]["annotations"]
                if one["text"] == "Andre steder"
            ]
            assert note["x"] == trace(figure, "elsewhere")["x"][0]
            assert note["bgcolor"] == plot.PALETTE["paper"]
            unit = 1096 / 25.6
            start = (note["x"] + 0.8) * unit + note["xshift"]
            wide = 0.6 * note["font"]["size"] * len(note["text"])
            left = start if note["xanchor"] == "left" else start - wide
            assert left >= -28
            assert left + wide <= 1096 + 28


def test_ends_look_the_same_beside_a_figure():
    for ends in ((0, 1, 2), (22, 23, 24)):
        seen = {
            json.dumps(charts.guesses(with_elsewhere(yes, 40.0), Step.ELSEWHERE))
            for yes in ends
        }
        assert len(seen) == 1


def test_figure_from_elsewhere_stands_in_words_and_table():
    result = with_elsewhere(3, 40.0)
    assert captions.describe(result, Step.ELSEWHERE).endswith(
        "På landsplan var det 40 ud af 100 i 2019. "
        "I en klasse på 24 svarer det til cirka 10."
    )
    assert captions.table([result], Step.ELSEWHERE)[0].elsewhere == "40 ud af 100"
    assert captions.table([result], Step.SENTENCE)[0].elsewhere is None
