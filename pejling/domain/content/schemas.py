"""JSON Schemas of the content files, so that an editor completes and checks the keys.

Editors with TOML support (Taplo and those built on it) find them by the first line of
each file: ``#:schema question_set.schema.json``.
"""

import json
from collections.abc import Mapping
from typing import Any

from pejling.domain.content import shape
from pejling.domain.content.plan_files import FOLDER, PLAN
from pejling.domain.content.set_format import QUESTION_SET

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> Mapping[str, str]:
    """File name below the folder of sets -> the schema as JSON text."""
    return {
        "question_set.schema.json": _text(
            "Spørgeskema til social pejling", QUESTION_SET
        ),
        f"{FOLDER}/plan.schema.json": _text("Årsplan for social pejling", PLAN),
    }


def _text(title: str, fields: tuple[shape.Field, ...]) -> str:
    found: dict[str, Any] = {"$schema": DIALECT, "title": title}
    found |= shape.schema(fields)
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
