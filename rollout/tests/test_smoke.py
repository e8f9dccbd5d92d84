import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from proving.waiting import free_port
from rollout import certificate
from rollout.errors import RolloutError
from rollout.smoke import Smoke
from rollout.tests.workbench import Site

PATIENCE_SECONDS = 0.05
POLL_SECONDS = 0.01


class SmokeTest(unittest.TestCase):
    def setUp(self) -> None:
        self.directory = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="rollout-test-")))
        self.site = Site()
        self.addCleanup(self.site.close)
        self.trusted = self.site.certificate.read_text()

    def smoke(self, url: str = "", trusted: str | None = "", timeout_seconds: float = PATIENCE_SECONDS) -> str:
        anchor = self.trusted if trusted == "" else trusted
        smoke = Smoke(url or self.site.url, "127.0.0.1", anchor, self.site.http_port)
        with contextlib.redirect_stdout(io.StringIO()) as said:
            smoke.run(timeout_seconds, POLL_SECONDS)
        return said.getvalue()

    def assert_fails(self, text: str, **arguments: str | None) -> None:
        with self.assertRaisesRegex(RolloutError, f"Smoke test failed: {text}"):
            self.smoke(**arguments)

    def test_every_promise_that_is_kept_is_named(self) -> None:
        self.assertEqual(5, self.smoke().count("ok  "))

    def test_an_instance_that_is_not_ready_fails(self) -> None:
        self.site.paths["/health/readiness"] = (503, "")
        self.assert_fails(r"it is ready: status: 503 \(expected: 200\)")

    def test_a_page_that_is_not_ours_fails(self) -> None:
        self.site.paths["page"] = (200, "<h1>Welcome</h1>")
        self.assert_fails("the page shows the saved string: no such heading")

    def test_a_page_that_answers_an_error_fails(self) -> None:
        self.site.paths["page"] = (503, "<h1>The saved string is </h1>")
        self.assert_fails("the page shows the saved string: status: 503")

    def test_what_is_not_our_json_fails(self) -> None:
        for body in ("[]", "{}", "value", '{"value": "x"}'):
            with self.subTest(body=body):
                self.site.paths["json"] = (200, body)
                self.assert_fails("a program gets it as JSON")

    def test_a_write_without_a_key_that_is_taken_fails(self) -> None:
        self.site.paths["PUT"] = (200, "{}")
        self.assert_fails(r"nobody without a key writes: status: 200 \(expected: 401\)")

    def test_http_that_does_not_redirect_fails(self) -> None:
        self.site.redirect = (200, "")
        self.assert_fails("HTTP redirects to HTTPS: status: 200")

    def test_http_that_redirects_elsewhere_fails(self) -> None:
        for location in ("http://localhost/", "https://elsewhere.example/", "/"):
            with self.subTest(location=location):
                self.site.redirect = (301, location)
                self.assert_fails("HTTP redirects to HTTPS: location")

    def test_what_is_not_well_yet_is_asked_again(self) -> None:
        self.site.paths["/health/readiness"] = (503, "")
        asked = []
        page = self.site.paths["page"]

        class Recovers(dict):
            def get(self, path: str, default: object) -> object:
                asked.append(path)
                return (503, "") if len(asked) < 3 else super().get(path, default)

        self.site.paths = Recovers(self.site.paths, **{"/health/readiness": (200, "")}, page=page)
        self.assertIn("ok  it is ready", self.smoke(timeout_seconds=10))

    def test_a_certificate_that_is_not_the_trusted_one_fails(self) -> None:
        key, other = self.directory / "other-key.pem", self.directory / "other.pem"
        certificate.make("localhost", key, other)
        self.assert_fails(".*CERTIFICATE_VERIFY_FAILED", trusted=other.read_text())

    def test_without_a_demonstration_certificate_the_authorities_decide(self) -> None:
        self.assert_fails(".*CERTIFICATE_VERIFY_FAILED", trusted=None)

    def test_a_balancer_that_does_not_answer_fails(self) -> None:
        self.assert_fails("it is ready: .*refused", url=f"https://localhost:{free_port()}")

    def test_a_url_without_tls_is_refused(self) -> None:
        with self.assertRaisesRegex(RolloutError, "expected: https://"):
            self.smoke(url="http://localhost")


if __name__ == "__main__":
    unittest.main()
