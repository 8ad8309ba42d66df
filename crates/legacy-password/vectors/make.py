"""Makes every `*.json` beside this script again, or with `--check` tells what would differ. See README.md."""

import argparse
import importlib
import json
import pathlib
import shutil
import sys

sys.dont_write_bytecode = True

HERE = pathlib.Path(__file__).resolve().parent

# Module in generators/ -> programs that it cannot do without.
GENERATORS = {
    "argon2_reference": [],
    "bcrypt_openbsd": [],
    "by_hand": [],
    "django_hashes": [],
    "documented": [],
    "documented_java": [],
    "libxcrypt": [],
    "node": ["node"],
    "openldap": ["slappasswd"],
    "openssl_passwd": ["openssl"],
    "passlib_hashes": [],
    "passlib_published": [],
    "php": ["php"],
    "php_password_hash": ["php"],
    "published": [],
    "werkzeug_hashes": [],
}
# The second opinions need these, whoever made the vector.
JUDGES = ["php", "openssl"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a file would differ")
    parser.add_argument("only", nargs="*", choices=[*GENERATORS, []], help="only these generators")
    options = parser.parse_args()
    missing = [program for program in JUDGES if not shutil.which(program)]
    if missing:
        sys.exit(f"install {' and '.join(missing)} first: the second opinions need it")
    outcomes = [check_or_write(name, options.check) for name in options.only or GENERATORS]
    sys.exit(0 if all(outcomes) else 1)


def check_or_write(name, check):
    """Whether the file is as it should be."""
    path = HERE / f"{name.replace('_', '-')}.json"
    generator = importlib.import_module(f"generators.{name}")
    absent = [program for program in GENERATORS[name] if not shutil.which(program)]
    if check and (absent or getattr(generator, "SALTS_DIFFER", False)):
        vectors = json.loads(path.read_text())["vectors"]
        what = f"not made again for want of {absent}, but judged" if absent else "the record, judged again"
    elif absent:
        sys.exit(f"install {' and '.join(absent)} first: {path.name} is made by it")
    else:
        vectors = list(generator.vectors())
        what = "made again and judged"
    text = written(generator, vectors)
    unjudged = sum(not vector.get("checked_by") and not vector.get("refused") for vector in vectors)
    print(f"{path.name}: {len(vectors)} vectors, {what}, {unjudged} without a second opinion")
    if not check:
        path.write_text(text)
        return True
    if path.read_text() == text:
        return True
    print(f"{path.name} differs: run make.py and look at the difference", file=sys.stderr)
    return False


def written(generator, vectors):
    from generators.second_opinion import second_opinion

    for vector in vectors:
        vector.pop("checked_by", None)
        agree = second_opinion(vector, generator.ENGINES)
        if agree:
            vector["checked_by"] = agree
    head = f'"generator": {json.dumps(generator.GENERATOR)}, "made_by": "vectors/make.py", "vectors": [\n'
    lines = ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors)
    return "{" + head + lines + "\n]}\n"


if __name__ == "__main__":
    main()
