"""The network of the proof: a bridge in a namespace of this process, and a namespace for each machine."""

import ctypes
import os
from contextlib import contextmanager

from proving.programs import CommandError, run
from proving.report import Unprovable

CLONE_NEWNET = 0x40000000
GATEWAY = "10.203.0.1"
# Where every instance of the cloud finds its credentials.
METADATA_ADDRESS = "169.254.169.254"


def leave_host_network():
    """From here on this process and its children have nothing but the bridge."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "unshare")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "bridge0", "type", "bridge")
    for address in (f"{GATEWAY}/24", f"{METADATA_ADDRESS}/32"):
        run("ip", "address", "add", address, "dev", "bridge0")
    run("ip", "link", "set", "bridge0", "up")


def add_address(address):
    run("ip", "address", "add", f"{address}/24", "dev", "bridge0")


def add_namespace(name, address=None):
    """A namespace, joined to the bridge when it gets an address; returns its path."""
    run("ip", "netns", "add", name)
    run("ip", "-n", name, "link", "set", "lo", "up")
    if address:
        run("ip", "link", "add", name, "master", "bridge0", "type", "veth", "peer", "name", "eth0", "netns", name)
        run("ip", "link", "set", name, "up")
        run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "eth0")
        run("ip", "-n", name, "link", "set", "eth0", "up")
        run("ip", "-n", name, "route", "add", METADATA_ADDRESS, "dev", "eth0")
    return os.path.join("/run/netns", name)


@contextmanager
def forgetting(name, port, sources):
    """A firewall that has forgotten a machine's connections to this port: what they send is dropped, without a word."""
    ours = "{ " + ", ".join(map(str, sorted(sources))) + " }"
    try:
        nft(name, "add table inet forgetful")
    except CommandError as error:
        raise Unprovable(f"nftables don't work here: {error}") from error
    for hook, match in (("output", f"tcp dport {port} tcp sport {ours}"), ("input", f"tcp sport {port} tcp dport {ours}")):
        nft(name, f"add chain inet forgetful {hook} {{ type filter hook {hook} priority 0; }}")
        nft(name, f"add rule inet forgetful {hook} {match} drop")
    try:
        yield
    finally:
        nft(name, "delete table inet forgetful")


def nft(name, command):
    run("ip", "netns", "exec", name, "nft", command)
