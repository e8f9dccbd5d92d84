"""When a start had come how far, by the first use of classes (-Xlog:class+init:file=…:uptimenanos)."""

import re

# The first class of each phase that is initialised, in order.
_BEGINS = (
    ("the JVM is there", "java/lang/System"),
    ("main begins", "org/savedstring/SavedStringApplication"),
    ("the settings are read", "org/savedstring/settings/Settings"),
    ("the framework knows its parts", "org/savedstring/StoreFactory"),
    ("event loops", "org/savedstring/connection/ChosenTransport"),
    ("keys", "org/savedstring/keys/ApiKeysFactory"),
    ("the connections to Valkey", "org/savedstring/store/valkey/ValkeyStringStore"),
    ("the first connection", "org/savedstring/connection/ExchangeHandler"),
)


def phases(log: str) -> dict[str, float]:
    """Milliseconds since the JVM began, at the beginning of each phase."""
    at = {}
    for phase, name in _BEGINS:
        if found := re.search(rf"^\[(\d+)ns\].*Initializing '{re.escape(name)}'", log, re.MULTILINE):
            at[phase] = int(found[1]) / 1e6
    return at
