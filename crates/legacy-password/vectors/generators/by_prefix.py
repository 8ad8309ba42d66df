"""The formats that a prefix tells, taken apart as their documentation writes them."""

import base64
import hashlib
import hmac

from .parts import after, argon2_key, b64, bcrypt, derive, from_itoa64, mac, scrypt, stretch
from .vector import ITOA64


def argon2(text, password, _):
    text = after(text, "argon2$", "{ARGON2}", "{argon2}", "{argon2@SpringSecurity_v5_8}").lstrip("$")
    name, *parts = text.split("$")
    version = int(parts.pop(0)[2:]) if parts[0].startswith("v=") else 16
    shape = dict(pair.split("=", 1) for pair in parts[0].split(","))
    return argon2_key(name[6:], version, password, b64(parts[1]), shape, b64(parts[2]))


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


BY_PREFIX = {
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
}
