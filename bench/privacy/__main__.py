"""Measure everything that docs/privacy.md promises, and write it down.

``python -m bench.privacy`` takes up to half an hour and writes docs/privacy_figures.md
and bench/results/privacy.json. With ``--quick`` everything is small, takes less than a
minute, and goes to build/privacy: nothing of that is to be published.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.privacy import (
    canary,
    doubles,
    frames,
    guesser,
    one_address,
    order,
    pools,
    report,
    sizes,
)
from bench.privacy.figure import Figure

ROOT = Path(__file__).parents[2]

Measure = Callable[[], list[Figure]]

FULL: dict[str, Measure] = {
    "order": lambda: order.measure(10_000),
    "canary": lambda: canary.measure(),
    "frames": lambda: frames.measure(100_000),
    "pools": lambda: pools.measure(10_000),
    "doubles": lambda: doubles.measure(1_000),
    "guesser": lambda: guesser.measure(),
    "one_address": lambda: one_address.measure(),
    "sizes": lambda: sizes.measure(),
}
QUICK: dict[str, Measure] = {
    "order": lambda: order.measure(100),
    "canary": lambda: canary.measure(pupils=6, behaviours=2),
    "frames": lambda: frames.measure(2_000),
    "pools": lambda: pools.measure(200),
    "doubles": lambda: doubles.measure(5),
    "guesser": lambda: guesser.measure(hours=0.05, flood=50),
    "one_address": lambda: one_address.measure(classes=1, present=8),
    "sizes": lambda: sizes.measure(behaviours=1, extra=4),
}
"""Name of the measurement -> how it is run: in full, and small."""


def main() -> None:
    """Measure, print and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="small, in a minute")
    is_quick = options.parse_args().quick
    commit, day = report.commit(ROOT), report.today()
    figures: list[Figure] = []
    seconds: dict[str, float] = {}
    for name, measure in (QUICK if is_quick else FULL).items():
        begun = time.monotonic()
        for figure in _measured(name, measure):
            figures.append(figure)
            print(f"{figure.verdict:12} {figure.name}: {figure.value}", flush=True)
        seconds[name] = round(time.monotonic() - begun, 1)
        print(f"  {name}: {seconds[name]} s", flush=True)
    page, data = _places(is_quick)
    page.write_text(report.page(figures, day, commit), encoding="utf-8")
    data.write_text(report.as_json(figures, day, commit, seconds), encoding="utf-8")


def _measured(name: str, measure: Measure) -> Iterator[Figure]:
    try:
        yield from measure()
    except Exception as error:
        # The others are worth having all the same, and this one is told as not met.
        yield Figure(name, "could not be measured", "", repr(error), passed=False)


def _places(is_quick: bool) -> tuple[Path, Path]:
    if is_quick:
        page = ROOT / "build" / "privacy" / "privacy_figures.md"
        data = page.with_name("privacy.json")
    else:
        page = ROOT / "docs" / "privacy_figures.md"
        data = ROOT / "bench" / "results" / "privacy.json"
    for one in (page, data):
        one.parent.mkdir(parents=True, exist_ok=True)
    return page, data


if __name__ == "__main__":
    main()
