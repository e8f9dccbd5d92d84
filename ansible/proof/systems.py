"""What the role is run on."""

from dataclasses import dataclass, field

# What the cloud's base image carries, and Ansible, which the builder gets first.
BASE_PACKAGES = (
    "ansible-core",
    "awscli",
    "ca-certificates",
    "cloud-init",
    "curl",
    "dbus",
    "iproute2",
    "python3",
    "python3-apt",
    "systemd",
    "systemd-sysv",
)
JAVA_HOME_INSIDE = "/opt/java"


@dataclass(frozen=True)
class System:
    """A distribution, what the role is told there, and what a machine of it takes from this one."""

    suite: str
    packages: tuple = BASE_PACKAGES
    variables: dict = field(default_factory=dict, hash=False)
    binds: tuple = ()


# With the unit of cloud-init that is called cloud-init-network.service.
NEWEST = System("trixie")
TOOLS = System("trixie", ("ansible-core", "ansible-lint", "yamllint"))


def like_amazon_linux(java_home):
    """With systemd 252 and the unit that is called cloud-init.service. Its own packages have no Java 25."""
    variables = {"saved_string_packages": ["awscli", "logrotate"], "saved_string_java": f"{JAVA_HOME_INSIDE}/bin/java"}
    return System("bookworm", variables=variables, binds=((java_home, JAVA_HOME_INSIDE),))
