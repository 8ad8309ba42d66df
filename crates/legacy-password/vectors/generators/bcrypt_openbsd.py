"""bcrypt 3.2.2 of PyPI: OpenBSD's C code. Later versions wrap the crate that is tested here."""

import hashlib
import hmac

import bcrypt
from passlib.crypto._blowfish import raw_bcrypt

from .vector import LONG, RIGHT, WRONG, bcrypt_salt, family, salt_text, vector

GENERATOR = "bcrypt 3.2.2"
ENGINES = {"bcrypt (PyPI)"}


def vectors():
    return [*plain(), *meteor(), *authgear(), *peppered(), *fallbacks()]


def hashed(password, label, prefix="$2b$04$"):
    return bcrypt.hashpw(password, (prefix + bcrypt_salt(label)).encode()).decode()


def plain():
    for prefix in ["$2a$04$", "$2b$04$"]:
        yield from family("bcrypt", lambda password: hashed(password.encode(), "bcrypt", prefix), reads=72)
    seventy_two = LONG[:72]
    made = hashed(seventy_two.encode(), "bcrypt 72")
    yield vector("bcrypt", made, seventy_two, True, note="72 bytes")
    yield vector("bcrypt", made, seventy_two[:71], False, note="71 of 72 bytes")
    yield vector("bcrypt", made, seventy_two + "more", True, note="what follows 72 bytes does not count")
    high = bytes(range(0x80, 0x90)) + b"\xff\xff345"
    yield vector("bcrypt", hashed(high, "high"), high, True, note="bytes that are not UTF-8, where $2x$ went wrong")


def meteor():
    """Meteor's accounts-password sends and hashes the hexadecimal SHA-256 of the password."""
    inner = lambda password: hashlib.sha256(password.encode()).hexdigest().encode()
    of = lambda prefix: lambda password: hashed(inner(password), "meteor", prefix)
    note = "meteor/packages/accounts-password: bcrypt(hex(sha256(password)))"
    yield from family("meteor", of("$2b$04$"), configured={}, usual=of("$2b$10$"), note=note)


def authgear():
    """Authgear: bcrypt of the 64 raw bytes of the SHA-512, which may hold a zero byte: C would stop there."""
    inner = lambda password: hashlib.sha512(password.encode()).digest()
    note = "authgear-server/pkg/util/password: bcrypt(sha512(password))"

    def hash_of(password):
        # passlib's Blowfish in Python reads past a zero byte, as Go's does and OpenBSD's does not.
        salt = bcrypt_salt("authgear")
        made = raw_bcrypt(inner(password), "2a", salt.encode(), 4).decode()
        if b"\0" not in inner(password):
            assert hashed(inner(password), "authgear", "$2a$04$").endswith(made)
        return f"$bcrypt-sha512$$2a$04${salt}{made}"

    yield from family("authgear-bcrypt-sha512", hash_of, note=note)
    first, second = [word for word in (f"sesame {n}" for n in range(2000)) if inner(word)[0] == 0][:2]
    yield vector("authgear-bcrypt-sha512", hash_of(first), first, True, note="the SHA-512 begins with a zero byte")
    yield vector(
        "authgear-bcrypt-sha512", hash_of(first), second, False, note="so does this one's: C sees no difference"
    )


def peppered():
    pepper = salt_text("pepper", 20)
    for how, mix in [
        ("append", lambda password: (password + pepper).encode()),
        ("prepend", lambda password: (pepper + password).encode()),
        ("hmac-sha256", lambda password: hmac.new(pepper.encode(), password.encode(), hashlib.sha256).digest()),
        # What PHP's hash_hmac() gives unless told otherwise.
        (
            "hmac-sha256-hex",
            lambda password: hmac.new(pepper.encode(), password.encode(), hashlib.sha256).hexdigest().encode(),
        ),
    ]:
        with_pepper = {"pepper": {"how": how, "value": pepper}}
        if how == "hmac-sha256" and b"\0" in mix(RIGHT):
            raise ValueError("choose a pepper whose digest has no zero byte")
        made = hashed(mix(RIGHT), "pepper " + how)
        note = "Devise: bcrypt(password ‖ pepper)" if how == "append" else None
        yield vector("bcrypt", made, RIGHT, True, with_pepper, note)
        yield vector("bcrypt", made, WRONG, False, with_pepper, note)
        yield vector("bcrypt", made, RIGHT, False, {"pepper": {"how": how, "value": pepper + "!"}}, "other pepper")
        yield vector("bcrypt", made, RIGHT, False, None, "no pepper")


def fallbacks():
    word = "pässwörd"
    for name, encoded in [
        ("latin-1", word.encode("latin-1")),
        ("nfkc", word.encode()),
        ("trimmed", word.encode()),
    ]:
        typed = {"latin-1": word, "nfkc": "pa\u0308ssｗo\u0308rd", "trimmed": f"\t {word} \n"}[name]
        made = hashed(encoded, "fallback " + name)
        yield vector("bcrypt", made, typed, True, {"fallbacks": [name]}, f"typed otherwise, found by {name}")
        yield vector("bcrypt", made, typed, False, None, f"not without {name}")
        yield vector("bcrypt", made, typed + "x", False, {"fallbacks": [name]}, "no fall-back makes it right")
    # UTF-16 has zero bytes, which C's bcrypt stops at: a digest shows this fall-back.
    made = hashlib.sha1(word.encode("utf-16-le")).hexdigest()
    yield vector("digest", made, word, True, {"algorithm": "sha1", "fallbacks": ["latin-1", "utf-16le"]})
    yield vector("digest", made, word, False, {"algorithm": "sha1", "fallbacks": ["latin-1"]})
