"""argon2-cffi: the reference implementation in C. Associated data only OpenSSL can take."""

import base64

from argon2.low_level import Type, hash_secret
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from .vector import RIGHT, WRONG, brief, family, once, salt_bytes, vector

GENERATOR = "argon2-cffi 25.1.0"
ENGINES = {"argon2-cffi"}
CHEAP = {"time_cost": 2, "memory_cost": 64, "parallelism": 2, "hash_len": 32}


def vectors():
    return [*types(), *lengths(), *with_data()]


def hashed_by(type, version=19, salt_length=16, **cost):
    salt = salt_bytes(f"argon2 {type} {version}", salt_length)
    return lambda password: hash_secret(password.encode(), salt, type=type, version=version, **cost).decode()


def types():
    default = hashed_by(Type.ID, time_cost=3, memory_cost=65536, parallelism=4, hash_len=32)
    for name, type in [("argon2id", Type.ID), ("argon2i", Type.I), ("argon2d", Type.D)]:
        usual = default if type is Type.ID else None
        yield from family(name, hashed_by(type, **CHEAP), usual=usual)
        yield from brief(name, hashed_by(type, version=16, **CHEAP), note="version 1.0")
    unsaid = lambda password: hashed_by(Type.I, version=16, **CHEAP)(password).replace("v=16$", "")
    yield from brief("argon2i", unsaid, note="no version written means 1.0")
    owasp = hashed_by(Type.ID, time_cost=2, memory_cost=19456, parallelism=1, hash_len=32)
    yield from once("argon2id", owasp, note="the cost that OWASP names first")


def lengths():
    for hash_length in [16, 24, 64]:
        cost = CHEAP | {"hash_len": hash_length, "parallelism": 1}
        yield from brief("argon2id", hashed_by(Type.ID, salt_length=8, **cost))


def with_data():
    """`data=` goes into the hash (PHC string format; RFC 9106, X), `keyid=` does not."""
    salt, data = salt_bytes("argon2 data", 16), b"tenant 7"
    made = Argon2id(salt=salt, length=32, iterations=2, lanes=1, memory_cost=64, ad=data).derive(RIGHT.encode())
    nopad = lambda part: base64.b64encode(part).decode().rstrip("=")
    text = f"$argon2id$v=19$m=64,t=2,p=1,data={nopad(data)}${nopad(salt)}${nopad(made)}"
    note = "associated data; made by OpenSSL"
    yield vector("argon2id", text, RIGHT, True, note=note)
    yield vector("argon2id", text, WRONG, False, note=note)
