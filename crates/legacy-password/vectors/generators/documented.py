"""Constructions re-written from their documentation over Python's hashlib, where no library of the system runs here.

Each `note` names the page. A published vector of the same format is in published.py wherever one exists.
"""

import hashlib
import hmac
import json

import bcrypt
from argon2.low_level import Type, hash_secret_raw

from .vector import RIGHT, WRONG, b64, bcrypt_salt, brief, family, once, refused, salt_bytes, salt_text, vector

GENERATOR = "hashlib, by documentation"
ENGINES = {"OpenSSL", "argon2-cffi", "bcrypt (PyPI)"}


def vectors():
    return [*aspnet(), *keycloak(), *okta(), *phc(), *kratos(), *clerk(), *digests()]


def pbkdf2(digest, password, salt, iterations, length):
    return hashlib.pbkdf2_hmac(digest, password.encode(), salt, iterations, length)


def aspnet():
    note = "dotnet/aspnetcore, src/Identity/Extensions.Core/src/PasswordHasher.cs"

    def version_2(password):
        salt = salt_bytes("identity 2", 16)
        return b64(b"\0" + salt + pbkdf2("sha1", password, salt, 1000, 32))

    yield from family("aspnet-identity", version_2, configured={}, note=note)

    def version_3(prf, digest, iterations, salt_length=16, length=32):
        salt = salt_bytes(f"identity 3 {digest}", salt_length)
        header = b"\1" + b"".join(number.to_bytes(4, "big") for number in [prf, iterations, salt_length])
        return lambda password: b64(header + salt + pbkdf2(digest, password, salt, iterations, length))

    for prf, digest, usual in [(0, "sha1", None), (1, "sha256", 10_000), (2, "sha512", 100_000)]:
        usual = version_3(prf, digest, usual) if usual else None
        yield from family("aspnet-identity", version_3(prf, digest, 100), configured={}, usual=usual, note=note)
    yield from brief("aspnet-identity", version_3(2, "sha512", 100, 32, 64), configured={}, note=note)
    yield refused("aspnet-identity", b64(b"\2" + bytes(48)), "no third version", {})
    yield refused("aspnet-identity", b64(bytes(48)), "version 2 has 49 bytes", {})
    absurd = b64(b"\1" + (1).to_bytes(4, "big") + (2**31).to_bytes(4, "big") + (16).to_bytes(4, "big") + bytes(48))
    yield refused("aspnet-identity", absurd, "2^31 iterations", {})


def keycloak():
    note = "keycloak.org, Server Administration Guide (password policies); org.keycloak.credential.hash"
    salt = salt_bytes("keycloak", 16)

    def documents(value, algorithm, iterations, additional, as_text=True):
        secret = {"value": b64(value), "salt": b64(salt), "additionalParameters": {}}
        credential = {"hashIterations": iterations, "algorithm": algorithm, "additionalParameters": additional}
        written = json.dumps if as_text else lambda document: document
        return json.dumps({"secretData": written(secret), "credentialData": written(credential)}), {}

    for algorithm, digest, length, usual in [
        ("pbkdf2", "sha1", 64, 20_000),
        ("pbkdf2-sha256", "sha256", 64, 27_500),
        ("pbkdf2-sha256", "sha256", 32, None),
        ("pbkdf2-sha512", "sha512", 64, 210_000),
    ]:

        def of(iterations):
            return lambda password: documents(
                pbkdf2(digest, password, salt, iterations, length), algorithm, iterations, {}
            )

        yield from family("keycloak", of(100), usual=of(usual) if usual else None, note=note)

    def argon2(memory, iterations, type=Type.ID, as_text=True):
        letters = {Type.ID: "id", Type.I: "i", Type.D: "d"}[type]
        shape = {"hashLength": "32", "memory": str(memory), "type": letters, "version": "1.3", "parallelism": "1"}
        additional = {name: [value] for name, value in shape.items()}
        return lambda password: documents(
            hash_secret_raw(password.encode(), salt, iterations, memory, 1, 32, type),
            "argon2",
            iterations,
            additional,
            as_text,
        )

    yield from family("keycloak", argon2(64, 2), usual=argon2(7168, 5), note=note)
    yield from brief("keycloak", argon2(64, 2, Type.I), note=note)
    yield from brief("keycloak", argon2(64, 2, as_text=False), note="the documents as objects")


