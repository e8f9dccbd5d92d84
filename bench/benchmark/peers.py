"""The peers: each serves the very page that the service serves."""

import html
import os
import sys
from pathlib import Path

from benchmark import machine
from benchmark.contender import Contender
from benchmark.failures import Failures
from benchmark.streams import Peer
from proving.programs import Program, Programs
from proving.valkey import Valkey
from proving.waiting import free_port

CONSTANT = "nginx, a constant"
LUA = "nginx with Lua"
WEBDIS = "webdis"
FLASK = "Flask with gunicorn"
VARNISH = "Varnish in front of Flask"
NCHAN = "nchan in nginx"
WRITER = "a server that only writes"

_FILES = Path(__file__).parent.parent / "peers"
_OWN_HEADERS = {"content-type", "content-length", "connection", "date", "server"}
_CACHED_MAX_S = 10
_GUNICORN_WORKERS = 2
_GUNICORN_THREADS = 4


class Page:
    """The page around the value."""

    def __init__(self, page: bytes, value: str):
        self.head, found, self.tail = page.decode().rpartition(html.escape(value))
        if not found:
            raise ValueError(f"page: {page!r} (expected: a page that shows {value!r})")

    def showing(self, value: str) -> bytes:
        return f"{self.head}{html.escape(value)}{self.tail}".encode()


def start_all(
    programs: Programs,
    valkey: Valkey,
    page: Page,
    value: str,
    headers: tuple[tuple[str, str], ...],
    failures: Failures,
) -> list[Contender]:
    """Those that show a change of the string, at once or, what caches, within a second or two."""
    _write_page(programs.directory, page)
    _show(valkey, page, value)
    flask = _start_flask(programs, valkey)
    starts: dict[str, Callable[[], Contender]] = {
        CONSTANT: lambda: start_constant(programs, page.showing(value), nginx_headers(headers)),
        LUA: lambda: _start_lua(programs, valkey, nginx_headers(headers)),
        WEBDIS: lambda: _start_webdis(programs, valkey),
        FLASK: lambda: flask,
        VARNISH: lambda: _start_varnish(programs, valkey, flask),
    }
    started = []
    for name, start in starts.items():
        with failures.of(name):
            contender = start()
            _expect_answers(contender, valkey, page, value)
            started.append(contender)
    return started


def _write_page(directory: Path, page: Page) -> None:
    for name, text in ("head", page.head), ("tail", page.tail), ("page", page.head + "{{ value }}" + page.tail):
        (directory / f"{name}.html").write_text(text, encoding="utf-8")


def _show(valkey: Valkey, page: Page, value: str) -> None:
    valkey.call("SET", "value", value)
    valkey.call("SET", "page", page.showing(value).decode())


def _expect_answers(contender: Contender, valkey: Valkey, page: Page, value: str) -> None:
    """Shows a change of the string, the constant apart; then the value that is measured."""
    for shown in "first <&> string", value:
        _show(valkey, page, shown)
        expected = page.showing(value if contender.name == CONSTANT else shown)
        if contender.name == VARNISH:
            showing = lambda body=expected: contender.answer().body == body  # noqa: E731
            contender.program.wait_for(showing, f"shows {shown!r}", _CACHED_MAX_S)
        contender.expect_page(expected)


def _configured(programs: Programs, file: str, **values: object) -> Path:
    text = (_FILES / file).read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"@{name.upper()}@", str(value))
    configured = programs.directory / file
    configured.write_text(text, encoding="utf-8")
    return configured


def nginx_headers(headers: tuple[tuple[str, str], ...]) -> str:
    """The service's own headers, so that the limit is that of the same answer, not of a shorter one."""
    lines = (f'add_header {name} "{nginx_quoted(value)}";' for name, value in headers if name.lower() not in _OWN_HEADERS)
    return "\n      ".join(lines)


def nginx_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return escaped.replace("$", "${dollar}")


def _start_nginx(programs: Programs, name: str, configuration: Path, port: int) -> Program:
    command = ["nginx", "-p", str(programs.directory), "-e", "stderr", "-c", str(configuration)]
    program = programs.start(name, machine.serving(command))
    program.wait_for_port(port)
    return program


def start_constant(programs: Programs, page: bytes, headers: str) -> Contender:
    port = free_port()
    configuration = _configured(programs, "nginx.conf", port=port, page=nginx_quoted(page.decode()), headers=headers)
    return Contender(CONSTANT, port, _start_nginx(programs, "nginx", configuration, port))


def _start_lua(programs: Programs, valkey: Valkey, headers: str) -> Contender:
    port = free_port()
    configuration = _configured(
        programs, "nginx-lua.conf", port=port, valkey_port=valkey.port, directory=programs.directory, headers=headers
    )
    program = _start_nginx(programs, "nginx-lua", configuration, port)
    return Contender(LUA, port, program, valkey, commands=("get",))


def _start_webdis(programs: Programs, valkey: Valkey) -> Contender:
    port = free_port()
    configuration = _configured(programs, "webdis.json", port=port, valkey_port=valkey.port)
    program = programs.start("webdis", machine.serving(["webdis", configuration]), directory=programs.directory)
    program.wait_for_port(port)
    return Contender(WEBDIS, port, program, valkey, path="/GET/page.html", commands=("get",), answers_head=False)


def _start_flask(programs: Programs, valkey: Valkey) -> Contender:
    port = free_port()
    command = ["/usr/bin/gunicorn", "--chdir", str(_FILES), "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(_GUNICORN_WORKERS), "--threads", str(_GUNICORN_THREADS)]
    command += ["--graceful-timeout", "1", "flask_app:app"]
    environment = {**os.environ, "TEMPLATES": str(programs.directory), "VALKEY_PORT": str(valkey.port), "PYTHONPATH": ""}
    program = programs.start("flask", machine.serving(command), environment=environment)
    program.wait_for_port(port)
    return Contender(FLASK, port, program, valkey, commands=("get",))


def _start_varnish(programs: Programs, valkey: Valkey, flask: Contender) -> Contender:
    port = free_port()
    configuration = _configured(programs, "varnish.vcl", flask_port=flask.port)
    directory = programs.directory.resolve() / "varnish"
    directory.mkdir(exist_ok=True)
    command = ["varnishd", "-F", "-n", directory, "-f", configuration.resolve(), "-a", f"127.0.0.1:{port}"]
    program = programs.start("varnish", machine.serving([*command, "-s", "malloc,16m", "-j", "none"]))
    program.wait_for_port(port)
    return Contender(VARNISH, port, program, valkey, commands=("get",))


def start_nchan(programs: Programs) -> Peer:
    port = free_port()
    return Peer(port, _start_nginx(programs, "nchan", _configured(programs, "nginx-nchan.conf", port=port), port))


def start_writer(programs: Programs) -> Peer:
    port = free_port()
    program = programs.start("writer", machine.serving([sys.executable, _FILES / "only_writes.py", port]))
    program.wait_for_port(port)
    return Peer(port, program)
