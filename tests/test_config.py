"""Every setting from file and environment, and every bad value named."""

import stat

import pytest

from pejling.config import (
    SETTINGS,
    BadSetting,
    check_sign_in,
    client_secret,
    pairs,
    question_set_folder,
    read_settings,
    secret_key,
)

GOOD = {
    "PUBLIC_URL": "https://pejling.example.dk",
    "TRUSTED_HOSTS": "pejling.example.dk,localhost",
    "BEHIND_PROXIES": 1,
    "THREADS": 64,
    "QUESTION_SETS": "/srv/sets",
    "OIDC_ISSUER": "https://login.example.dk/kommune",
    "OIDC_CLIENT_ID": "pejling",
    "OIDC_CLIENT_SECRET": "of the provider",
    "OIDC_CLIENT_SECRET_FILE": "/run/secrets/pejling",
    "OIDC_LABEL": "Unilogin",
    "OIDC_SCOPE": "openid",
    "OIDC_ACR": "Substantial",
    "OIDC_ROLE_CLAIM": "aktoer_gruppe",
    "OIDC_TEACHER": "Medarbejder",
    "OIDC_CONSULTANT": "SSP",
    "OIDC_BOARD": "Leder",
    "OIDC_SCHOOL_CLAIM": "skole",
    "OIDC_REQUIRED": "inst=101001,inst=101002",
    "OIDC_DOMAINS": "example.dk",
    "OIDC_INVITED_ONLY": 1,
}


def test_defaults_are_those_of_the_table(tmp_path):
    assert read_settings(tmp_path, {}) == {one.name: one.default for one in SETTINGS}


def test_every_setting_is_tried_here():
    assert set(GOOD) == {one.name for one in SETTINGS}


@pytest.mark.parametrize("name", GOOD)
def test_setting_from_the_environment(tmp_path, name):
    found = read_settings(tmp_path, {f"PEJLING_{name}": str(GOOD[name])})
    assert found[name] == GOOD[name]
    others = {one.name: one.default for one in SETTINGS if one.name != name}
    assert others.items() <= found.items()


@pytest.mark.parametrize("name", GOOD)
def test_setting_from_the_file(tmp_path, name):
    value = GOOD[name]
    written = value if isinstance(value, int) else f'"{value}"'
    (tmp_path / "pejling.toml").write_text(f"{name.lower()} = {written}\n")
    assert read_settings(tmp_path, {})[name] == value


def test_environment_wins_over_the_file(tmp_path):
    (tmp_path / "pejling.toml").write_text("threads = 64\n")
    assert read_settings(tmp_path, {"PEJLING_THREADS": "32"})["THREADS"] == 32


def test_other_variables_are_left_alone(tmp_path):
    assert read_settings(tmp_path, {"THREADS": "1", "PEJLING_X": "1"})


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("THREADS", "many", "PEJLING_THREADS: 'many' is not a number"),
        ("OIDC_ISSUER", "http://login.example.dk", "OIDC_ISSUER: https://"),
        ("OIDC_ISSUER", "http://127.0.0.1.example.dk", "OIDC_ISSUER: https://"),
        ("OIDC_ISSUER", "http://localhost@evil.dk", "OIDC_ISSUER: https://"),
        ("OIDC_ISSUER", "https://x:y@login.example.dk", "OIDC_ISSUER: https://"),
        ("OIDC_ISSUER", "https://", "OIDC_ISSUER: https://"),
        ("OIDC_ISSUER", "https://a.dk/#x", "OIDC_ISSUER: https://"),
        ("OIDC_ISSUER", "https://[", "OIDC_ISSUER: https://"),
        ("OIDC_REQUIRED", "tid", "OIDC_REQUIRED: 'tid' is not claim=value"),
        ("OIDC_REQUIRED", "tid=", "OIDC_REQUIRED: 'tid=' is not claim=value"),
        ("OIDC_INVITED_ONLY", "2", "OIDC_INVITED_ONLY: 0 or 1"),
        ("THREADS", "", "PEJLING_THREADS"),
        ("THREADS", "7", "THREADS: 8 to 4096"),
        ("THREADS", "4097", "THREADS: 8 to 4096"),
        ("BEHIND_PROXIES", "-1", "BEHIND_PROXIES: 0 to 5"),
        ("BEHIND_PROXIES", "6", "BEHIND_PROXIES: 0 to 5"),
        ("BEHIND_PROXIES", "1.5", "PEJLING_BEHIND_PROXIES"),
        ("PUBLIC_URL", "pejling.example.dk", "PUBLIC_URL"),
        ("PUBLIC_URL", "ftp://pejling.example.dk", "PUBLIC_URL"),
        ("PUBLIC_URL", "https://", "PUBLIC_URL"),
        ("PUBLIC_URL", "javascript:alert(1)", "PUBLIC_URL"),
        ("PUBLIC_URL", "https://example.dk/pejling", "is not an address like"),
        ("PUBLIC_URL", "https://example.dk?a=1", "is not an address like"),
        ("PUBLIC_URL", "https://example.dk#a", "is not an address like"),
        ("PUBLIC_URL", "https://[example.dk", "PUBLIC_URL"),
        ("PUBLIC_URL", "https://:8000", "PUBLIC_URL"),
        ("PUBLIC_URL", "https://example.dk:99999", "PUBLIC_URL"),
    ],
)
def test_bad_value_in_the_environment_is_named(tmp_path, name, value, words):
    with pytest.raises(BadSetting, match=words):
        read_settings(tmp_path, {f"PEJLING_{name}": value})


