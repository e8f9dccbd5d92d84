"""Runs both commands of the README on bare machines, as root and as a user who may not install anything.

usage: python3 -m proving.bare_machine CACHE [--all]   (scripts/prove-bare prepares the namespaces it needs)
"""

import os
import re
import shutil
import signal
import sys
import time
from contextlib import contextmanager
from pathlib import Path

from proving import http
from proving.containers import inside, run_inside
from proving.programs import Programs, run, tail
from proving.report import Report
from proving.rootfs import Layer, cached_root, remove
from proving.waiting import free_port

# What the README asks for, and nothing else.
PACKAGES = ("ca-certificates", "git", "make")
WITH_JDK, WITHOUT_JDK = "trixie", "bookworm"
ROOT, USER = "root", "visitor"
HOMES = {ROOT: Path("/root"), USER: Path("/home/visitor")}
CHECKOUT = "saved-string"
MAVEN_REPOSITORY = "/var/cache/maven"
JDK = "/opt/jdk"
CERTIFICATES = Path("/usr/local/share/ca-certificates")
WORK_SIZE_MAX = "8g"
INSTALL_TIMEOUT_SECONDS = 900
RUN_TIMEOUT_SECONDS = 900
TEST_TIMEOUT_SECONDS = 1800
TEST_LOG = Path("target/bare-machine.log")
NO_JDK = "No JDK 25 found. Install one"
# The machine that runs this ran all tests before; here the question is whether they find what they need.
TESTS_OF_JAVA = ("ReadmeTest", "VisitorPageTest", "PlainValkeyStoreTest")


class BareMachine:
    """A root file system of a release of Debian, with a fresh clone of this repository for root and for a user."""

    def __init__(self, root, programs, binds):
        self._root = root
        self._programs = programs
        self._binds = binds

    def make(self, target, user, environment=(), timeout_seconds=INSTALL_TIMEOUT_SECONDS):
        """Runs make to its end and returns its exit status and what it said."""
        command = self._command(user, ("make", target), environment)
        done = self._programs.run(*command, timeout_seconds=timeout_seconds)
        return done.returncode, done.stdout

    def missing(self, packages):
        """Those of the packages that a user still lacks."""
        return run(*self._command(USER, ("scripts/need", "--missing", *packages))).strip()

    def install(self, command):
        """Runs, as root, what a user was told to have run."""
        run_inside(self._root, "bash", "-c", command, binds=self._binds, timeout_seconds=INSTALL_TIMEOUT_SECONDS)

    @contextmanager
    def serving(self, user, environment=()):
        """make run, from the moment that its page answers; gives the port and what it printed."""
        port = free_port()
        ports = (("SAVED_STRING_HTTP_PORT", port), ("SAVED_STRING_MANAGEMENT_PORT", free_port()))
        program = self._programs.start(f"run-{user}-{port}", self._command(user, ("make", "run"), (*environment, *ports)))
        try:
            program.wait_for(lambda: http.ask(port, http.request()).status == 200, "answers", RUN_TIMEOUT_SECONDS)
            program.wait_for(lambda: "X-API-Key" in program.said(), "prints a line with a key")
            yield port, program.said()
        finally:
            program.stop()

    def _command(self, user, command, environment=()):
        return inside(
            self._root, *command, user=user, directory=HOMES[user] / CHECKOUT, binds=self._binds,
            environment=(*maven_environment(), *environment),
        )


def maven_environment():
    """How this machine reaches its packages, and those that it has already: a proof needn't fetch them again."""
    shared = f"-Dmaven.repo.local.tail={MAVEN_REPOSITORY} -Dmaven.repo.local.tail.ignoreAvailability=true"
    arguments = " ".join(filter(None, (os.environ.get("MAVEN_ARGS"), shared)))
    passed_on = [(name, os.environ[name]) for name in ("MVNW_REPOURL",) if name in os.environ]
    return [("MAVEN_ARGS", arguments), *passed_on]


class Stage:
    def __init__(self, repository, cache, work, programs):
        self._repository = repository
        self._cache = cache
        self._work = work
        self._programs = programs

    @contextmanager
    def machine(self, suite, binds=()):
        """A machine that nobody has used; what becomes of it is gone at the end."""
        directory = Path(self._work) / f"{suite}-{time.monotonic_ns()}"
        layer = Layer(directory, cached_root(self._cache, suite, PACKAGES))
        archives = self._cache / f"archives-{suite}"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        shared = [(archives, "/var/cache/apt/archives", True), (self._maven_repository(), MAVEN_REPOSITORY), *binds]
        with layer.mounted() as root:
            self._furnish(root)
            yield BareMachine(root, self._programs, shared)
        remove(directory)

    def _furnish(self, root):
        """The user, the clones, and how this machine reaches its packages: its own authorities and Maven's settings."""
        shutil.copytree(CERTIFICATES, root / CERTIFICATES.relative_to("/"), dirs_exist_ok=True)
        run_inside(root, "update-ca-certificates", "--fresh")
        run_inside(root, "useradd", "--create-home", "--shell", "/bin/bash", USER)
        settings = Path.home() / ".m2/settings.xml"
        for user, home in HOMES.items():
            there = root / home.relative_to("/")
            run("git", "clone", "--quiet", "--depth=1", f"file://{self._repository}", there / CHECKOUT)
            (there / ".m2").mkdir()
            if settings.exists():
                shutil.copy(settings, there / ".m2")
            run_inside(root, "chown", "--recursive", f"{user}:", home)

    def _maven_repository(self):
        """A copy, because not everybody may read this user's own."""
        copy, own = self._work / "maven", Path.home() / ".m2/repository"
        if not copy.exists():
            copy.mkdir()
            if own.exists():
                run("cp", "--recursive", "--no-preserve=mode", f"{own}/.", copy, timeout_seconds=300)
        return copy


