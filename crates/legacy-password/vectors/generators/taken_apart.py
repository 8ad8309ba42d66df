"""Each format as a primitive, its arguments and what must come out: written from the formats' documentation."""

import base64
import hashlib
import hmac
import json
import unicodedata

from .vector import ITOA64


def taken_apart(vector):
    """`(primitive of engines.py, its arguments, expected bytes or text)`."""
    configured = dict(vector.get("with") or {})
    pepper, fallbacks = configured.pop("pepper", None), configured.pop("fallbacks", [])
    password = bytes.fromhex(vector["password_hex"]) if "password_hex" in vector else vector["password"].encode()
    first = None
    for candidate in [password, *(encoded(password, name) for name in fallbacks)]:
        parts = FORMATS[vector["format"]](vector["hash"], peppered(candidate, pepper), configured)
        first = first or parts
        # Which encoding it is, one engine must say here; the opinions then come from the others.
        if fallbacks and vector["correct"] and agrees(parts):
            return parts
    return first


def agrees(parts):
    from .engines import ENGINES

    primitive, arguments, expected = parts
    return any((engine(**arguments) or expected[:0])[: len(expected)] == expected for _, engine in ENGINES[primitive][:1])


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
    }[pepper["how"]]()


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


def argon2(text, password, _):
    text = after(text, "argon2$", "{ARGON2}", "{argon2}", "{argon2@SpringSecurity_v5_8}").lstrip("$")
    name, *parts = text.split("$")
    version = int(parts.pop(0)[2:]) if parts[0].startswith("v=") else 16
    shape = dict(pair.split("=", 1) for pair in parts[0].split(","))
    return argon2_key(name[6:], version, password, b64(parts[1]), shape, b64(parts[2]))


def argon2_key(type, version, password, salt, shape, expected):
    numbers = {"memory": int(shape["m"]), "passes": int(shape["t"]), "lanes": int(shape["p"])}
    data = b64(shape["data"]) if "data" in shape else None
    who = {"type": type, "version": version, "password": password, "salt": salt, "data": data}
    return "argon2", who | numbers | {"length": len(expected)}, expected


def plain_bcrypt(text, password, _):
    return bcrypt(after(text, "bcrypt$", "{bcrypt}", "{CRYPT}"), password)


def crypt(text, password, _):
    text = after(text, "{CRYPT}")
    for kratos, own in [("$md5-crypt$", "$1$"), ("$sha256-crypt$", "$5$"), ("$sha512-crypt$", "$6$")]:
        text = text.replace(kratos, own)
    primitive = "apr1" if text.startswith("$apr1$") else "crypt"
    return primitive, {"password": password, "setting": text}, text


def passlib_bcrypt_sha256(text, password, _):
    _, _, shape, salt, key = text.split("$")
    if shape.startswith("v=2"):
        ident, cost = shape.split(",")[1][2:], shape.split(",")[2][2:]
        inner = hmac.new(salt.encode(), password, hashlib.sha256).digest()
    else:
        ident, cost = shape.split(",")
        inner = hashlib.sha256(password).digest()
    return bcrypt(f"${ident}${int(cost):02}${salt}{key}", base64.b64encode(inner))


def wordpress(text, password, _):
    inner = hmac.new(b"wp-sha384", password.strip(b" \t\n\r\0\x0b"), hashlib.sha384).digest()
    return bcrypt(text[3:], base64.b64encode(inner))


def phpass(text, password, _, digest="md5"):
    times = 1 << ITOA64.index(text[3])
    first = text[4:12].encode() + password
    return stretch(digest, first, from_itoa64(text[12:]), times, password)


def drupal(text, password, _):
    return phpass(text, password, _, "sha512")


def drupal_md5(text, password, _):
    inner = hashlib.md5(password).hexdigest().encode()
    return phpass(text[1:], inner, _, "sha512" if text.startswith("U$S$") else "md5")


def django_pbkdf2(text, password, _):
    name, iterations, salt, key = text.split("$")
    return derive(name[7:], password, salt.encode(), iterations, b64(key))


def django_scrypt(text, password, _):
    _, n, salt, r, p, key = text.split("$")
    return scrypt(password, salt.encode(), n, r, p, b64(key))


def django_digest(text, password, _):
    digest, salt, key = text.split("$")
    return stretch(digest, salt.encode() + password, bytes.fromhex(key))


def werkzeug(text, password, _):
    method, salt, key = text.split("$")
    name, *shape = method.split(":")
    salt, key = salt.encode(), bytes.fromhex(key)
    if name == "scrypt":
        return scrypt(password, salt, *shape, key)
    if name == "pbkdf2":
        return derive(shape[0], password, salt, shape[1], key)
    return mac(name, salt, password, key)


def passlib_pbkdf2(text, password, _):
    _, name, iterations, salt, key = text.split("$")
    return derive(name[7:] or "sha1", password, b64(salt), iterations, b64(key))


def phc_pbkdf2(text, password, _):
    _, name, shape, salt, key = text.split("$")
    shape = dict(pair.split("=") for pair in shape.split(","))
    return derive(name[7:], password, b64(salt), shape["i"], b64(key))


