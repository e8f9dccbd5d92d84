"""What is promised of the image, in the order in which it can be proved."""

import re
import sys
import time

from proof import image as images
from proof import insights, packer
from proof.network import GATEWAY, forgetting
from proof.services import BALANCER_PORT, SERVICE_PORT
from proof.stage import LOG_DIRECTORY, VALKEY_PORT
from proof.traffic import Load, heading, served_by
from proving.programs import CommandError, run
from proving.waiting import wait_until

EXPOSURE_MAX = 2.0
REVOCATION_SECONDS_MAX = 120
MANAGEMENT_PORT = 8081
BACKGROUND_TIMEOUT_SECONDS = 1800
LOAD_REQUESTS_BEFORE = 200
LOAD_REQUESTS_AFTER = 200
# In the cloud a machine that boots doesn't take the processor time of those that serve.
OWN_PROCESSOR_NICENESS = 10


def prove_all(report, stage):
    prove_description(report, stage)
    prove_role(report, stage)
    prove_service(report, stage)


def prove_description(report, stage):
    report.prove("the parts of this proof work", lambda: unit_tests(stage))
    report.prove("shellcheck passes", lambda: images.shellcheck(stage.sources))
    report.prove("packer validate passes", lambda: packer.validate(stage.sources, stage.work))


def unit_tests(stage):
    return run(sys.executable, "-m", "proving", stage.sources / "ansible/proof/tests").splitlines()[-1]


def prove_role(report, stage):
    report.prove("bare roots are there", stage.prepare_roots, foundation=True)
    linting = stage.in_background(lambda: images.lint(stage.tools, stage.sources))
    report.prove("a bare machine converges", lambda: converge_first(stage), foundation=True)
    converging = stage.in_background(lambda: converge_other(stage))
    next_converging = stage.in_background(lambda: converge_next(stage))
    report.prove("ansible-lint (production), yamllint and the syntax check pass",
                 lambda: linting.result(BACKGROUND_TIMEOUT_SECONDS))
    report.prove("a second run changes nothing", lambda: changes_nothing(stage.first))
    report.prove("check mode changes nothing", lambda: changes_nothing(stage.first, "--check"))
    report.prove("a machine with the versions of Amazon Linux converges",
                 lambda: converging.result(BACKGROUND_TIMEOUT_SECONDS), foundation=True)
    report.prove("a second run changes nothing there, either", lambda: changes_nothing(stage.other))
    report.prove("the next version converges",
                 lambda: next_converging.result(BACKGROUND_TIMEOUT_SECONDS), foundation=True)
    stage.leave_host_network()
    report.prove("a machine that wasn't cleaned up is refused; a clean one is fit to become an image",
                 lambda: stage.first.finish(stage.cgroups, stage.programs, before=refuses_uncleaned), foundation=True)
    report.prove("so is the one with the versions of Amazon Linux",
                 lambda: stage.other.finish(stage.cgroups, stage.programs), foundation=True)
    report.prove("the next version is fit to become an image",
                 lambda: stage.next.finish(stage.cgroups, stage.programs), foundation=True)


def converge_first(stage):
    stage.first = stage.image("1")
    return converges(stage.first)


def converge_other(stage):
    stage.other = stage.image("1-like-amazon-linux", stage.like_amazon_linux)
    return converges(stage.other)


def converge_next(stage):
    stage.next = stage.image("2")
    return converges(stage.next)


def converges(image):
    counts = image.converge()
    assert counts["failed"] == 0 and counts["changed"] > 0, counts
    return f"changed={counts['changed']}"


def changes_nothing(image, *options):
    counts = image.converge(*options)
    assert counts["failed"] == 0 and counts["changed"] == 0, counts
    return f"ok={counts['ok']} changed=0"


def refuses_uncleaned(machine):
    machine.run("install", "-D", "-m", "0600", "/dev/null", "/root/.ssh/authorized_keys")
    machine.run("install", "-D", "-m", "0600", "/etc/hostname", "/etc/ssh/ssh_host_ed25519_key")
    machine.run("mkdir", "-p", "/root/.aws")
    machine.run("sh", "-c", f"echo sstr_{'0' * 43} >/etc/forgotten")
    said = images.refusal(machine)
    for leftover in ("/root/.ssh/authorized_keys", "/etc/ssh/ssh_host_ed25519_key", "/root/.aws", "/etc/forgotten",
                     "/usr/bin/ansible-playbook", "/var/log/dpkg.log"):
        assert leftover in said, f"{leftover} went unnoticed:\n{said}"
    machine.run("rm", "/etc/forgotten")