def prove_all(report, stage, everything):
    with stage.machine(WITH_JDK) as machine:
        report.prove("Debian 13, root: make run installs what it needs, serves, and its key writes",
                     lambda: serves(machine, ROOT))
        if everything:
            report.prove("Debian 13, root: make test installs what it needs and passes", lambda: tests_pass(machine))
    with stage.machine(WITHOUT_JDK) as machine:
        report.prove("Debian 12, root: make run and make test install the rest and say which JDK to get",
                     lambda: only_a_jdk_is_missing(machine))
    if not everything:
        report.say("left to scripts/prove-bare --all: make test on Debian 13, and users who may not install anything")
        return
    with stage.machine(WITH_JDK) as machine:
        report.prove("Debian 13, a user: make run and make test name one command, and it is all that is missing",
                     lambda: one_command_is_enough(machine))
    with stage.machine(WITHOUT_JDK, [(os.environ["JAVA_HOME"], JDK)]) as machine:
        report.prove("Debian 12, a user: with a JDK and the one command that was named, make run serves",
                     lambda: one_command_is_enough(machine, [("JAVA_HOME", JDK)]))


def serves(machine, user, environment=()):
    begun = time.monotonic()
    with machine.serving(user, environment) as (port, said):
        took = time.monotonic() - begun
        key = re.search(r"X-API-Key: (sstr_[\w-]+)", said)[1]
        written = http.ask(port, http.request("PUT", "/", {"X-API-Key": key}, b"from a bare machine"))
        assert written.status == 200, written
        shown = http.ask(port, http.request())
        assert b"<h1>The saved string is from a bare machine</h1>" in shown.body, shown
    return f"the page answered after {took:.0f} s"


def tests_pass(machine):
    chosen = f"-Dtest={','.join(TESTS_OF_JAVA)} -Dsurefire.failIfNoSpecifiedTests=false"
    arguments = f"{dict(maven_environment())['MAVEN_ARGS']} {chosen}"
    status, said = machine.make("test", ROOT, [("MAVEN_ARGS", arguments)], TEST_TIMEOUT_SECONDS)
    TEST_LOG.parent.mkdir(exist_ok=True)
    TEST_LOG.write_text(said)
    assert status == 0, f"{tail(said)}\nall of it: {TEST_LOG}"
    return f"{said.splitlines()[-1]}; of the tests in Java only {', '.join(TESTS_OF_JAVA)}"


def one_command_is_enough(machine, environment=()):
    run_packages, run_command = told(machine, "run", environment)
    test_packages, test_command = told(machine, "test", environment)
    assert set(run_packages) < set(test_packages), test_packages
    machine.install(run_command)
    served = serves(machine, USER, environment)
    machine.install(test_command)
    missing = machine.missing(test_packages)
    assert not missing, missing
    return f"run: {' '.join(run_packages)}; test: {' '.join(test_packages)}; {served}"


def told(machine, target, environment):
    """What a user is told to be missing, and the one command that is to be run."""
    status, said = machine.make(target, USER, environment)
    found = re.findall(r"^Missing: (.*)\. Run as root:\n\n  (.*)\n", said, re.MULTILINE)
    assert status != 0 and len(found) == 1, said
    [(packages, command)] = found
    return packages.split(), command


def only_a_jdk_is_missing(machine):
    for target in ("run", "test"):
        status, said = machine.make(target, ROOT)
        assert status != 0 and NO_JDK in said, tail(said)
        assert "Missing" not in said, said
    return NO_JDK


def main(cache, everything):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    begun = time.monotonic()
    report = Report(out=lambda line: print(line, flush=True))
    work = cache / "work"
    for directory in (work, Path("/run/systemd/nspawn")):
        directory.mkdir(parents=True, exist_ok=True)
        run("mount", "-t", "tmpfs", "-o", f"size={WORK_SIZE_MAX}", "saved-string", directory)
    with Programs() as programs:
        prove_all(report, Stage(Path.cwd(), cache, work, programs), everything)
    report.say(f"{time.monotonic() - begun:.0f} s")
    return report.finish()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), everything="--all" in sys.argv[2:]))
