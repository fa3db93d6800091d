"""Passwords: Argon2id hashes that follow the library's current cost, and what a new password may not be.

Promise: a wrong password and an unknown person take the same time and get the same answer. Not here: slowing guesses
down (`throttling`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask_babel import gettext as _

from backoffice.accounts.models import User

MIN_LENGTH = 12
# Argon2 reads any length; a megabyte of password would only cost us time.
MAX_LENGTH = 256
MIN_DIFFERENT = 5
HASHER = PasswordHasher()
_COMMON = Path(__file__).with_name("common_passwords.txt")
_NO_LETTER = re.compile(r"[\W\d_]")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_DISGUISES = str.maketrans("013457@$!", "oieastasi")


def set_password(user: User, password: str) -> None:
    """Store the hash of a password that was found good."""
    user.password_hash = HASHER.hash(password)


def verify(user: User | None, password: str) -> bool:
    """Return whether this is the user's password; renews a hash whose cost is out of date."""
    stored = user.password_hash if user is not None and user.password_hash else _nobodys_hash()
    try:
        HASHER.verify(stored, password[:MAX_LENGTH])
    except (Argon2Error, InvalidHashError):
        return False
    if user is None or not user.password_hash:
        return False
    if HASHER.check_needs_rehash(stored):
        set_password(user, password)
    return True


@cache
def _nobodys_hash() -> str:
    """Return a hash to check against where there is no user, so that both ways take the same time."""
    return HASHER.hash("nobody's password, never accepted")


def problem(password: str, *, email: str = "", name: str = "") -> str | None:
    """Return the sentence that says why this password cannot be taken, or None."""
    if len(password) < MIN_LENGTH:
        return _("Use at least %(count)s characters; a few words are easy to remember.", count=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        return _("Use at most %(count)s characters.", count=MAX_LENGTH)
    if len(set(password)) < MIN_DIFFERENT or is_common(password):
        return _("This password is among those that are tried first. Choose another one.")
    if _holds_person(password, email, name):
        return _("Your password must not be made of your name or e-mail address.")
    return None


def is_common(password: str) -> bool:
    """Return whether the password is one of the usual ones, or made of nothing but usual words, digits and signs."""
    plain = _NO_LETTER.sub("", password.lower())
    # Digits at the ends are decoration (a year); those within may stand for letters.
    bare = _ENDS.sub("", password.lower()).translate(_DISGUISES)
    return _made_of_common(plain) or _made_of_common(_NO_LETTER.sub("", bare))


def _made_of_common(letters: str) -> bool:
    """Return whether `letters` is a chain of listed words; the empty chain is one."""
    reached = {0}
    for end in range(1, len(letters) + 1):
        if any(letters[start:end] in _common_words() for start in reached):
            reached.add(end)
    return len(letters) in reached and len(letters) <= 24


@cache
def _common_words() -> frozenset[str]:
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _holds_person(password: str, email: str, name: str) -> bool:
    plain = _NO_LETTER.sub("", password.lower())
    for part in (email, email.partition("@")[0], name):
        letters = _NO_LETTER.sub("", part.lower())
        if len(letters) >= 4 and letters in plain and len(plain) - len(letters) < MIN_DIFFERENT:
            return True
    return False