def okta():
    note = "developer.okta.com/docs/reference/api/users, Hashed Password object"
    salt = salt_bytes("okta", 16)
    for algorithm, digest in [("MD5", "md5"), ("SHA-1", "sha1"), ("SHA-256", "sha256"), ("SHA-512", "sha512")]:
        for order in ["PREFIX", "POSTFIX"]:

            def salted(password):
                word = password.encode()
                made = hashlib.new(digest, salt + word if order == "PREFIX" else word + salt).digest()
                shape = {"algorithm": algorithm, "salt": b64(salt), "saltOrder": order, "value": b64(made)}
                return json.dumps(shape), {}

            made = family("okta", salted, note=note)
            yield from made if order == "PREFIX" else made[:2]
    for name, digest, length in [("SHA256_HMAC", "sha256", 32), ("SHA512_HMAC", "sha512", 64)]:

        def derived(password):
            value = b64(pbkdf2(digest, password, salt, 100, length))
            shape = {"algorithm": "PBKDF2", "salt": b64(salt), "digestAlgorithm": name, "iterationCount": 100}
            return json.dumps(shape | {"keySize": length, "value": value}), {}

        yield from family("okta", derived, note=note)
    letters = bcrypt_salt("okta")

    def blowfish(password):
        made = bcrypt.hashpw(password.encode(), ("$2a$04$" + letters).encode()).decode()
        return json.dumps({"algorithm": "BCRYPT", "workFactor": 4, "salt": letters, "value": made[-31:]}), {}

    yield from family("okta", blowfish, reads=72, note=note)
    yield refused("okta", json.dumps({"algorithm": "ROT13", "value": "frfnzr"}), "unknown algorithm", {})


def phc():
    nopad = lambda part: b64(part).rstrip("=")
    salt = salt_bytes("phc", 16)
    for digest, length in [("sha1", 20), ("sha256", 32), ("sha512", 64)]:
        of = lambda iterations: (
            lambda password: (
                f"$pbkdf2-{digest}$i={iterations},l={length}${nopad(salt)}"
                f"${nopad(pbkdf2(digest, password, salt, iterations, length))}"
            )
        )
        yield from family(
            "phc-pbkdf2", of(100), usual=of(100_000) if digest == "sha256" else None, note="PHC string format"
        )
    padded = lambda password: (
        f"$scrypt$ln=16,r=8,p=1${b64(salt)}"
        f"${b64(hashlib.scrypt(password.encode(), salt=salt, n=2**16, r=8, p=1, dklen=32, maxmem=2**28))}"
    )
    yield from once("phc-scrypt", padded, note="ln=16 is 2^16, even if padded")
    kratos = lambda n: (
        lambda password: (
            f"$scrypt$ln={n},r=8,p=1${b64(salt)}"
            f"${b64(hashlib.scrypt(password.encode(), salt=salt, n=n, r=8, p=1, dklen=32, maxmem=2**28))}"
        )
    )
    note = "Ory Kratos writes N where the format says log2 N (hash/hash_comparator.go)"
    yield from family("phc-scrypt", kratos(1024), usual=kratos(16384), note=note)


