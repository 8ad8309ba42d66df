"""The vectors that passlib's own tests carry: from John the Ripper, Openwall, OpenBSD, Drepper, RFC 7914 and others."""

import warnings

from .vector import vector

GENERATOR = "passlib 1.7.4, its tests"
ENGINES = {"passlib"}
# Handler of passlib's tests -> format here; the rest of its families are not carried or stand elsewhere.
FORMATS = {
    "apr_md5_crypt": "apr1",
    "bcrypt": "bcrypt",
    "bcrypt_sha256": "passlib-bcrypt-sha256",
    "ldap_md5": "ldap-digest",
    "ldap_salted_md5": "ldap-digest",
    "ldap_salted_sha1": "ldap-digest",
    "ldap_salted_sha256": "ldap-digest",
    "ldap_salted_sha512": "ldap-digest",
    "ldap_sha1": "ldap-digest",
    "md5_crypt": "md5-crypt",
    "pbkdf2_sha1": "passlib-pbkdf2",
    "pbkdf2_sha256": "passlib-pbkdf2",
    "pbkdf2_sha512": "passlib-pbkdf2",
    "phpass": "phpass",
    "scrypt": "phc-scrypt",
    "sha256_crypt": "sha256-crypt",
    "sha512_crypt": "sha512-crypt",
    "argon2": "argon2",
    "django_bcrypt": "django-bcrypt",
    "django_bcrypt_sha256": "django-bcrypt-sha256",
    "django_pbkdf2_sha1": "django-pbkdf2-sha1",
    "django_pbkdf2_sha256": "django-pbkdf2-sha256",
    "django_salted_md5": "django-md5",
    "django_salted_sha1": "django-sha1",
}


def vectors():
    warnings.filterwarnings("ignore")
    seen, made = set(), []
    for handler, password, hash in sorted(cases(), key=lambda case: (case[0], case[2])):
        secret = password if isinstance(password, str) else as_text(password)
        if (hash, secret) in seen:
            continue
        seen.add((hash, secret))
        format = hash.split("$")[1] if handler == "argon2" else FORMATS[handler]
        made.append(vector(format, hash, secret, True))
    return made


def cases():
    """`(handler's name, password, hash)` of every test class of passlib that FORMATS names."""
    import passlib.tests.test_handlers as plain
    import passlib.tests.test_handlers_argon2 as argon2
    import passlib.tests.test_handlers_bcrypt as bcrypt
    import passlib.tests.test_handlers_django as django
    import passlib.tests.test_handlers_pbkdf2 as pbkdf2
    import passlib.tests.test_handlers_scrypt as scrypt

    for module in [plain, argon2, bcrypt, django, pbkdf2, scrypt]:
        for test in vars(module).values():
            name = getattr(getattr(test, "handler", None), "name", None)
            if not isinstance(test, type) or name not in FORMATS:
                continue
            for password, hash in getattr(test, "known_correct_hashes", []):
                if not hash.startswith("$2$"):
                    yield name, password, hash
            for _setting, password, hash in getattr(test, "known_correct_configs", []):
                if not hash.startswith("$2$"):
                    yield name, password, hash


def as_text(password):
    try:
        return password.decode()
    except UnicodeDecodeError:
        return password
