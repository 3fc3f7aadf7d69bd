"""Tokens: secrets that let somebody in, and what is kept of them."""

import hashlib
import secrets

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
"""32 letters and digits that a QR holds in its short mode (ISO/IEC 18004)."""

LENGTH = 26
"""130 bits: not to be guessed, whatever else fails."""


def new() -> str:
    """A random token that stands well in a QR."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def digest(token: str) -> str:
    """What is stored instead of a token: SHA-256, enough for one that is random."""
    return hashlib.sha256(token.encode()).hexdigest()
