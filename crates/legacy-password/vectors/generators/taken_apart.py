"""Each vector as a primitive, its arguments and what must come out: pepper and encoding first, then the format."""

import hashlib
import hmac
import unicodedata

from .by_prefix import BY_PREFIX
from .configured import CONFIGURED
from .engines import ENGINES

FORMATS = BY_PREFIX | CONFIGURED


def taken_apart(vector):
    """`(primitive of engines.py, its arguments, expected bytes or text)`."""
    given = dict(vector.get("with") or {})
    pepper, fallbacks = given.pop("pepper", None), given.pop("fallbacks", [])
    password = bytes.fromhex(vector["password_hex"]) if "password_hex" in vector else vector["password"].encode()
    typed = [password, *(encoded(password, name) for name in fallbacks)]
    readings = [FORMATS[vector["format"]](vector["hash"], peppered(one, pepper), given) for one in typed]
    # Of several encodings the one that fits, if any does, is what the other engines are asked about.
    return next((reading for reading in readings[1:] if fits(reading)), readings[0])


def fits(reading):
    primitive, arguments, expected = reading
    _, engine = ENGINES[primitive][0]
    return (engine(**arguments) or expected[:0])[: len(expected)] == expected


def encoded(password, fallback):
    text = password.decode()
    return {
        "utf-16le": lambda: text.encode("utf-16-le"),
        "latin-1": lambda: text.encode("latin-1"),
        "nfkc": lambda: unicodedata.normalize("NFKC", text).encode(),
        "trimmed": lambda: text.strip().encode(),
    }[fallback]()


def peppered(password, pepper):
    if pepper is None:
        return password
    value = pepper["value"].encode()
    return {
        "append": lambda: password + value,
        "prepend": lambda: value + password,
        "hmac-sha256": lambda: hmac.new(value, password, hashlib.sha256).digest(),
        "hmac-sha256-hex": lambda: hmac.new(value, password, hashlib.sha256).hexdigest().encode(),
    }[pepper["how"]]()
