"""Programs in a root file system that isn't booted, with this machine's network, under systemd-nspawn."""

import os

from proving.programs import run


def nspawn(root):
    return ("systemd-nspawn", "--quiet", f"--directory={root}", "--register=no", "--keep-unit", "--link-journal=no",
            "--timezone=off")


def inside(root, *command, binds=(), environment=(), directory=None, user=None):
    """The command that runs a program in the root. A bind is a pair of paths, or three with whether it is writable."""
    options = [f"--bind{'' if writable else '-ro'}={outside}:{path}" for outside, path, *writable in binds]
    options += [f"--setenv={name}={value}" for name, value in (*environment, *_proxies())]
    options += [f"--chdir={directory}"] if directory else []
    options += [f"--user={user}"] if user else []
    return (*nspawn(root), "--pipe", "--resolv-conf=bind-host", "--setenv=LC_ALL=C.UTF-8", "--setenv=SYSTEMD_OFFLINE=1",
            *options, *command)


def run_inside(root, *command, timeout_seconds=120, check=True, **options):
    return run(*inside(root, *command, **options), timeout_seconds=timeout_seconds, check=check)


def _proxies():
    return [(name, os.environ[name]) for name in ("http_proxy", "https_proxy", "no_proxy") if name in os.environ]
