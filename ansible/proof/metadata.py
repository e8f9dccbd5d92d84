"""The metadata service of an instance, version 2 only: whoever has no token is refused. It has the credentials of the
instance's role, and no more.

Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html"""

import json
import secrets

PORT = 80
ROLE = "saved-string-proof"
ROLES_PATH = "/latest/meta-data/iam/security-credentials/"
TOKEN_PATH = "/latest/api/token"


class Metadata:
    def __init__(self, credentials):
        self._credentials = credentials
        self._token = secrets.token_hex(16)

    def answer(self, method, path, headers):
        """Status and text."""
        if (method, path) == ("PUT", TOKEN_PATH):
            return (200, self._token) if "X-aws-ec2-metadata-token-ttl-seconds" in headers else (400, "for how long?")
        if headers.get("X-aws-ec2-metadata-token") != self._token:
            return 401, "version 2 of the metadata service wants a token"
        if path == ROLES_PATH:
            return 200, ROLE
        if path == ROLES_PATH + ROLE:
            return 200, json.dumps(self._credentials())
        return 404, "not here"
