"""Werkzeug (Flask). 2.3 is the last that makes every method: scrypt came in it, plain HMAC went after it."""

import warnings

from werkzeug.security import _hash_internal, check_password_hash

from .vector import brief, family, salt_text

GENERATOR = "Werkzeug 2.3.8"
ENGINES = {"OpenSSL"}
SALT = salt_text("werkzeug", 16).replace(".", "x").replace("/", "y")


def vectors():
    warnings.filterwarnings("ignore", message=".*password method.*")
    return [*scrypt(), *pbkdf2(), *hmac()]


def hashed_by(method):
    def hash_of(password):
        digest, written = _hash_internal(method, SALT, password)
        made = f"{written}${SALT}${digest}"
        assert check_password_hash(made, password)
        return made

    return hash_of


def scrypt():
    yield from family("werkzeug-scrypt", hashed_by("scrypt:128:8:1"), usual=hashed_by("scrypt"))
    yield from brief("werkzeug-scrypt", hashed_by("scrypt:64:2:3"))


def pbkdf2():
    for digest in ["sha1", "sha256", "sha512"]:
        usual = hashed_by("pbkdf2:sha256") if digest == "sha256" else None
        yield from family("werkzeug-pbkdf2", hashed_by(f"pbkdf2:{digest}:100"), usual=usual)
    for digest in ["sha224", "sha384"]:
        yield from brief("werkzeug-pbkdf2", hashed_by(f"pbkdf2:{digest}:100"))


def hmac():
    for digest in ["sha256", "sha512"]:
        yield from family("werkzeug-hmac", hashed_by(digest))
    for digest in ["sha224", "sha384"]:
        yield from brief("werkzeug-hmac", hashed_by(digest))
    for digest in ["md5", "sha1"]:
        note = "by prefix this text means Django's digest"
        yield from family("werkzeug-hmac", hashed_by(digest), configured={}, note=note)