def phc_scrypt(text, password, _):
    _, _, shape, salt, key = text.split("$")
    shape = {name: int(value) for name, value in (pair.split("=") for pair in shape.split(","))}
    n = shape["ln"] if shape["ln"] > 63 else 1 << shape["ln"]
    return scrypt(password, b64(salt), n, shape["r"], shape["p"], b64(key))


def firebase(text, password, given):
    if text.startswith("$firescrypt$"):
        _, _, shape, salt, hash, separator, key = text.split("$")
        given = {"memCost": shape.split(",")[0][3:], "rounds": shape.split(",")[1][2:]}
    elif text.startswith("$fbscrypt$"):
        _, _, shape, salt, hash = text.split("$")
        shape = dict(pair.split("=", 1) for pair in shape.split(","))
        separator, key, given = shape["ss"], shape["sk"], {"memCost": shape["n"], "rounds": shape["r"]}
    elif "$" in text:
        hash, salt, key, separator, rounds, cost = text.split("$")
        given = {"memCost": cost, "rounds": rounds}
    else:
        hash, salt, key, separator = text, given["salt"], given["signerKey"], given.get("saltSeparator", "Bw==")
    shape = {"rounds": int(given.get("rounds", 8)), "mem_cost": int(given.get("memCost", 14))}
    return "firebase", {"password": password, "salt": b64(salt) + b64(separator), "signer_key": b64(key)} | shape, b64(hash)


LENGTHS = {"md5": 16, "sha": 20, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}


def ldap_digest(text, password, _):
    text = after(text, "{ldap}")
    scheme, key = text[1:].split("}", 1)
    scheme = {"SMD5": "MD5", "SSHA": "SHA"}.get(scheme.upper(), scheme.upper().replace("SSHA", "SHA")).lower()
    key, length = b64(key), LENGTHS[scheme]
    return stretch("sha1" if scheme == "sha" else scheme, password + key[length:], key[:length])


def ldap_pbkdf2(text, password, _):
    scheme, rest = text[1:].split("}")
    iterations, salt, key = rest.split("$")
    return derive((scheme[7:] or "SHA1").lower(), password, b64(salt), iterations, b64(key))


def spring_pbkdf2(text, password, _):
    prefix, key = text[1:].split("}")
    key = bytes.fromhex(key)
    digest, length, iterations = ("sha256", 16, 310_000) if "@" in prefix else ("sha1", 8, 185_000)
    return derive(digest, password, key[:length], iterations, key[length:])


def spring_scrypt(text, password, _):
    _, shape, salt, key = text.split("$")
    shape = int(shape, 16)
    return scrypt(password, b64(salt), 1 << (shape >> 16), shape >> 8 & 255, shape & 255, b64(key))


def spring_sha256(text, password, _):
    key = bytes.fromhex(text[8:])
    return stretch("sha256", key[:8] + password, key[8:], 1023)


def spring_digest(text, password, _):
    prefix, salt, key = text[1:].split("}")
    return stretch(prefix.lower().replace("-", ""), password + (salt + "}").encode(), bytes.fromhex(key))


def kratos_digest(text, password, _):
    _, digest, *rest = text.split("$")
    if len(rest) == 1:
        return stretch(digest, password, b64(rest[0]))
    template, salt, key = b64(rest[0][3:]), b64(rest[1]), b64(rest[2])
    # One pass: neither value may bring a placeholder along.
    parts = [part.replace(b"{SALT}", salt) for part in template.split(b"{PASSWORD}")]
    return stretch(digest, password.join(parts), key)


def kratos_hmac(text, password, _):
    _, name, key, secret = text.split("$")
    return mac(name[5:], b64(secret), password, bytes.fromhex(b64(key).decode()))


def digest(text, password, given):
    decoded = b64(text) if given.get("encoding") == "base64" else bytes.fromhex(text)
    salt = read(given.get("salt", ""), given.get("saltEncoding", "utf8"))
    first = password + salt if given.get("saltPosition") == "suffix" else salt + password
    return stretch(given["algorithm"], first, decoded)


def read(text, encoding):
    return {"utf8": str.encode, "hex": bytes.fromhex, "base64": b64}[encoding](text)


def meteor(text, password, _):
    return bcrypt(text, hashlib.sha256(password).hexdigest().encode())


def aspnet(text, password, _):
    data = b64(text)
    if data[0] == 0:
        return derive("sha1", password, data[1:17], 1000, data[17:])
    prf, iterations, length = (int.from_bytes(data[place : place + 4], "big") for place in [1, 5, 9])
    salt, key = data[13 : 13 + length], data[13 + length :]
    return derive(["sha1", "sha256", "sha512"][prf], password, salt, iterations, key)


