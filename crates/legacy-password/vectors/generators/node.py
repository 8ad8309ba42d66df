"""Node's crypto, by `make.mjs`: Firebase's scrypt in each of its carriers, and Auth0's `custom_password_hash`."""

import base64
import json
import pathlib

from .process import Answers
from .vector import b64, brief, family, refused, salt_bytes, vector

GENERATOR = "Node 20 crypto"
ENGINES = {"OpenSSL"}
SCRIPT = pathlib.Path(__file__).parent.parent / "make.mjs"


answers = Answers("node", str(SCRIPT))


def run(job):
    return bytes.fromhex(answers.to(**job))


def vectors():
    return [*firebase(), *auth0_digests(), *auth0_keyed(), *auth0_strings()]


SALT, SEPARATOR, SIGNER_KEY = salt_bytes("firebase", 8), b"\x07", salt_bytes("signer key", 64)


def enciphered(password, cost):
    job = {"do": "firebase", "password": password.encode(), "salt": SALT, "separator": SEPARATOR}
    return run(job | {"signerKey": SIGNER_KEY, "rounds": 8, "memCost": cost})


def firebase():
    cheap, usual = 4, 14
    project = lambda cost: {"signerKey": b64(SIGNER_KEY), "saltSeparator": b64(SEPARATOR), "rounds": 8, "memCost": cost}
    of = lambda cost: lambda password: (b64(enciphered(password, cost)), {"salt": b64(SALT)} | project(cost))
    yield from family("firebase-scrypt", of(cheap), usual=of(usual), note="auth:export")
    url = lambda data: base64.urlsafe_b64encode(data).decode()
    exported = lambda password: (
        url(enciphered(password, cheap)),
        {"salt": url(SALT), "signerKey": b64(SIGNER_KEY), "memCost": cheap},
    )
    yield from brief("firebase-scrypt", exported, note="the URL-safe alphabet; separator and rounds by default")
    clerk = lambda password: "$".join(
        [b64(enciphered(password, cheap)), b64(SALT), b64(SIGNER_KEY), b64(SEPARATOR), "8", str(cheap)]
    )
    yield from family("firebase-scrypt", clerk, configured={}, note="Clerk's scrypt_firebase")
    kratos = lambda cost: (
        lambda password: (
            f"$firescrypt$ln={cost},r=8,p=1${b64(SALT)}${b64(enciphered(password, cost))}${b64(SEPARATOR)}${b64(SIGNER_KEY)}"
        )
    )
    yield from family("firebase-scrypt", kratos(cheap), note="Ory Kratos")
    supabase = lambda password: (
        f"$fbscrypt$v=1,n={cheap},r=8,p=1,ss={b64(SEPARATOR)},sk={b64(SIGNER_KEY)}$"
        f"{b64(SALT)}${b64(enciphered(password, cheap))}"
    )
    yield from family("firebase-scrypt", supabase, note="Supabase")


def auth0(algorithm, hash, **more):
    return json.dumps({"algorithm": algorithm, "hash": hash} | more), {}


def digest_of(algorithm, message):
    return run({"do": "digest", "algorithm": algorithm, "message": message})


def auth0_digests():
    for algorithm in ["md5", "sha1", "sha256", "sha512"]:
        plain = lambda password: auth0(
            algorithm, {"value": digest_of(algorithm, password.encode()).hex(), "encoding": "hex"}
        )
        yield from family("auth0", plain)
        in_base64 = lambda password: auth0(
            algorithm, {"value": b64(digest_of(algorithm, password.encode())), "encoding": "base64"}
        )
        yield from brief("auth0", in_base64)
    salt = salt_bytes("auth0", 8)
    for position in ["prefix", "suffix"]:
        for encoding, written in [("utf8", salt.hex()), ("hex", salt.hex()), ("base64", b64(salt))]:
            seasoning = written.encode() if encoding == "utf8" else salt

            def salted(password):
                word = password.encode()
                message = seasoning + word if position == "prefix" else word + seasoning
                hash = {"value": digest_of("sha256", message).hex(), "encoding": "hex"}
                return auth0("sha256", hash, salt={"value": written, "encoding": encoding, "position": position})

            yield from brief("auth0", salted)
    for encoding, codec in [("utf16le", "utf-16-le"), ("ucs2", "utf-16-le"), ("latin1", "latin-1"), ("ascii", "ascii")]:
        word = "sesame" if encoding == "ascii" else "pässwörd"
        hash = {"value": digest_of("sha1", word.encode(codec)).hex(), "encoding": "hex"}
        text, configured = auth0("sha1", hash, password={"encoding": encoding})
        yield vector("auth0", text, word, True, configured, f"the password in {encoding}")
        yield vector("auth0", text, word + "!", False, configured)
        utf8 = auth0("sha1", hash)
        if encoding != "ascii":
            yield vector("auth0", utf8[0], word, False, utf8[1], f"in {encoding}, but it is not said")


def auth0_keyed():
    key = salt_bytes("auth0 key", 16)
    for digest in ["md5", "sha1", "sha256", "sha512"]:

        def mac(password):
            made = run({"do": "hmac", "algorithm": digest, "key": key, "message": password.encode()})
            hash = {"value": b64(made), "encoding": "base64", "digest": digest}
            return auth0("hmac", hash | {"key": {"value": key.hex(), "encoding": "hex"}})

        yield from family("auth0", mac)[:5]
    salt = salt_bytes("auth0 scrypt", 16)

    def scrypt(password, cost):
        job = {"do": "scrypt", "password": password.encode(), "salt": salt, "N": cost, "r": 8, "p": 1, "length": 64}
        shape = {"salt": {"value": salt.hex(), "encoding": "hex"}, "keylen": 64}
        shape |= {} if cost == 16384 else {"cost": cost, "blockSize": 8, "parallelization": 1}
        return auth0("scrypt", {"value": run(job).hex(), "encoding": "hex"}, **shape)

    yield from family("auth0", lambda password: scrypt(password, 16), usual=lambda password: scrypt(password, 16384))


def auth0_strings():
    nopad = lambda part: b64(part).rstrip("=")
    salt = salt_bytes("auth0 pbkdf2", 8)
    for digest, length in [("sha256", 32), ("sha512", 64)]:

        def phc(password, iterations=100):
            job = {"do": "pbkdf2", "algorithm": digest, "password": password.encode(), "salt": salt}
            made = run(job | {"iterations": iterations, "length": length})
            text = f"$pbkdf2-{digest}$i={iterations},l={length}${nopad(salt)}${nopad(made)}"
            return auth0("pbkdf2", {"value": text, "encoding": "utf8"})

        yield from family("auth0", phc)
    mdc2 = {"value": "$pbkdf2-whirlpool$i=100,l=8$AAAAAAAAAAA$AAAAAAAAAAA", "encoding": "utf8"}
    yield refused("auth0", auth0("pbkdf2", mdc2)[0], "a digest that is not carried here", {})
    yield refused("auth0", auth0("plain", {"value": "sesame", "encoding": "utf8"})[0], "unknown algorithm", {})
    yield refused("auth0", "[]", "not an object", {})
