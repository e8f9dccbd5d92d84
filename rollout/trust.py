"""Which certificate the smoke test trusts."""

from urllib.parse import urlsplit

from rollout.aws import Aws
from rollout.errors import RolloutError


def demonstration_certificate(aws: Aws, url: str, balancer: str) -> str | None:
    """Nobody can own a certificate for the balancer's own name: a url with that name is a demonstration's."""
    if urlsplit(url).hostname != balancer.lower():
        return None
    return aws.call("acm", "get-certificate", CertificateArn=listener_certificate(aws, balancer))["Certificate"]


def listener_certificate(aws: Aws, balancer: str) -> str:
    found = aws.call("elbv2", "describe-load-balancers")["LoadBalancers"]
    arns = [it["LoadBalancerArn"] for it in found if it["DNSName"].lower() == balancer.lower()]
    if not arns:
        raise RolloutError(f"There is no load balancer {balancer} in {aws.region}.")
    listeners = aws.call("elbv2", "describe-listeners", LoadBalancerArn=arns[0])["Listeners"]
    certificates = [it["CertificateArn"] for listener in listeners for it in listener.get("Certificates", [])]
    if not certificates:
        raise RolloutError(f"The load balancer {balancer} has no HTTPS listener.")
    return certificates[0]
