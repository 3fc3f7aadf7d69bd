"""School years: from 1 August to 31 July, known by the year in which they begin.

Days are ISO dates as text, which sort as days do: the domain has no clock.
"""

FIRST_MONTH = 8


def of(day: str) -> int:
    """The year in which the school year of a day begins.

    >>> of("2026-07-31"), of("2026-08-01")
    (2025, 2026)
    """
    year, month = int(day[:4]), int(day[5:7])
    return year if month >= FIRST_MONTH else year - 1


def name(first: int) -> str:
    """How a school year is written.

    >>> name(2026), name(2099)
    ('2026/27', '2099/00')
    """
    return f"{first}/{(first + 1) % 100:02d}"


def days(first: int) -> tuple[str, str]:
    """Its first and last day, as ISO dates.

    >>> days(2026)
    ('2026-08-01', '2027-07-31')
    """
    return f"{first}-08-01", f"{first + 1}-07-31"


def months(first: int) -> tuple[str, ...]:
    """Its months as ISO months, August first.

    >>> months(2026)[0], months(2026)[-1]
    ('2026-08', '2027-07')
    """
    late = [f"{first}-{month:02d}" for month in range(FIRST_MONTH, 13)]
    return (*late, *(f"{first + 1}-{month:02d}" for month in range(1, FIRST_MONTH)))


def deleted_by(first: int) -> str:
    """The day by which its class numbers are deleted: 60 days after its last.

    >>> deleted_by(2026)
    '2027-09-29'
    """
    return f"{first + 1}-09-29"