def keycloak(text, password, _):
    secret, credential = (
        json.loads(part) if isinstance(part, str) else part
        for part in (json.loads(text)[name] for name in ["secretData", "credentialData"])
    )
    salt, value, algorithm = b64(secret["salt"]), b64(secret["value"]), credential["algorithm"]
    iterations = credential["hashIterations"]
    if algorithm != "argon2":
        return derive(algorithm[7:] or "sha1", password, salt, iterations, value)
    more = {name: values[0] for name, values in credential["additionalParameters"].items()}
    shape = {"m": more["memory"], "t": iterations, "p": more["parallelism"]}
    return argon2_key(more["type"], {"1.3": 19, "1.0": 16}[more["version"]], password, salt, shape, value)


def okta(text, password, _):
    given = json.loads(text)
    name = given["algorithm"]
    if name == "BCRYPT":
        return bcrypt(f"$2a${given['workFactor']:02}${given['salt']}{given['value']}", password)
    salt, value = b64(given["salt"]), b64(given["value"])
    if name == "PBKDF2":
        return derive(given["digestAlgorithm"][:6].lower(), password, salt, given["iterationCount"], value)
    first = password + salt if given["saltOrder"] == "POSTFIX" else salt + password
    return stretch(name.replace("-", "").lower(), first, value)


def auth0(text, password, _):
    given = json.loads(text)
    name, hash, salt = given["algorithm"], given["hash"], given.get("salt")
    value = hash["value"]
    if name in ["argon2", "bcrypt", "pbkdf2", "ldap"]:
        return {"argon2": argon2, "bcrypt": plain_bcrypt, "pbkdf2": phc_pbkdf2, "ldap": ldap_digest}[name](value, password, _)
    codecs = {"utf16le": "utf-16-le", "ucs2": "utf-16-le", "latin1": "latin-1", "ascii": "ascii", "utf8": "utf-8"}
    password = password.decode().encode(codecs[given.get("password", {}).get("encoding", "utf8")])
    value = read(value, hash["encoding"])
    seasoning = read(salt["value"], salt.get("encoding", "utf8")) if salt else b""
    if name == "hmac":
        return mac(hash["digest"], read(hash["key"]["value"], hash["key"].get("encoding", "utf8")), password, value)
    if name == "scrypt":
        cost = given.get("cost", 16384), given.get("blockSize", 8), given.get("parallelization", 1)
        return scrypt(password, seasoning, *cost, value)
    suffix = salt and salt["position"] == "suffix"
    return stretch(name, password + seasoning if suffix else seasoning + password, value)


def fusionauth(text, password, given):
    scheme, salt, factor = given["encryptionScheme"], given["salt"], given["factor"]
    if scheme == "bcrypt":
        return bcrypt(f"$2a${factor:02}${salt}{text}", password)
    if scheme.startswith("phpass-"):
        return stretch(scheme[7:], salt.encode() + password, from_itoa64(text), factor, password)
    salt, value = b64(salt), b64(text)
    if scheme == "salted-hmac-sha256":
        return mac("sha256", salt, password, value)
    if scheme.startswith("salted-pbkdf2-hmac-"):
        return derive(scheme[19:25], password, salt, factor, value)
    return stretch(scheme[7:], password + salt, value, factor - 1)


FORMATS = {
    "argon2id": argon2,
    "argon2i": argon2,
    "argon2d": argon2,
    "bcrypt": plain_bcrypt,
    "django-bcrypt": plain_bcrypt,
    "django-bcrypt-sha256": lambda text, password, _: bcrypt(
        after(text, "bcrypt_sha256$"), hashlib.sha256(password).hexdigest().encode()
    ),
    "passlib-bcrypt-sha256": passlib_bcrypt_sha256,
    "authgear-bcrypt-sha512": lambda text, password, _: bcrypt(
        after(text, "$bcrypt-sha512$"), hashlib.sha512(password).digest()
    ),
    "wordpress-bcrypt": wordpress,
    "phpass": phpass,
    "django-pbkdf2-sha256": django_pbkdf2,
    "django-pbkdf2-sha1": django_pbkdf2,
    "django-scrypt": django_scrypt,
    "django-md5": django_digest,
    "django-sha1": django_digest,
    "werkzeug-scrypt": werkzeug,
    "werkzeug-pbkdf2": werkzeug,
    "werkzeug-hmac": werkzeug,
    "passlib-pbkdf2": passlib_pbkdf2,
    "phc-pbkdf2": phc_pbkdf2,
    "phc-scrypt": phc_scrypt,
    "scrypt-crypt": crypt,
    "yescrypt": crypt,
    "firebase-scrypt": firebase,
    "sha256-crypt": crypt,
    "sha512-crypt": crypt,
    "md5-crypt": crypt,
    "apr1": crypt,
    "drupal": drupal,
    "drupal-md5": drupal_md5,
    "ldap-digest": ldap_digest,
    "ldap-pbkdf2": ldap_pbkdf2,
    "spring-pbkdf2": spring_pbkdf2,
    "spring-scrypt": spring_scrypt,
    "spring-sha256": spring_sha256,
    "spring-digest": spring_digest,
    "kratos-digest": kratos_digest,
    "kratos-hmac": kratos_hmac,
    "digest": digest,
    "meteor": meteor,
    "aspnet-identity": aspnet,
    "keycloak": keycloak,
    "auth0": auth0,
    "okta": okta,
    "fusionauth": fusionauth,
}
