"""The schemas for editors: kept up to date, and right about the files that ship."""

import json
import tomllib

import jsonschema
import pytest

from pejling import config
from pejling.domain.content.schemas import schemas

FOLDER = config.question_set_folder("")


@pytest.mark.parametrize("name", schemas())
def test_schema_that_ships_is_the_one_made_of_the_format(name):
    # Renewed by `pejling sets schema`.
    assert (FOLDER / name).read_text(encoding="utf-8") == schemas()[name]


@pytest.mark.parametrize("name", schemas())
def test_schema_is_one(name):
    jsonschema.Draft202012Validator.check_schema(json.loads(schemas()[name]))


def test_shipped_files_pass_their_schema():
    for name, text in schemas().items():
        validator = jsonschema.Draft202012Validator(json.loads(text))
        files = sorted((FOLDER / name).parent.glob("*.toml"))
        assert files
        for path in files:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
            assert [one.message for one in validator.iter_errors(raw)] == [], path.name


def test_every_key_has_a_meaning():
    def properties(schema: dict) -> list[tuple[str, dict]]:
        found = list(schema.get("properties", {}).items())
        for _, one in list(found):
            found += properties(one.get("items", {}))
        return found

    for text in schemas().values():
        assert all(one["description"] for _, one in properties(json.loads(text)))
