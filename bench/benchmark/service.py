"""Saved String itself, started as in production."""

import base64
import hashlib
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmark import machine
from benchmark.contender import Contender
from proving import http
from proving.programs import Program, Programs, run, tail
from proving.valkey import Valkey
from proving.waiting import free_port

SINGLE = "Saved String"
CONFIRMED = "Saved String, confirmed by a replica"

_PROJECT = Path(__file__).parents[2]
_JAR = _PROJECT / "target" / "saved-string.jar"
_TRAIN = _PROJECT / "ansible" / "roles" / "saved_string" / "files" / "train"
_JVM_OPTIONS = _PROJECT / "src" / "main" / "jvm.options"
# Those that it sends itself: what its scripts run inside, such as XREVRANGE, costs no round trip.
COMMANDS = ("evalsha", "eval", "wait", "xread")
_AS_IN_PRODUCTION = {"SAVED_STRING_LOG_FORMAT": "json"}
_TRAINING_MAX_S = 600
_START_MAX_S = 30


@dataclass(frozen=True)
class Instance:
    port: int
    key: str
    program: Program

    def put(self, value: str) -> None:
        answer = http.ask(self.port, self.put_request(value))
        if answer.status != 200:
            raise RuntimeError(f"PUT was answered with {answer.status} (expected: 200): {answer.body!r}")

    def put_request(self, value: str) -> bytes:
        return http.request("PUT", "/", {"X-API-Key": self.key, "Content-Type": "text/plain"}, value.encode())

    def wait_until_serving(self) -> None:
        self.program.wait_for(self._serves, "answers GET / with 200", _START_MAX_S)

    def _serves(self) -> bool:
        return http.ask(self.port, http.request()).status == 200

    def contender(self, name: str, valkey: Valkey, warm_up_requests: int) -> Contender:
        return Contender(name, self.port, self.program, valkey, commands=COMMANDS, warm_up_requests=warm_up_requests)


class Service:
    """Starts instances that share one API key and one AOT cache."""

    def __init__(self, directory: Path):
        if not _JAR.exists():
            raise RuntimeError(f"{_JAR} is missing (expected: run `make package` first, or measure with `--only peers`)")
        self._directory = directory
        self._java = str(Path(os.environ["JAVA_HOME"]) / "bin" / "java")
        self._cache = directory / "saved-string.aot"
        self._keys_file = directory / "keys"
        self._key = "sstr_" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        self._count = 0

    def prepare(self) -> None:
        """Writes the keys file and trains the AOT cache."""
        self._directory.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256(self._key.encode()).hexdigest()
        self._keys_file.write_text(f"bench {digest}\n", encoding="ascii")
        self._cache.unlink(missing_ok=True)
        with Programs(self._directory) as programs:
            self._train(programs)

    def java_version(self) -> str:
        return run(self._java, "--version").splitlines()[0]

    def start(
        self,
        programs: Programs,
        valkey: Valkey,
        confirming_replicas: int = 0,
        cores: str = str(machine.SERVER_CORE),
        options: Sequence[str] = (),
        under: Sequence[object] = (),
    ) -> Instance:
        port = free_port()
        environment = _listening(port) | {
            "SAVED_STRING_STORE": "valkey",
            "SAVED_STRING_VALKEY_ADDRESS": f"127.0.0.1:{valkey.port}",
            "SAVED_STRING_VALKEY_TLS": "false",
            "SAVED_STRING_VALKEY_CONFIRMING_REPLICAS": str(confirming_replicas),
            "SAVED_STRING_KEYS_FILE": str(self._keys_file),
            "SAVED_STRING_KEYS_WRITES_PER_MINUTE": "0",
        }
        self._count += 1
        command = [*under, *self._command(f"-XX:AOTCache={self._cache}", *options)]
        name = f"saved-string-{self._count}"
        program = programs.start(name, machine.pinned(cores, command), environment=os.environ | _AS_IN_PRODUCTION | environment)
        return Instance(port, self._key, program)

    def _train(self, programs: Programs) -> None:
        command = self._command(f"-XX:AOTCacheOutput={self._cache}")
        environment = os.environ | _AS_IN_PRODUCTION
        done = programs.run(str(_TRAIN), *command, environment=environment, timeout_seconds=_TRAINING_MAX_S)
        if done.returncode != 0:
            raise RuntimeError(f"training ended with {done.returncode}: {tail(done.stdout)}")

    def _command(self, *options: str) -> list[str]:
        return [self._java, f"@{_JVM_OPTIONS}", *options, "-jar", str(_JAR)]


def _listening(port: int) -> dict[str, str]:
    return {
        "SAVED_STRING_HTTP_HOST": "127.0.0.1",
        "SAVED_STRING_HTTP_PORT": str(port),
        "SAVED_STRING_MANAGEMENT_PORT": str(free_port()),
    }
