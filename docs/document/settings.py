"""Figures that are set in the sources: limits, times, counts."""

import re

from document import sources

_PROPERTIES = "src/main/resources/application.properties"
_SETTINGS = {
    "store-timeout-ms": (_PROPERTIES, r"^saved-string\.valkey\.timeout=(\d+)ms"),
    "confirming-replicas": (_PROPERTIES, r"^saved-string\.valkey\.confirming-replicas=(\d+)"),
    "iam-refresh-min": (_PROPERTIES, r"^saved-string\.valkey\.iam-refresh=(\d+)m"),
    "waiting-max": (_PROPERTIES, r"^saved-string\.valkey\.requests-waiting-max=(\d+)"),
    "value-bytes-max": (_PROPERTIES, r"^saved-string\.value-bytes-max=(\d+)"),
    "history-max": (_PROPERTIES, r"^saved-string\.history-versions-max=(\d+)"),
    "key-writes-per-min": (_PROPERTIES, r"^saved-string\.keys\.writes-per-minute=(\d+)"),
    "connections-max": (_PROPERTIES, r"^saved-string\.http\.connections-max=(\d+)"),
    "streams-max": (_PROPERTIES, r"^saved-string\.events\.streams-max=(\d+)"),
    "heartbeat-s": (_PROPERTIES, r"^saved-string\.events\.heartbeat=(\d+)s"),
    "heap-mib": ("src/main/jvm.options", r"^-Xmx(\d+)m"),
    "instances-min": ("terraform/variables.tf", r'"instance_count_min" \{[^}]*?default\s+= (\d+)'),
    "instances-max": ("terraform/variables.tf", r'"instance_count_max" \{[^}]*?default\s+= (\d+)'),
    "instance-type": ("terraform/variables.tf", r'"instance_type" \{[^}]*?default\s+= "(\S+)"'),
    "store-replicas": ("terraform/variables.tf", r'"store_replica_count" \{[^}]*?default\s+= (\d+)'),
    "store-node-type": ("terraform/variables.tf", r'"store_node_type" \{[^}]*?default\s+= "(\S+)"'),
    "store-engine": ("terraform/variables.tf", r'"store_engine_version" \{[^}]*?default\s+= "(\S+)"'),
    "snapshot-days": ("terraform/variables.tf", r'"store_snapshot_retention_days" \{[^}]*?default\s+= (\d+)'),
    "log-days": ("terraform/variables.tf", r'"log_retention_days" \{[^}]*?default\s+= (\d+)'),
    "cpu-target": ("terraform/compute.tf", r"target_value = (\d+)"),
    "warmup-s": ("terraform/compute.tf", r"default_instance_warmup\s+= (\d+)"),
    "deregistration-s": ("terraform/load_balancer.tf", r"deregistration_delay = (\d+)"),
    "check-interval-s": ("terraform/load_balancer.tf", r"interval_seconds\s+= (\d+)"),
    "unhealthy-checks": ("terraform/load_balancer.tf", r"unhealthy_threshold = (\d+)"),
    "replica-lag-s": ("terraform/store.tf", r'"min-replicas-max-lag"\s+value = "(\d+)"'),
    "endpoint-zones": ("terraform/endpoints.tf", r"slice\(local\.zones, 0, (\d+)\)"),
}


def figures() -> dict[str, str | None]:
    found: dict[str, str | None] = {name: _setting(*where) for name, where in _SETTINGS.items()}
    found["drain-s"] = _drain_seconds(found["check-interval-s"], found["unhealthy-checks"])
    found["smoke-promises"] = _count("rollout/smoke.py", r'^            ".+": self\.')
    found["endpoints"] = _count("terraform/endpoints.tf", r"^    \w+\s+= data\.aws_iam_policy_document\.endpoint_")
    return found


def _setting(path: str, pattern: str) -> str | None:
    match = re.search(pattern, sources.text(path), re.MULTILINE)
    if not match:
        return None
    return f"{int(match[1]):,}" if match[1].isdecimal() else match[1]


def _count(path: str, pattern: str) -> str | None:
    count = len(re.findall(pattern, sources.text(path), re.MULTILINE))
    return f"{count}" if count else None


def _drain_seconds(interval: str | None, checks: str | None) -> str | None:
    """As terraform/compute.tf derives it."""
    return f"{int(interval) * (int(checks) + 1)}" if interval and checks else None
