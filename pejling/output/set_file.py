"""A question set as its TOML file: the same keys that the reader knows."""

from collections.abc import Mapping
from typing import Any

SCHEMA_LINE = "#:schema question_set.schema.json\n"
"""Leads editors that know TOML to the schema beside the file."""


def write(raw: Mapping[str, Any]) -> str:
    """The text of a set's file; reading it gives ``raw`` again, key for key.

    :param raw: key -> value, as a set's file has them: its tables last.
    """
    import tomli_w  # not at start: a file is seldom asked for

    tables = {key: rows for key, rows in raw.items() if _is_tables(rows)}
    head = {key: value for key, value in raw.items() if key not in tables}
    # Each table by itself: the library puts short ones on one line, before the others.
    pieces = [
        f"[[{key}]]\n{tomli_w.dumps(row, indent=2)}"
        for key, rows in tables.items()
        for row in rows
    ]
    return "\n".join([SCHEMA_LINE + tomli_w.dumps(head, indent=2), *pieces])


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)