def kratos():
    salt = salt_text("kratos", 10)
    for algorithm in ["md5", "sha1", "sha256", "sha512"]:
        for template in ["{SALT}{PASSWORD}", "{PASSWORD}{SALT}", "??x??{SALT}$${PASSWORD}%"]:

            def templated(password):
                message = template.replace("{SALT}", salt).replace("{PASSWORD}", password)
                made = hashlib.new(algorithm, message.encode()).digest()
                return f"${algorithm}$pf={b64(template.encode())}${b64(salt.encode())}${b64(made)}"

            made = family("kratos-digest", templated, note="Ory Kratos, hash/hash_comparator.go")
            yield from made if template == "{SALT}{PASSWORD}" else made[:2]
    bare = lambda password: f"$md5${b64(hashlib.md5(password.encode()).digest())}"
    yield from family("kratos-digest", bare)
    # The salt spells the placeholder: one pass must not replace what it has just put in.
    sly = "{PASSWORD}"
    made = hashlib.sha256((sly + RIGHT).encode()).digest()
    text = f"$sha256$pf={b64(b'{SALT}{PASSWORD}')}${b64(sly.encode())}${b64(made)}"
    yield vector("kratos-digest", text, RIGHT, True, note="a salt that spells {PASSWORD} stays as it is")
    made = hashlib.sha256((salt + "{SALT}").encode()).digest()
    text = f"$sha256$pf={b64(b'{SALT}{PASSWORD}')}${b64(salt.encode())}${b64(made)}"
    yield vector("kratos-digest", text, "{SALT}", True, note="a password that spells {SALT} stays as it is")
    yield vector("kratos-digest", text, salt, False)
    key = salt_bytes("kratos hmac", 12)
    for algorithm in ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]:
        mac = lambda password: (
            f"$hmac-{algorithm}${b64(hmac.new(key, password.encode(), algorithm).hexdigest().encode())}${b64(key)}"
        )
        made = family("kratos-hmac", mac, note="the digest in hexadecimal digits, then base64")
        yield from made if algorithm == "sha256" else made[:2]


def clerk():
    note = "clerk.com/docs, createUser, passwordHasher"
    salt = salt_bytes("clerk", 16)
    of = lambda iterations: (
        lambda password: (
            f"pbkdf2_sha256${iterations}${b64(salt)}${b64(pbkdf2('sha256', password, salt, iterations, 32))}"
        )
    )
    yield from family("clerk-pbkdf2", of(100), configured={}, usual=of(150_000), note=note)
    letters = salt_text("clerk", 12)
    in_hexadecimal = lambda password: (
        f"pbkdf2_sha1$100${letters}${pbkdf2('sha1', password, letters.encode(), 100, 20).hex()}"
    )
    yield from family("clerk-pbkdf2", in_hexadecimal, configured={}, note=note)
    yield refused("django-pbkdf2-sha256", of(100)(RIGHT), "Clerk's, whose salt is base64")
    yield refused("django-pbkdf2-sha1", in_hexadecimal(RIGHT), "Clerk's, whose hash is hexadecimal")
    yield refused("clerk-pbkdf2", of(2_000_001)(RIGHT), "2,000,001 iterations", {})


def digests():
    salt = salt_bytes("digest", 8)
    for algorithm in ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"]:
        for position in ["prefix", "suffix"]:
            for encoding, written in [("utf8", salt.hex()), ("hex", salt.hex()), ("base64", b64(salt))]:
                seasoning = written.encode() if encoding == "utf8" else salt
                configured = {
                    "algorithm": algorithm,
                    "salt": written,
                    "saltEncoding": encoding,
                    "saltPosition": position,
                }

                def salted(password):
                    word = password.encode()
                    return hashlib.new(
                        algorithm, seasoning + word if position == "prefix" else word + seasoning
                    ).hexdigest()

                made = family("digest", salted, configured=configured)
                yield from made if (algorithm, encoding) == ("sha256", "utf8") else made[:2]
    in_base64 = lambda password: b64(hashlib.sha256(password.encode()).digest())
    yield from family("digest", in_base64, configured={"algorithm": "sha256", "encoding": "base64"})
    short = hashlib.sha256(RIGHT.encode()).hexdigest()[:32]
    yield refused("digest", short, "cut to half", {"algorithm": "sha256"})
    yield vector("digest", hashlib.md5(RIGHT.encode()).hexdigest(), WRONG, False, {"algorithm": "md5"})
