"""The primitives of engines.py with their arguments, and the alphabets that the formats write bytes in."""

import base64

from .vector import ITOA64


def b64(text):
    """Either alphabet, passlib's `.` too, padded or not."""
    text = text.translate(str.maketrans(".-_", "++/")).rstrip("=")
    return base64.b64decode(text + "=" * (-len(text) % 4))


def from_itoa64(text):
    """phpass' base 64: 6 bits at a time, the lowest first; what is left over at the end is dropped."""
    made = b""
    for start in range(0, len(text), 4):
        four = text[start : start + 4]
        value = sum(ITOA64.index(letter) << 6 * place for place, letter in enumerate(four))
        made += value.to_bytes(3, "little")[: len(four) * 6 // 8]
    return made


def stretch(digest, first, expected, times=0, then=b""):
    return "stretch", {"digest": digest, "first": first, "times": times, "then": then}, expected


def derive(digest, password, salt, iterations, expected):
    shape = {"password": password, "salt": salt, "iterations": int(iterations), "length": len(expected)}
    return "pbkdf2", shape | {"digest": digest}, expected


def mac(digest, key, message, expected):
    return "hmac", {"digest": digest, "key": key, "message": message}, expected


def scrypt(password, salt, n, r, p, expected):
    shape = {"password": password, "salt": salt, "n": int(n), "r": int(r), "p": int(p)}
    return "scrypt", shape | {"length": len(expected)}, expected


def bcrypt(text, password):
    return "bcrypt", {"password": password, "setting": text}, text


def after(text, *prefixes):
    """The text without its wrapping, which some systems put around another's format."""
    for prefix in prefixes:
        if text.lower().startswith(prefix.lower()):
            return text[len(prefix) :]
    return text


def argon2_key(type, version, password, salt, shape, expected):
    numbers = {"memory": int(shape["m"]), "passes": int(shape["t"]), "lanes": int(shape["p"])}
    data = b64(shape["data"]) if "data" in shape else None
    who = {"type": type, "version": version, "password": password, "salt": salt, "data": data}
    return "argon2", who | numbers | {"length": len(expected)}, expected
