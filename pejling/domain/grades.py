"""Årgange: 0 to 10 in the folkeskole, and youth education after them."""

from collections.abc import Sequence

YOUTH_EDUCATION = 11
"""Stands for all of youth education (15 to 25 years): no årgang of its own there."""

GRADES = tuple(range(YOUTH_EDUCATION + 1))


def grade_name(grade: int) -> str:
    """The årgang in words.

    >>> grade_name(7), grade_name(11)
    ('7. årgang', 'Ungdomsuddannelse')
    """
    return "Ungdomsuddannelse" if grade == YOUTH_EDUCATION else f"{grade}. årgang"


def grades_name(grades: Sequence[int]) -> str:
    """Several årgange in words.

    >>> grades_name([4, 5]), grades_name([0, 1, 2, 3]), grades_name([9, 11])
    ('4.–5. årgang', '0.–3. årgang', '9. årgang og ungdomsuddannelse')
    """
    school = sorted(set(grades) - {YOUTH_EDUCATION})
    names = []
    if school:
        whole = school == list(range(school[0], school[-1] + 1))
        if len(school) == 1:
            names.append(grade_name(school[0]))
        elif whole:
            names.append(f"{school[0]}.–{school[-1]}. årgang")
        else:
            names.append(f"{_list([f'{one}.' for one in school], 'og')} årgang")
    if YOUTH_EDUCATION in grades:
        names.append("ungdomsuddannelse" if names else "Ungdomsuddannelse")
    return " og ".join(names)


def classes_phrase(grades: Sequence[int]) -> str:
    """The årgange as a question names them.

    >>> classes_phrase([7]), classes_phrase([4, 5])
    ('7. klasse', '4. eller 5. klasse')
    """
    return f"{_list([f'{one}.' for one in sorted(grades)], 'eller')} klasse"


def class_name(grade: int, letter: str) -> str:
    """How a class is called: "7.A", "7. årgang", "Hold A" in youth education."""
    if not letter:
        return grade_name(grade)
    return f"Hold {letter}" if grade == YOUTH_EDUCATION else f"{grade}.{letter}"


def _list(words: Sequence[str], last: str) -> str:
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