def prove_service(report, stage):
    report.prove("two machines are told by cloud-init what they are, and answer through the load balancer",
                 lambda: boot_pair(stage), foundation=True)
    report.prove("where io_uring is forbidden the service runs over epoll", lambda: runs_over_what_is_allowed(stage))
    report.prove(f"the units' exposure is under {EXPOSURE_MAX}", lambda: exposure(stage))
    report.prove("nothing listens but the service, and what operators read on the loopback address",
                 lambda: listens(stage))
    report.prove("the agent finds the metrics it is told to keep", lambda: agent_finds_metrics(stage))
    report.prove("a PUT with a fetched key changes the string on both machines", lambda: put_changes_both(stage))
    report.prove("an unknown key and no key change nothing", lambda: refuses_unknown_key(stage))
    report.prove("connections to the store that a firewall forgot without a word are made anew, without a restart",
                 lambda: survives_a_firewall(stage))
    report.prove("the runbook's queries find what the service said, as the agent sends it", lambda: queries_find(stage))
    report.prove("logs are rotated, and bounded while they aren't", lambda: bounds_logs(stage))
    report.prove("a parameter that is bad or can't be read leaves the keys as they are", lambda: keeps_good_keys(stage))
    stage.revoked_at = revoke(stage)
    report.prove("replacing a machine by the next version under load fails no request", lambda: replace(stage))
    report.prove(f"a revoked key stops working within {REVOCATION_SECONDS_MAX} s, without a restart",
                 lambda: revoked_key_stops(stage))


def boot_pair(stage):
    stage.build_surroundings()
    seconds = []
    for name, image in (("one", stage.first), ("two", stage.other)):
        stage.boot(name, image)
        seconds.append(stage.seconds_to_answer(name))
    stage.wait_until_healthy("one", "two")
    machines = set()
    for _ in range(4):
        answer = stage.through_balancer()
        assert answer.status == 200 and heading("dynamic string") in answer.text, answer
        machines.add(served_by(answer))
    assert machines == {"one", "two"}, machines
    return f"{seconds[0]:.1f} s and {seconds[1]:.1f} s after the start of the service"


def runs_over_what_is_allowed(stage):
    found = {}
    for name in ("one", "two"):
        start = next(event.message for event in stage.logged(name) if "serves port" in event.message)
        found[name] = re.search(r" over (\w+),", start)[1]
    # The first machine has what the container that it is lets it have.
    assert found["one"] in ("io_uring", "epoll") and found["two"] == "epoll", found
    return f"{found['one']} on one, {found['two']} on two"


def exposure(stage):
    levels = {}
    for unit in ("saved-string.service", "saved-string-keys.service", "saved-string-logs.service"):
        levels[unit] = max(images.exposure(stage.machines[name].run("systemd-analyze", "security", "--no-pager", unit))
                           for name in ("one", "two"))
    assert max(levels.values()) < EXPOSURE_MAX, levels
    return ", ".join(f"{unit} {level}" for unit, level in levels.items())


def listens(stage):
    expected = {("any", SERVICE_PORT), ("127.0.0.1", MANAGEMENT_PORT)}
    for name in ("one", "two"):
        sockets = stage.machines[name].run("ss", "--no-header", "--listening", "--numeric", "--tcp", "--udp")
        found = images.listeners(sockets)
        assert found == expected, f"{name}: {found}"


def agent_finds_metrics(stage):
    url = f"http://127.0.0.1:{MANAGEMENT_PORT}/prometheus"
    exposition = stage.machines["one"].run("curl", "--silent", "--fail", url)
    names = images.metric_names(exposition)
    for selector in images.metric_selectors(stage.sources):
        assert any(re.search(selector, name) for name in names), f"{selector} finds none of {sorted(names)}"


def put_changes_both(stage):
    for value in ("grüße, 世界 & <all>", "second"):
        answer = stage.through_balancer("PUT", value, stage.writer.secret)
        assert answer.status == 200, answer
        for name in ("one", "two"):
            shown = stage.directly(name)
            assert escaped(value) in shown.text, f"{name}: {shown}"


