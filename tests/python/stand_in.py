"""The stand-in as a separate process, and its clients by AWS's SDK for Python."""

import json
import os
import subprocess
import urllib.request
from pathlib import Path

import boto3
from botocore import UNSIGNED
from botocore.config import Config

ROOT = Path(__file__).parents[2]
BUILT = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"
REGION = "us-east-1"
PASSWORD = "correct horse battery staple"

# A test sees each answer, so nothing is tried again.
ONE_TRY = Config(retries={"total_max_attempts": 1})


class StandIn:
    """`local-cognito` on a free port, from the repository's template."""

    def __init__(self, *parameters):
        options = [word for parameter in parameters for word in ("--parameter", parameter)]
        command = [BUILT / "local-cognito", "--port", "0", *options]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        lines = iter(self.process.stdout.readline, "")
        line = next((line for line in lines if line.startswith("listening on ")), None)
        if line is None:
            raise RuntimeError("local-cognito ended before it said where it listens")
        self.endpoint = line.split()[2]
        self.stack = self.get("/stack")
        self.user_pool = self.stack["userPools"][0]
        self.web_client = next(client["id"] for client in self.user_pool["clients"] if client["logicalId"] == "WebClient")
        self.identity_pool = self.stack["outputs"]["IdentityPoolId"]

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def get(self, path):
        with urllib.request.urlopen(self.endpoint + path) as answer:
            return json.load(answer)

    def post(self, path, body):
        urllib.request.urlopen(urllib.request.Request(self.endpoint + path, json.dumps(body).encode())).close()

    def advance_clock(self, seconds):
        """Moves the stand-in's clock forward."""
        self.post("/clock", {"advanceSeconds": seconds})

    def name(self, kind, logical_id):
        """What a table or bucket is called, by its logical id."""
        return next(found["name"] for found in self.stack[kind] if found["logicalId"] == logical_id)

    def role(self, part):
        """The ARN of the one role whose name has this part."""
        (role,) = [role for role in self.stack["roles"] if part in role["name"]]
        return role["arn"]

    def administrator(self, service):
        """A client that may do everything."""
        return self.client(service, aws_access_key_id="local", aws_secret_access_key="local")

    def anybody(self, service):
        """A client without a key."""
        return self.client(service, config=ONE_TRY.merge(Config(signature_version=UNSIGNED)))

    def client(self, service, config=ONE_TRY, **credentials):
        return boto3.client(service, endpoint_url=self.endpoint, region_name=REGION, config=config, **credentials)

    def sign_up_and_in(self, email):
        """The tokens of a new user."""
        cognito = self.anybody("cognito-idp")
        attributes = [{"Name": "email", "Value": email}]
        cognito.sign_up(ClientId=self.web_client, Username=email, Password=PASSWORD, UserAttributes=attributes)
        code = next(message["code"] for message in reversed(self.get("/outbox")) if message["to"] == email)
        cognito.confirm_sign_up(ClientId=self.web_client, Username=email, ConfirmationCode=code)
        return self.sign_in(email)

    def sign_in(self, email):
        """The tokens of a user who has signed up."""
        parameters = {"USERNAME": email, "PASSWORD": PASSWORD}
        signed_in = self.anybody("cognito-idp").initiate_auth(
            ClientId=self.web_client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
        )
        return signed_in["AuthenticationResult"]
