"""Saved String itself, started as in production."""

import base64
import hashlib
import os
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmark import http, machine
from benchmark.contender import Contender
from benchmark.processes import Process, Processes, free_port
from benchmark.valkey import Valkey

SINGLE = "Saved String"
CONFIRMED = "Saved String, confirmed by a replica"

_PROJECT = Path(__file__).parents[2]
_JAR = _PROJECT / "target" / "saved-string.jar"
_JVM_OPTIONS = _PROJECT / "src" / "main" / "jvm.options"
_COMMANDS = ("evalsha", "eval", "wait", "xread", "xrange", "xrevrange")
_TRAINING_MAX_S = 120
_START_MAX_S = 30


@dataclass(frozen=True)
class Instance:
    port: int
    key: str
    process: Process

    def put(self, value: str) -> None:
        with http.Connection(self.port) as connection:
            answer = connection.exchange(http.put(value, self.key))
        if answer.status != 200:
            raise RuntimeError(f"PUT was answered with {answer.status} (expected: 200): {answer.body!r}")

    def wait_until_serving(self) -> None:
        self.process.wait_for(lambda: http.answers_page(self.port), "answers GET / with 200", _START_MAX_S)

    def contender(self, name: str, valkey: Valkey, warm_up_requests: int) -> Contender:
        return Contender(name, self.port, self.process, valkey, commands=_COMMANDS, warm_up_requests=warm_up_requests)


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
        with Processes(self._directory) as processes:
            self._train(processes)

    def java_version(self) -> str:
        shown = subprocess.run([self._java, "--version"], capture_output=True, text=True, check=True, timeout=30)
        return shown.stdout.splitlines()[0]

    def start(
        self,
        processes: Processes,
        valkey: Valkey,
        confirming_replicas: int = 0,
        cores: str = str(machine.SERVER_CORE),
    ) -> Instance:
        port = free_port()
        environment = _listening(port) | {
            "SAVED_STRING_STORE": "valkey",
            "SAVED_STRING_VALKEY_ADDRESS": f"127.0.0.1:{valkey.port}",
            "SAVED_STRING_VALKEY_TLS": "false",
            "SAVED_STRING_VALKEY_CONFIRMING_REPLICAS": str(confirming_replicas),
            "SAVED_STRING_KEYS_FILE": str(self._keys_file),
        }
        self._count += 1
        command = self._command(f"-XX:AOTCache={self._cache}")
        process = processes.start(f"saved-string-{self._count}", command, cores, environment)
        return Instance(port, self._key, process)

    def _train(self, processes: Processes) -> None:
        environment = _listening(free_port()) | {
            "SAVED_STRING_TRAINING": "true",
            "SAVED_STRING_STORE": "embedded",
            "SAVED_STRING_EMBEDDED_FILE": str(self._directory / "training.mv.db"),
        }
        command = self._command(f"-XX:AOTCacheOutput={self._cache}")
        training = processes.start("training", command, machine.all_cores(), environment)
        training.wait_for_end(_TRAINING_MAX_S)

    def _command(self, cache_flag: str) -> list[str]:
        return [self._java, f"@{_JVM_OPTIONS}", cache_flag, "-jar", str(_JAR)]


def _listening(port: int) -> dict[str, str]:
    return {
        "SAVED_STRING_HTTP_HOST": "127.0.0.1",
        "SAVED_STRING_HTTP_PORT": str(port),
        "SAVED_STRING_MANAGEMENT_PORT": str(free_port()),
    }
