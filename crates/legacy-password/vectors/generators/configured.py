"""The formats that only the configuration tells, taken apart as their documentation writes them."""

import hashlib
import json

from .by_prefix import argon2, ldap_digest, phc_pbkdf2, plain_bcrypt
from .parts import argon2_key, b64, bcrypt, derive, from_itoa64, mac, scrypt, stretch


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
    return (
        "firebase",
        {"password": password, "salt": b64(salt) + b64(separator), "signer_key": b64(key)} | shape,
        b64(hash),
    )


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


def clerk(text, password, _):
    name, iterations, salt, key = text.split("$")
    if name == "pbkdf2_sha1":
        return derive("sha1", password, salt.encode(), iterations, bytes.fromhex(key))
    return derive(name[7:], password, b64(salt), iterations, b64(key))


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
        return {"argon2": argon2, "bcrypt": plain_bcrypt, "pbkdf2": phc_pbkdf2, "ldap": ldap_digest}[name](
            value, password, _
        )
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


CONFIGURED = {
    "firebase-scrypt": firebase,
    "digest": digest,
    "meteor": meteor,
    "aspnet-identity": aspnet,
    "clerk-pbkdf2": clerk,
    "keycloak": keycloak,
    "auth0": auth0,
    "okta": okta,
    "fusionauth": fusionauth,
}