@pytest.mark.parametrize("url", ["", "http://192.168.1.5:8000", "https://x.dk/"])
def test_good_address(tmp_path, url):
    assert read_settings(tmp_path, {"PEJLING_PUBLIC_URL": url})["PUBLIC_URL"] == url


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"thread = 8", "pejling.toml: thread is not a setting"),
        (b"THREADS = 8", "pejling.toml: THREADS is not a setting"),
        (b'threads = "8"', "pejling.toml: threads has the wrong type"),
        (b"threads = true", "pejling.toml: threads has the wrong type"),
        (b"threads = 8.0", "pejling.toml: threads has the wrong type"),
        (b"public_url = 8", "pejling.toml: public_url has the wrong type"),
        (b"threads = 7", "THREADS: 8 to 4096"),
        (b"threads", "pejling.toml: "),
        (b'public_url = "\xe6"', "pejling.toml: "),
    ],
)
def test_bad_file_is_named(tmp_path, content, words):
    (tmp_path / "pejling.toml").write_bytes(content)
    with pytest.raises(BadSetting, match=words):
        read_settings(tmp_path, {})


# --- the secret key -------------------------------------------------------------------


def test_secret_key_is_made_once_and_read_by_the_owner_only(tmp_path):
    key = secret_key(tmp_path)
    assert len(key) == 32
    assert secret_key(tmp_path) == key
    mode = stat.S_IMODE((tmp_path / "secret.key").stat().st_mode)
    assert mode == 0o600


def test_two_folders_have_different_keys(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert secret_key(tmp_path / "a") != secret_key(tmp_path / "b")


def test_secret_key_that_was_cut_off_is_refused(tmp_path):
    (tmp_path / "secret.key").write_bytes(b"x" * 31)
    with pytest.raises(BadSetting, match=r"secret\.key is too short"):
        secret_key(tmp_path)


def test_secret_key_needs_a_folder(tmp_path):
    with pytest.raises(FileNotFoundError):
        secret_key(tmp_path / "nowhere")


# --- question sets --------------------------------------------------------------------


def test_sets_that_ship_are_found():
    assert (question_set_folder("") / "7a.toml").is_file()


def test_folder_of_sets_can_be_chosen(tmp_path):
    assert question_set_folder(str(tmp_path)) == tmp_path


# --- sign-in by a provider ------------------------------------------------------------

SIGN_IN = {one.name: one.default for one in SETTINGS} | {
    "PUBLIC_URL": "https://pejling.example.dk",
    "OIDC_ISSUER": "https://login.example.dk",
    "OIDC_CLIENT_ID": "pejling",
    "OIDC_CLIENT_SECRET": "very secret",
    "OIDC_TEACHER": "Medarbejder",
}


def test_settings_that_fit_together():
    check_sign_in(SIGN_IN)
    here = {"PUBLIC_URL": "http://127.0.0.1:8000", "OIDC_ISSUER": "http://localhost:1"}
    check_sign_in(SIGN_IN | here)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://pejling.example.dk"}, "PUBLIC_URL"),
        ({"OIDC_ISSUER": "http://login.example.dk"}, "OIDC_ISSUER"),
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET"),
        ({"OIDC_CLIENT_SECRET_FILE": "/x"}, "one of them"),
        ({"OIDC_LABEL": " "}, "OIDC_LABEL"),
        ({"OIDC_SCOPE": "profile"}, "OIDC_SCOPE"),
        ({"OIDC_TEACHER": " , "}, "nobody could sign in"),
        ({"OIDC_BOARD": "Leder, Medarbejder"}, "a value stands twice"),
    ],
)
def test_settings_that_do_not(change, words):
    with pytest.raises(BadSetting, match=words) as told:
        check_sign_in(SIGN_IN | change)
    assert "very secret" not in str(told.value)


def test_secret_may_lie_in_a_file(tmp_path):
    path = tmp_path / "secret"
    by_file = {"OIDC_CLIENT_SECRET": "", "OIDC_CLIENT_SECRET_FILE": str(path)}
    for content in (None, b" \n", b"\xff"):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(BadSetting, match="OIDC_CLIENT_SECRET_FILE"):
            client_secret(SIGN_IN | by_file)
    path.write_text("of the file\n")
    assert client_secret(SIGN_IN | by_file) == "of the file"
    assert client_secret(SIGN_IN) == "very secret"


def test_values_of_one_claim_are_alternatives():
    found = pairs("inst=101001, tid=k1,inst=101002")
    assert found == {"inst": {"101001", "101002"}, "tid": {"k1"}}
    assert pairs("") == {}
