"""Makes the messages of vectors.json with an implementation that is not ours:

    python3 -m venv venv && venv/bin/pip install aws-encryption-sdk==4.0.7 && venv/bin/python vectors.py > vectors.json

Each run makes other ones, since the data keys, message ids and signature keys are random.
"""

import base64
import json
import os
import warnings
from types import SimpleNamespace

import aws_encryption_sdk
from aws_encryption_sdk.identifiers import Algorithm, CommitmentPolicy
from aws_encryption_sdk.key_providers.kms import KMSMasterKey
from botocore.client import BaseClient
from botocore.config import Config

warnings.simplefilter("ignore")

KEY_ARN = "arn:aws:kms:eu-central-1:123456789012:key/0f5d2c1e-6a7b-4c8d-9e0f-1a2b3c4d5e6f"
CONTEXT = {"userpool-id": "eu-central-1_Kx7QmT2Zd"}

WITHOUT_COMMITMENT = Algorithm.AES_256_GCM_IV12_TAG16_HKDF_SHA384_ECDSA_P384
WITH_COMMITMENT = Algorithm.AES_256_GCM_HKDF_SHA512_COMMIT_KEY_ECDSA_P384


class Kms(BaseClient):
    """Stands in for KMS, and keeps the data key that it made."""

    def __init__(self):
        self.meta = SimpleNamespace(config=Config())

    def generate_data_key(self, KeyId, NumberOfBytes, EncryptionContext, **_):
        self.plaintext = os.urandom(NumberOfBytes)
        self.encrypted = os.urandom(184)
        return {"Plaintext": self.plaintext, "CiphertextBlob": self.encrypted, "KeyId": KeyId}


def message(name, algorithm, plaintext, frame_length=4096, context=CONTEXT):
    kms = Kms()
    policy = {
        True: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
        False: CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT,
    }[algorithm.is_committing()]
    client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=policy)
    encrypted, header = client.encrypt(
        source=plaintext,
        key_provider=KMSMasterKey(key_id=KEY_ARN, client=kms),
        algorithm=algorithm,
        encryption_context=context,
        frame_length=frame_length,
    )
    return {
        "name": name,
        "keyArn": KEY_ARN,
        "context": header.encryption_context,
        "encryptedDataKey": kms.encrypted.hex(),
        "dataKey": kms.plaintext.hex(),
        "plaintext": plaintext.hex(),
        "message": base64.b64encode(encrypted).decode("ascii"),
    }


def text(length):
    return bytes(ord("a") + place % 26 for place in range(length))


def accepted():
    for suite, algorithm in [("0x0378", WITHOUT_COMMITMENT), ("0x0578", WITH_COMMITMENT)]:
        yield message(f"{suite}, a code", algorithm, b"482913")
        yield message(f"{suite}, a temporary password", algorithm, b"q7&lt;Rm4x&gt;tKw2&amp;")
        for length in [0, 1, 4096, 4097]:
            yield message(f"{suite}, {length} bytes", algorithm, text(length))
        yield message(f"{suite}, several frames", algorithm, text(300), frame_length=128)
        yield message(f"{suite}, full frames", algorithm, text(256), frame_length=128)
        yield message(f"{suite}, no text", algorithm, b"\xff")
        yield message(f"{suite}, no pool", algorithm, b"482913", context={"user": "ines"})
        more = CONTEXT | {"Ünï": "cödé", "a": "", "zone": "z"}
        yield message(f"{suite}, a larger context", algorithm, b"482913", context=more)


def refused():
    for algorithm in Algorithm:
        if algorithm not in (WITHOUT_COMMITMENT, WITH_COMMITMENT):
            yield message(f"0x{algorithm.algorithm_id:04x}", algorithm, b"482913")
    yield message("not framed", WITHOUT_COMMITMENT, b"482913", frame_length=0)


print(json.dumps({"accepted": list(accepted()), "refused": list(refused())}, indent=1))
