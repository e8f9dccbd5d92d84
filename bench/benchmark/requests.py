"""What is asked for: bare requests, those of a browser behind a load balancer, and a mixture."""

import configparser
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_HERE = Path(__file__).parents[1]


def headers_of(*sections: str) -> dict[str, str]:
    parser = configparser.ConfigParser(interpolation=None, delimiters=(":",))
    parser.optionxform = str
    parser.read_string((_HERE / "headers.ini").read_text(encoding="utf-8"))
    return {name: value for section in sections for name, value in parser[section].items()}


@dataclass(frozen=True)
class Requests:
    """Headers beside Host, and a script of wrk with its words; so many connections of all do nothing but HEAD."""

    name: str
    headers: Mapping[str, str] = field(default_factory=dict)
    script: str | None = None
    words: tuple[str, ...] = ()
    heads: int = 0

    def options(self) -> list[str]:
        options = [part for name, value in self.headers.items() for part in ("--header", f"{name}: {value}")]
        return options + (["--script", str(_HERE / self.script)] if self.script else [])


BARE = Requests("bare")
BROWSER = Requests("browser", headers_of("page", "balancer"))
EVENTS = headers_of("events", "balancer")


def mixed(tag: str) -> Requests:
    """A share of If-None-Match with the current tag, of JSON and of HEAD."""
    return Requests("mixed", BROWSER.headers, "mixed.lua", (tag,), heads=4)


def paced(per_s: float, connections: int) -> Requests:
    """A browser's requests at about this rate."""
    return Requests("paced", BROWSER.headers, "paced.lua", (f"{connections / per_s * 1000:.3f}",))
