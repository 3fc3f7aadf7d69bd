"""A second factor beside the password: codes of a phone (TOTP), and codes for trouble.

Six digits of half a minute each (RFC 6238, by pyotp), one step of clock skew either
way; each code opens once. Ten recovery codes are shown once and kept as SHA-256.
"""

import secrets

from sqlite_utils import Database

from pejling.storage import tokens
from pejling.storage.accounts import Account
from pejling.storage.connections import write

STEP_SECONDS = 30
SKEW_STEPS = 1
RECOVERY_CODES = 10

_LETTERS = "BCDFGHJKMNPQRTVWXY346789"  # no look-alikes, no vowels


def new_secret() -> str:
    """160 random bits in Base32, as phones read them."""
    import pyotp

    return pyotp.random_base32()


def address(account: Account, secret: str) -> str:
    """What the QR says: an otpauth address."""
    import pyotp

    return pyotp.TOTP(secret).provisioning_uri(
        name=account.email, issuer_name="Pejling"
    )


def fits(secret: str, code: str, now: float) -> int:
    """The step whose code this is, near now; 0 where it is none."""
    import pyotp

    made = pyotp.TOTP(secret)
    step = int(now) // STEP_SECONDS
    for near in range(step - SKEW_STEPS, step + SKEW_STEPS + 1):
        if secrets.compare_digest(made.at(near * STEP_SECONDS), _digits(code)):
            return near
    return 0


def turn_on(db: Database, account: Account, secret: str, step: int) -> list[str]:
    """Ask for codes of this secret from now on; new recovery codes, shown once.

    :param step: of the code that has shown that the phone has the secret.
    """
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with write(db):
        db.conn.execute(
            "update account set totp = ?, totp_step = ? where id = ?",
            [secret, step, account.id],
        )
        _forget_codes(db, account)
        db.conn.executemany(
            "insert into recovery_code (account, code_hash) values (?, ?)",
            [(account.id, _digest(code)) for code in codes],
        )
    return codes


def turn_off(db: Database, account: Account) -> None:
    """Ask for the password only."""
    with write(db):
        db.conn.execute(
            "update account set totp = '', totp_step = 0 where id = ?", [account.id]
        )
        _forget_codes(db, account)


def open_with(db: Database, account: Account, code: str, now: float) -> bool:
    """Whether this code lets the account in; it does once."""
    with write(db):
        secret, last = db.conn.execute(
            "select totp, totp_step from account where id = ?", [account.id]
        ).fetchone()
        step = fits(secret, code, now) if secret else 0
        if step > last:
            db.conn.execute(
                "update account set totp_step = ? where id = ?", [step, account.id]
            )
            return True
        used = db.conn.execute(
            "delete from recovery_code where account = ? and code_hash = ?",
            [account.id, _digest(code)],
        ).rowcount
    return bool(used)


def codes_left(db: Database, account: Account) -> int:
    """How many recovery codes have not been used."""
    row = db.conn.execute(
        "select count(*) from recovery_code where account = ?", [account.id]
    ).fetchone()
    return int(row[0])


def _forget_codes(db: Database, account: Account) -> None:
    db.conn.execute("delete from recovery_code where account = ?", [account.id])


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(16))
    return "-".join(letters[place : place + 4] for place in range(0, 16, 4))


def _digest(code: str) -> str:
    return tokens.digest("".join(char for char in code.upper() if char.isalnum()))


def _digits(code: str) -> str:
    return "".join(char for char in code if char in "0123456789")
