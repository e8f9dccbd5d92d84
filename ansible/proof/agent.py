"""The agent for logs, as far as it is needed to know what it makes of a line: its configuration, held against the
schema that it is published with, and the events that it sends of a file.

Sources: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-Configuration-File-Details.html
and github.com/aws/amazon-cloudwatch-agent, plugins/inputs/logfile and internal/util/timestamp."""

import json
import re
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

ROLE = Path(__file__).parents[1] / "roles/saved_string"
SCHEMA = json.loads(Path(__file__).with_name("agent_schema.json").read_text())
TYPES = {"object": dict, "array": list, "string": str, "integer": int}
DIGITS = {"%Y": r"\d{4}", "%m": r"\d{1,2}", "%d": r"\d{1,2}", "%H": r"\d{2}", "%M": r"\d{2}", "%S": r"\d{2}",
          "%f": r"\d{1,9}"}


@dataclass(frozen=True)
class Event:
    """What is stored: the line as it is, and when and where it was said. Logs Insights finds the fields of JSON."""

    timestamp: datetime | None
    stream: str
    message: str

    @property
    def fields(self):
        try:
            found = json.loads(self.message)
        except ValueError:
            found = {}
        found = found if isinstance(found, dict) else {}
        return {**found, "@timestamp": self.timestamp, "@logStream": self.stream, "@message": self.message}


def configuration():
    """The template, filled in with the role's defaults as Ansible does it."""
    template = (ROLE / "templates/agent.json.j2").read_text()
    defaults = (ROLE / "defaults/main.yml").read_text()
    variable = re.compile(r"\{\{ (\w+)( \| to_json)? \}\}")
    return json.loads(variable.sub(lambda found: _default(defaults, *found.groups()), template))


def _default(defaults, name, as_json):
    if as_json:
        items = re.search(rf"^{name}:\n((?:  - .*\n)+)", defaults, re.MULTILINE)[1]
        return json.dumps(re.findall(r"^  - (.*)$", items, re.MULTILINE))
    return re.search(rf"^{name}: (.*)$", defaults, re.MULTILINE)[1]


def faults(value, schema=None, path="configuration"):
    """What a schema of the kind above has against a value."""
    schema = SCHEMA if schema is None else schema
    if not isinstance(value, TYPES[schema["type"]]):
        return [f"{path} is no {schema['type']}"]
    return [fault for check in (_object_faults, _array_faults, _bound_faults) for fault in check(value, schema, path)]


def _object_faults(value, schema, path):
    if not isinstance(value, dict):
        return
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{path}.{name} is missing"
    for name, each in value.items():
        if name in schema["properties"]:
            yield from faults(each, schema["properties"][name], f"{path}.{name}")
        else:
            yield f"{path}.{name} is unknown"


def _array_faults(value, schema, path):
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield f"{path} is empty"
        for index, each in enumerate(value):
            yield from faults(each, schema["items"], f"{path}[{index}]")


def _bound_faults(value, schema, path):
    if isinstance(value, str) and not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"{path} has a length of {len(value)}"
    if isinstance(value, int) and not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        yield f"{path} is {value}"
    if value not in schema.get("enum", [value]):
        yield f"{path} is {value!r}"


def events(collected, content, instance="i-1"):
    """What is sent of a file with this entry of the configuration."""
    stream = collected["log_stream_name"].replace("{instance_id}", instance)
    pattern = timestamp_pattern(collected["timestamp_format"])
    return [Event(timestamp(pattern, line), stream, line) for line in content.splitlines() if line]


def timestamp_pattern(layout):
    """A directive matches its digits, the rest itself."""
    parts = re.split(r"(%\w)", layout)
    return re.compile("".join(f"(?P<{part[1]}>{DIGITS[part]})" if part in DIGITS else re.escape(part)
                              for part in parts))


def timestamp(pattern, line):
    """The first one in the line; where there is none, the time at which it arrives stands for it."""
    found = pattern.search(line)
    if not found:
        return None
    year, month, day, hour, minute, second = (int(found[name]) for name in "YmdHMS")
    millisecond = int(f"{found['f']}000"[:3])
    return datetime(year, month, day, hour, minute, second, millisecond * 1000, timezone.utc)
