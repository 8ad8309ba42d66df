"""Django's own hashers. 4.2 is the last that still makes what older sites hold (SHA-1, MD5 without a salt)."""

import warnings

from django.conf import settings

settings.configure()

from django.contrib.auth import hashers

from .vector import bcrypt_salt, family, refused, salt_text

GENERATOR = "Django 4.2.30"
ENGINES = {"bcrypt (PyPI)", "OpenSSL", "argon2-cffi"}
SALT = salt_text("django", 22).replace(".", "_").replace("/", "-")


def vectors():
    warnings.filterwarnings("ignore", module="django")
    warnings.filterwarnings("ignore", message=".*is deprecated.*")
    return [*pbkdf2(), *memory_hard(), *bcrypt(), *digests(), *unusable()]


def pbkdf2():
    for name, hasher in [
        ("django-pbkdf2-sha256", hashers.PBKDF2PasswordHasher()),
        ("django-pbkdf2-sha1", hashers.PBKDF2SHA1PasswordHasher()),
    ]:
        encode = lambda cost: lambda password: hasher.encode(password, SALT, cost)
        usual = encode(hasher.iterations) if name.endswith("256") else None
        yield from family(name, encode(100), usual=usual)


def memory_hard():
    scrypt = hashers.ScryptPasswordHasher()
    cheap = lambda password: scrypt.encode(password, SALT, n=16, r=8, p=1)
    yield from family("django-scrypt", cheap, usual=lambda password: scrypt.encode(password, SALT))
    argon2 = hashers.Argon2PasswordHasher()
    usual = lambda password: argon2.encode(password, SALT)
    slim = hashers.Argon2PasswordHasher()
    slim.time_cost, slim.memory_cost, slim.parallelism = 2, 64, 2
    yield from family("argon2id", lambda password: slim.encode(password, SALT), usual=usual, note="Django's prefix")


def bcrypt():
    salt = ("$2b$04$" + bcrypt_salt("django")).encode()
    plain, hashed = hashers.BCryptPasswordHasher(), hashers.BCryptSHA256PasswordHasher()
    yield from family("django-bcrypt", lambda password: plain.encode(password, salt), reads=72)
    usual_salt = ("$2b$12$" + bcrypt_salt("django 12")).encode()
    usual = lambda password: hashed.encode(password, usual_salt)
    yield from family("django-bcrypt-sha256", lambda password: hashed.encode(password, salt), usual=usual)


def digests():
    md5, sha1 = hashers.MD5PasswordHasher(), hashers.SHA1PasswordHasher()
    yield from family("django-md5", lambda password: md5.encode(password, SALT))
    yield from family("django-sha1", lambda password: sha1.encode(password, SALT))
    bare_md5, bare_sha1 = hashers.UnsaltedMD5PasswordHasher(), hashers.UnsaltedSHA1PasswordHasher()
    yield from family("django-sha1", lambda password: bare_sha1.encode(password, ""), note="no salt")
    yield from family("digest", lambda password: bare_md5.encode(password, ""), {"algorithm": "md5"}, note="no salt")
    marked = lambda password: "md5$$" + bare_md5.encode(password, "")
    yield from family("django-md5", marked, note="no salt, the form that UnsaltedMD5PasswordHasher also reads")


def unusable():
    yield refused("django-unusable", "!" + SALT, "set_unusable_password()")
    yield refused("django-unusable", "!", "Django 1.5 and older")
