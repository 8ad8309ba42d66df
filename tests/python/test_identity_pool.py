"""Identity pool, STS, S3 and DynamoDB by AWS's SDK for Python: users, guests, and users of a developer's own server."""

import unittest

from botocore.exceptions import ClientError
from stand_in import REGION, StandIn


class IdentityPool(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stand_in = StandIn("PasswordSignIn=true", "AllowGuests=true", "AmbiguousRole=AuthenticatedRole")
        cls.addClassCleanup(cls.stand_in.stop)
        cls.bucket = cls.stand_in.name("buckets", "FilesBucket")
        cls.table = cls.stand_in.name("tables", "RowsTable")
        cls.identities = cls.stand_in.anybody("cognito-identity")
        cls.ada = cls.user("ada@example.com")
        cls.ben = cls.user("ben@example.com")

    @classmethod
    def user(cls, email):
        """The identity and the credentials of a new user."""
        token = cls.stand_in.sign_up_and_in(email)["IdToken"]
        return cls.identity({f"cognito-idp.{REGION}.amazonaws.com/{cls.stand_in.user_pool['id']}": token})

    @classmethod
    def identity(cls, logins=None):
        logins = {"Logins": logins} if logins else {}
        identity = cls.identities.get_id(IdentityPoolId=cls.stand_in.identity_pool, **logins)["IdentityId"]
        given = cls.identities.get_credentials_for_identity(IdentityId=identity, **logins)
        return given["IdentityId"], keys(given["Credentials"], "SecretKey")

    def refused(self, code):
        return Refused(self, code)

    def test_own_files_and_rows(self):
        identity, credentials = self.ada
        s3 = self.stand_in.client("s3", **credentials)
        key = f"users/{identity}/letters/1.txt"
        s3.put_object(Bucket=self.bucket, Key=key, Body=b"Dear Ben")
        self.assertEqual(s3.get_object(Bucket=self.bucket, Key=key)["Body"].read(), b"Dear Ben")
        listed = s3.list_objects_v2(Bucket=self.bucket, Prefix=f"users/{identity}/letters/")
        self.assertEqual([found["Key"] for found in listed["Contents"]], [key])

        rows = self.stand_in.client("dynamodb", **credentials)
        row = {"identity": {"S": identity}, "name": {"S": "settings"}}
        rows.put_item(TableName=self.table, Item={**row, "theme": {"S": "dark"}})
        self.assertEqual(rows.get_item(TableName=self.table, Key=row)["Item"]["theme"], {"S": "dark"})

    def test_nothing_of_others(self):
        identity, credentials = self.ada
        s3 = self.stand_in.client("s3", **credentials)
        key = f"users/{identity}/diary.txt"
        s3.put_object(Bucket=self.bucket, Key=key, Body=b"Dear diary")

        _, credentials = self.ben
        s3 = self.stand_in.client("s3", **credentials)
        with self.refused("AccessDenied"):
            s3.get_object(Bucket=self.bucket, Key=key)
        with self.refused("AccessDenied"):
            s3.put_object(Bucket=self.bucket, Key=key, Body=b"Ben was here")
        with self.refused("AccessDenied"):
            s3.list_objects_v2(Bucket=self.bucket)
        rows = self.stand_in.client("dynamodb", **credentials)
        with self.refused("AccessDeniedException"):
            rows.get_item(TableName=self.table, Key={"identity": {"S": identity}, "name": {"S": "settings"}})
        with self.refused("AccessDeniedException"):
            rows.scan(TableName=self.table)

    def test_guests(self):
        key = "public/news.txt"
        self.stand_in.administrator("s3").put_object(Bucket=self.bucket, Key=key, Body=b"Open now")
        identity, credentials = self.identity()
        s3 = self.stand_in.client("s3", **credentials)
        self.assertEqual(s3.get_object(Bucket=self.bucket, Key=key)["Body"].read(), b"Open now")
        with self.refused("AccessDenied"):
            s3.put_object(Bucket=self.bucket, Key=f"users/{identity}/a.txt", Body=b"a")

    def test_who_somebody_is(self):
        _, credentials = self.ada
        caller = self.stand_in.client("sts", **credentials).get_caller_identity()
        self.assertEqual(caller["Account"], self.stand_in.stack["accountId"])
        self.assertRegex(caller["Arn"], r":assumed-role/[^/]+/CognitoIdentityCredentials$")

    def test_keys_that_are_wrong(self):
        _, credentials = self.ada
        for changed, code in [
            ({"aws_secret_access_key": "wrong"}, "SignatureDoesNotMatch"),
            ({"aws_session_token": "wrong"}, "InvalidClientTokenId"),
            ({"aws_access_key_id": "ASIAUNKNOWN000000000"}, "InvalidClientTokenId"),
        ]:
            with self.subTest(changed), self.refused(code):
                self.stand_in.client("sts", **{**credentials, **changed}).get_caller_identity()

    def test_tokens_for_a_developers_own_users(self):
        logins = {"login.lifeguard": "u-0194f0"}
        request = {"IdentityPoolId": self.stand_in.identity_pool, "Logins": logins}
        with self.refused("AccessDeniedException"):
            _, credentials = self.ada
            self.stand_in.client("cognito-identity", **credentials).get_open_id_token_for_developer_identity(**request)
        developer = self.stand_in.administrator("cognito-identity")
        given = developer.get_open_id_token_for_developer_identity(**request)
        again = developer.get_open_id_token_for_developer_identity(**request)
        self.assertEqual(given["IdentityId"], again["IdentityId"])
        logins = {"cognito-identity.amazonaws.com": given["Token"]}
        granted = self.identities.get_credentials_for_identity(IdentityId=given["IdentityId"], Logins=logins)
        s3 = self.stand_in.client("s3", **keys(granted["Credentials"], "SecretKey"))
        s3.put_object(Bucket=self.bucket, Key=f"users/{given['IdentityId']}/a.txt", Body=b"a")


def keys(credentials, secret):
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials[secret],
        "aws_session_token": credentials["SessionToken"],
    }


class Refused:
    """Expects that AWS refuses, with this error."""

    def __init__(self, test, code):
        self.test, self.code = test, code

    def __enter__(self):
        return self

    def __exit__(self, _, error, __):
        self.test.assertIsInstance(error, ClientError, "it was answered")
        self.test.assertEqual(error.response["Error"]["Code"], self.code)
        return True


if __name__ == "__main__":
    unittest.main()
