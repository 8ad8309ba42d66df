"""Java's world, re-written from its documentation over hashlib: Spring Security's encoders and FusionAuth's columns."""

import hashlib
import hmac

import bcrypt
from argon2.low_level import Type, hash_secret

from .vector import ITOA64, RIGHT, b64, bcrypt_salt, brief, family, once, refused, salt_bytes, salt_text

GENERATOR = "hashlib, by documentation"
ENGINES = {"OpenSSL", "argon2-cffi", "bcrypt (PyPI)"}


def vectors():
    return [*spring_derived(), *spring_digests(), *fusionauth(), *fusionauth_phpass()]


def stretched(digest, first, times, then=b""):
    """H(first), then `times` times H(what there is, then)."""
    made = hashlib.new(digest, first).digest()
    for _ in range(times):
        made = hashlib.new(digest, made + then).digest()
    return made


def spring_derived():
    note = "Spring Security, Pbkdf2PasswordEncoder: hex(salt ‖ key)"
    for prefix, digest, salt_length, iterations in [
        ("{pbkdf2}", "sha1", 8, 185_000),
        ("{pbkdf2@SpringSecurity_v5_8}", "sha256", 16, 310_000),
    ]:
        salt = salt_bytes(prefix, salt_length)

        def derived(password):
            return prefix + (salt + hashlib.pbkdf2_hmac(digest, password.encode(), salt, iterations, 32)).hex()

        # The cost is fixed by the prefix: a right one, a wrong one and one that is not ASCII will do.
        cases = family("spring-pbkdf2", derived, note=note)
        yield from [cases[0], cases[1], cases[4]]

    def scrypt(prefix, log_n, r, p, salt_length, note="Spring Security, SCryptPasswordEncoder"):
        salt = salt_bytes(prefix, salt_length)

        def derived(password):
            n = 1 << log_n
            made = hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, dklen=32, maxmem=2**28)
            return f"{prefix}${log_n << 16 | r << 8 | p:x}${b64(salt)}${b64(made)}"

        return derived

    yield from family("spring-scrypt", scrypt("{scrypt}", 4, 8, 1, 64))
    yield from once("spring-scrypt", scrypt("{scrypt}", 14, 8, 1, 64), note="the usual cost before 5.8")
    yield from once("spring-scrypt", scrypt("{scrypt@SpringSecurity_v5_8}", 16, 8, 1, 16), note="the usual cost")
    salt = salt_bytes("spring argon2", 16)
    for prefix, memory, passes in [("{argon2}", 4096, 3), ("{argon2@SpringSecurity_v5_8}", 16384, 2)]:
        argon2 = lambda password: prefix + hash_secret(password.encode(), salt, passes, memory, 1, 32, Type.ID).decode()
        yield from brief("argon2id", argon2, note="Spring Security, Argon2PasswordEncoder")


def spring_digests():
    salt = salt_bytes("spring sha256", 8)
    standard = lambda password: "{sha256}" + (salt + stretched("sha256", salt + password.encode(), 1023)).hex()
    yield from family("spring-sha256", standard, note="StandardPasswordEncoder: 1024 rounds of SHA-256")
    # MessageDigestPasswordEncoder draws 32 bytes, writes them in base64 within braces, and hashes braces and all.
    braces = "{" + b64(salt_bytes("spring digest", 32)) + "}"
    for prefix, digest in [("MD5", "md5"), ("SHA-1", "sha1"), ("SHA-256", "sha256"), ("SHA-512", "sha512")]:
        made = lambda password: f"{{{prefix}}}{braces}{hashlib.new(digest, (password + braces).encode()).hexdigest()}"
        cases = family("spring-digest", made, note="MessageDigestPasswordEncoder: H(password ‖ {salt})")
        yield from cases if digest == "sha256" else cases[:3]
    ldap = lambda password: "{ldap}{SSHA}" + b64(hashlib.sha1(password.encode() + salt).digest() + salt)
    yield from brief("ldap-digest", ldap, note="Spring Security, LdapShaPasswordEncoder")
    yield refused("noop", "{noop}" + RIGHT, "a password in the clear is no hash")
    yield refused("unknown", "{bogus}$2a$10$" + "x" * 53, "an unknown prefix is not tried as what follows it")


FUSIONAUTH = "fusionauth.io/docs/reference/password-hashes"


def fusionauth():
    salt = salt_bytes("fusionauth", 32)

    def column(scheme, made_of, factor, full=True):
        configured = {"encryptionScheme": scheme, "salt": b64(salt), "factor": factor}
        cases = family("fusionauth", lambda password: (b64(made_of(password.encode())), configured), note=FUSIONAUTH)
        return cases if full else cases[:2]

    # `factor` rounds in all: the first takes password ‖ salt.
    yield from column("salted-md5", lambda password: stretched("md5", password + salt, 99), 100)
    yield from column("salted-sha256", lambda password: stretched("sha256", password + salt, 99), 100)
    yield from column("salted-sha256", lambda password: stretched("sha256", password + salt, 19_999), 20_000, False)
    yield from column("salted-hmac-sha256", lambda password: hmac.new(salt, password, "sha256").digest(), 1)
    for scheme, digest, length in [
        ("salted-pbkdf2-hmac-sha256", "sha256", 32),
        ("salted-pbkdf2-hmac-sha256-512", "sha256", 64),
        ("salted-pbkdf2-hmac-sha512-512", "sha512", 64),
    ]:
        derived = lambda factor: lambda password: hashlib.pbkdf2_hmac(digest, password, salt, factor, length)
        yield from column(scheme, derived(100), 100)
    usual = lambda password: hashlib.pbkdf2_hmac("sha256", password, salt, 24_000, 32)
    yield from column("salted-pbkdf2-hmac-sha256", usual, 24_000, False)
    letters = bcrypt_salt("fusionauth")

    def blowfish(password):
        made = bcrypt.hashpw(password.encode(), ("$2a$04$" + letters).encode()).decode()
        return made[-31:], {"encryptionScheme": "bcrypt", "salt": letters, "factor": 4}

    yield from family("fusionauth", blowfish, reads=72, note=FUSIONAUTH)
    yield refused(
        "fusionauth", b64(bytes(32)), "unknown scheme", {"encryptionScheme": "null-password", "salt": "", "factor": 1}
    )


def itoa64(data):
    """phpass' base 64: 6 bits at a time, the lowest first."""
    text = ""
    for start in range(0, len(data), 3):
        three = data[start : start + 3]
        value = int.from_bytes(three, "little")
        for place in range(len(three) + 1):
            text += ITOA64[value >> 6 * place & 63]
    return text


def fusionauth_phpass():
    """The columns hold the parts of a phpass text: `$P$B` + salt + password, factor 2^13."""
    salt = salt_text("fusionauth phpass", 8)
    for scheme, digest, keep in [("phpass-md5", "md5", 22), ("phpass-sha512", "sha512", 43)]:

        def column(password):
            word = password.encode()
            made = itoa64(stretched(digest, salt.encode() + word, 128, word))[:keep]
            return made, {"encryptionScheme": scheme, "salt": salt, "factor": 128}

        yield from family("fusionauth", column, note=FUSIONAUTH + "; phpass' own base 64")
