"""A simulated cloud, as far as fetching the API keys needs one: the credentials of the instance's role, and one
encrypted parameter, for requests that are signed with these credentials only."""

import json
import secrets
import threading
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from proof.metadata import PORT

REGION = "us-east-1"
PARAMETER = "/saved-string/proof/api-keys"
STORE_PORT = 4566


class ParameterStore:
    """The parameter and the role that may read it."""

    def __init__(self, value):
        self.value = value
        self.access_key_id = "ASIA" + secrets.token_hex(8).upper()
        self.session_token = secrets.token_hex(16)

    def credentials(self):
        expiration = datetime.now(timezone.utc) + timedelta(hours=6)
        return {
            "Code": "Success",
            "Type": "AWS-HMAC",
            "AccessKeyId": self.access_key_id,
            "SecretAccessKey": secrets.token_hex(20),
            "Token": self.session_token,
            "Expiration": expiration.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }

    def get_parameter(self, headers, body):
        """The parameter store's status and JSON."""
        request = json.loads(body)
        if headers.get("X-Amz-Target") != "AmazonSSM.GetParameter":
            return 400, {"__type": "UnknownOperationException"}
        scope = f"Credential={self.access_key_id}/"
        if scope not in headers.get("Authorization", "") or headers.get("X-Amz-Security-Token") != self.session_token:
            return 400, {"__type": "AccessDeniedException", "message": "not signed with the instance's role"}
        if request.get("Name") != PARAMETER or request.get("WithDecryption") is not True:
            return 400, {"__type": "ParameterNotFound"}
        return 200, {"Parameter": {"Name": PARAMETER, "Type": "SecureString", "Value": self.value, "Version": 1}}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _answer(self, status, text, content_type):
        content = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _body(self):
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def log_message(self, *_):
        pass


class _MetadataHandler(_Handler):
    def do_GET(self):
        self._body()
        status, text = self.server.metadata.answer(self.command, self.path, self.headers)
        self._answer(status, text, "text/plain")

    do_PUT = do_GET


class _StoreHandler(_Handler):
    def do_POST(self):
        status, answer = self.server.store.get_parameter(self.headers, self._body())
        self._answer(status, json.dumps(answer), "application/x-amz-json-1.1")


@contextmanager
def serving(store, store_address, metadata, metadata_address):
    servers = [
        ThreadingHTTPServer((store_address, STORE_PORT), _StoreHandler),
        ThreadingHTTPServer((metadata_address, PORT), _MetadataHandler),
    ]
    for server in servers:
        server.store = store
        server.metadata = metadata
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