def escaped(value):
    return heading(value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


def refuses_unknown_key(stage):
    for key in ("sstr_" + "0" * 43, None):
        answer = stage.through_balancer("PUT", "never", key)
        assert answer.status == 401, answer
    assert heading("second") in stage.through_balancer().text


def survives_a_firewall(stage):
    forgotten = stage.connections_to_store("one")
    assert forgotten, "no connections to the store"
    with forgetting("one", VALKEY_PORT, forgotten):
        started = time.monotonic()
        wait_until(lambda: not forgotten & stage.connections_to_store("one"), "all are given up")
        wait_until(lambda: stage.directly("one").status == 200, "the string is confirmed again")
        took = time.monotonic() - started
        assert stage.directly("one", "PUT", "second", stage.writer.secret).status == 200
    return f"{len(forgotten)} connections, {took:.1f} s"


def queries_find(stage):
    queries = insights.queries((stage.sources / "docs/operations.md").read_text())
    headers = ("--header", f"X-API-Key: {stage.writer.secret}", "--header", 'If-Match: "0-0-json"')
    page = f"http://127.0.0.1:{SERVICE_PORT}/"
    stage.machines["one"].run("curl", "--silent", "--request", "PUT", *headers, "--data", "never", page)
    events = [event for name in ("one", "two") for event in stage.logged(name)]
    for query in queries:
        assert insights.run(query, events), f"{query} finds nothing in\n" + "\n".join(event.message for event in events)
    words = [event.message for event in events if "message" not in event.fields]
    assert not words, f"lines without fields: {words}"
    return f"{len(queries)} in {len(events)} events"


def bounds_logs(stage):
    machine = stage.machines["two"]
    log = f"{LOG_DIRECTORY}/service.log"
    machine.run("truncate", "--size=64M", log)
    assert stage.directly("two", "PUT", "said to nobody", stage.writer.secret).status == 200
    assert size_of(machine, log) == 64 << 20, "a file grew over its limit"
    machine.run("systemctl", "start", "saved-string-logs.service")
    assert size_of(machine, log) == 0
    mode = machine.run("stat", "--format=%a %U:%G", log, f"{log}.1").split("\n")[:2]
    assert mode == ["640 root:saved-string-logs"] * 2, mode
    assert stage.directly("two", "PUT", "second", stage.writer.secret).status == 200
    said = wait_until(lambda: machine.run("cat", log), "the next line is written")
    assert said.startswith('{"time":'), said


def size_of(machine, path):
    return int(machine.run("stat", "--format=%s", path))


def keeps_good_keys(stage):
    good = stage.parameters.value
    machine = stage.machines["one"]
    for bad in ("", " \n", "not a line of keys\n", None):
        stage.parameters.value = bad
        try:
            machine.run("systemctl", "start", "saved-string-keys.service")
        except CommandError:
            continue
        finally:
            stage.parameters.value = good
        raise AssertionError(f"fetching {bad!r} did not fail")
    assert stage.directly("one", "PUT", "third", stage.writer.secret).status == 200
    mode = machine.run("stat", "--format=%a %U:%G", "/run/saved-string/keys").strip()
    assert mode == "640 root:saved-string", mode


def revoke(stage):
    stage.parameters.value = stage.writer.line
    return time.monotonic()


def revoked_key_stops(stage):
    remaining = REVOCATION_SECONDS_MAX - (time.monotonic() - stage.revoked_at)
    wait_until(lambda: stage.directly("two", "PUT", "left", stage.leaver.secret).status == 401,
               "the revoked key is refused", remaining, interval_seconds=1)
    took = time.monotonic() - stage.revoked_at
    assert stage.directly("two", "PUT", "stayed", stage.writer.secret).status == 200
    restarts = stage.machines["two"].run("systemctl", "show", "--property=NRestarts", "--value", "saved-string.service")
    assert restarts.strip() == "0", restarts
    return f"it took {took:.0f} s"


def replace(stage):
    """As an instance refresh does it: the new one is healthy before the old one goes."""
    with Load(GATEWAY, BALANCER_PORT, stage.writer.secret) as load:
        wait_until(lambda: load.count >= LOAD_REQUESTS_BEFORE, "the load is steady")
        stage.boot("next", stage.next, OWN_PROCESSOR_NICENESS)
        stage.wait_until_healthy("next")
        stage.machines["one"].power_off()
        seen = load.count
        wait_until(lambda: load.count >= seen + LOAD_REQUESTS_AFTER, "the load goes on")
    # The same two cores boot a third machine meanwhile: what the one that stays says of the store isn't about replacing.
    beside = load.take_out("503 from two")
    assert not load.failures, "\n".join([load.summary(), stage.journal("two"), stage.journal("next")])
    assert set(load.served_by) == {"one", "two", "next"}, load.served_by
    release = stage.machines["next"].run("cat", "/etc/saved-string/release")
    assert "VERSION=2" in release, release
    return (f"{load.count} requests, {dict(load.served_by)}; besides, the one that stays lacked the store {beside} times"
            " while a third machine was booted on the same cores")
