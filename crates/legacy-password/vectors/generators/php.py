"""PHP, by `make.php`: password_hash, and what WordPress and Drupal make of PHP's functions."""

import pathlib

from .process import Answers
from .vector import RIGHT, bcrypt_salt, brief, family, once, salt_text, vector

GENERATOR = "PHP 8.2"
ENGINES = {"PHP"}
SCRIPT = pathlib.Path(__file__).parent.parent / "make.php"


answers = Answers("php", str(SCRIPT))


def hashed_by(do, **settings):
    return lambda password: answers.to(do=do, password=password.encode(), **settings)


def vectors():
    return [*bcrypt(), *wordpress(), *phpass(), *drupal()]


def bcrypt():
    for setting, usual in [("$2y$04$", None), ("$2y$10$", "what PHP 5.5 to 8.3 and Laravel write")]:
        made = family("bcrypt", hashed_by("crypt", setting=setting + bcrypt_salt("php")), reads=72, note=usual)
        yield from made[:2] if usual else made


def wordpress():
    of = lambda cost: hashed_by("wordpress", setting=f"$2y${cost}$" + bcrypt_salt("wordpress"))
    hash_of = of("04")
    made = family("wordpress-bcrypt", hash_of, usual=of("10"))
    # WordPress hashes the trimmed password (wp_hash_password) and trims what is typed (wp_authenticate).
    yield from (case for case in made if case["password"] != RIGHT + " ")
    typed = f" \t{RIGHT}\n"
    yield vector("wordpress-bcrypt", hash_of(RIGHT), typed, True, note="WordPress trims what is typed")
    yield vector("wordpress-bcrypt", hash_of(typed), RIGHT, True, note="and what it hashes")
    yield vector("wordpress-bcrypt", hash_of("sesame  street 42"), RIGHT, False, note="not within")


def phpass():
    for prefix in ["$P$", "$H$"]:
        setting = prefix + "5" + salt_text("php phpass", 8)
        yield from family("phpass", hashed_by("phpass", digest="md5", setting=setting))
    wordpress = "$P$B" + salt_text("php phpass B", 8)
    yield from brief("phpass", hashed_by("phpass", digest="md5", setting=wordpress), note="what WordPress wrote")


def drupal():
    cheap = "$S$5" + salt_text("drupal", 8)
    usual = hashed_by("phpass", digest="sha512", setting="$S$D" + salt_text("drupal D", 8))
    yield from family("drupal", hashed_by("phpass", digest="sha512", setting=cheap), usual=usual)
    yield from once("drupal", hashed_by("phpass", digest="sha512", setting="$S$E" + salt_text("E", 8)), note="7.x")
    yield from family("drupal-md5", hashed_by("drupal-md5", digest="sha512", setting=cheap))
    old = "$P$5" + salt_text("drupal", 8)
    yield from brief("drupal-md5", hashed_by("drupal-md5", digest="md5", setting=old))
