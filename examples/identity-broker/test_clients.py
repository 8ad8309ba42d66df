"""The Python clients against a broker on the loopback: python3 -m unittest discover examples/identity-broker"""

import http.server
import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE))

from broker_credentials import BrokerError, IdentityBroker, metadata  # noqa: E402

GRANTED = {
    "identityId": "us-east-1:1",
    "credentials": {"accessKeyId": "ASIAEXAMPLE", "secretAccessKey": "secret", "sessionToken": "session"},
    "expiration": "2027-01-15T09:00:00Z",
    "serverTime": "2027-01-15T08:00:00Z",
}
DENIED = {"type": "urn:lifeguard:problem:not-allowed", "status": 403, "title": "This is not allowed", "code": "not-allowed"}


class Broker:
    """Gives the answers in their order, and the last one for ever."""

    def __init__(self, *answers):
        broker = self
        self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                broker.asked.append((self.path, json.loads(body)))
                status, answer = answers[min(len(broker.asked), len(answers)) - 1]
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.send_header("location", "/elsewhere")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def client(self):
        proofs = iter(range(1, 10))
        return IdentityBroker(self.url, lambda: {"kind": "backend-jwt", "token": f"token-{next(proofs)}"}, pause=lambda _: None)


class Clients(unittest.TestCase):
    def test_what_botocore_wants(self):
        with Broker((200, GRANTED)) as broker:
            found = metadata(broker.client())
        expected = {
            "access_key": "ASIAEXAMPLE",
            "secret_key": "secret",
            "token": "session",
            "expiry_time": "2027-01-15T09:00:00Z",
        }
        self.assertEqual(found, expected)
        self.assertEqual(broker.asked, [("/v1/credentials", {"proof": {"kind": "backend-jwt", "token": "token-1"}})])

    def test_a_refusal_has_its_code_and_only_an_outage_is_tried_again(self):
        with Broker((403, DENIED)) as broker, self.assertRaises(BrokerError) as refused:
            broker.client().credentials()
        self.assertEqual((refused.exception.code, refused.exception.status), ("not-allowed", 403))
        self.assertEqual(len(broker.asked), 1)
        with Broker((503, {}), (200, GRANTED)) as broker:
            self.assertEqual(broker.client().credentials(), GRANTED)
        tokens = [body["proof"]["token"] for _, body in broker.asked]
        self.assertEqual(tokens, ["token-1", "token-2"])

    def test_a_proof_follows_no_redirection(self):
        with Broker((307, {})) as broker, self.assertRaises(BrokerError):
            broker.client().credentials()
        self.assertEqual([path for path, _ in broker.asked], ["/v1/credentials"])

    def test_the_process_prints_what_the_cli_reads(self):
        with tempfile.TemporaryDirectory() as folder, Broker((200, GRANTED), (403, DENIED)) as broker:
            program = os.path.join(folder, "make-proof")
            with open(program, "w", encoding="utf-8") as file:
                file.write('#!/bin/sh\necho \'{"kind": "backend-jwt", "token": "a-secret-token"}\'\n')
            os.chmod(program, stat.S_IRWXU)
            command = [sys.executable, str(HERE / "credential_process.py"), broker.url, program]
            printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            refused = subprocess.run(command, capture_output=True, text=True, check=False)
        expected = {
            "Version": 1,
            "AccessKeyId": "ASIAEXAMPLE",
            "SecretAccessKey": "secret",
            "SessionToken": "session",
            "Expiration": "2027-01-15T09:00:00Z",
        }
        self.assertEqual(json.loads(printed), expected)
        self.assertEqual((refused.returncode, refused.stdout), (1, ""))
        self.assertEqual(refused.stderr, "no credentials: not-allowed\n")


if __name__ == "__main__":
    unittest.main()
