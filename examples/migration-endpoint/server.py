"""A sample of the endpoint that the source `http-endpoint` of user migration asks: docs/MIGRATION.md.

It knows one user. Nothing but Python's own library is needed:

    ENDPOINT_KEY=secret python3 server.py 8080

Put TLS in front of it; the function sends passwords by https alone.
"""

import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

KEY = os.environ["ENDPOINT_KEY"].encode()

# A request that is older or newer than this is not ours. For as long, a nonce is taken only once.
SECONDS = 300

SALT = b"0123456789abcdef"


def hash_of(password):
    return hashlib.scrypt(password.encode(), salt=SALT, n=2**14, r=8, p=1)


USERS = {
    "ines@example.org": {
        "hash": hash_of("Correct-Horse-19"),
        "attributes": {"email": "ines@example.org", "name": "Ines"},
        "verified": ["email"],
    }
}

# What is checked for users who do not exist, so that they take as long.
NOBODY = {"hash": hash_of(os.urandom(16).hex())}

nonces = {}


def is_ours(headers, body, now):
    """Whether the request is signed with our key, recent, and new."""
    timestamp = headers.get("lifeguard-timestamp", "")
    nonce = headers.get("lifeguard-nonce", "")
    signed = f"{timestamp}.{nonce}.".encode() + body
    expected = "v1=" + hmac.new(KEY, signed, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected, headers.get("lifeguard-signature", "")):
        return False
    if abs(now - int(timestamp)) > SECONDS:
        return False
    for old in [old for old, since in nonces.items() if now - since > 2 * SECONDS]:
        del nonces[old]
    return nonces.setdefault(nonce, now) == now


def answer(question):
    """What is known of the user; the same for an unknown one and a wrong password."""
    name = question["name"].strip().lower()
    user = USERS.get(name, NOBODY)
    found = {"found": user is not NOBODY, "name": name}
    if question["purpose"] == "sign-in":
        is_right = hmac.compare_digest(user["hash"], hash_of(question["password"]))
        found |= {"found": found["found"] and is_right, "password": "right"}
    if not found["found"]:
        return {"found": False}
    return found | {"attributes": user["attributes"], "verified": user["verified"]}


class Endpoint(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(min(int(self.headers.get("content-length", 0)), 16_384))
        if is_ours(self.headers, body, time.time()):
            self.send(200, answer(json.loads(body)))
        else:
            self.send(401, {})

    def send(self, status, message):
        body = json.dumps(message).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing: a request names a user."""


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Endpoint).serve_forever()
