"""What the simulated AWS is given beforehand, and what is answered in its place."""

import re
from urllib.parse import urlencode

from proving.aws import SimulatedAws
from proving.aws_calls import ACCOUNT

OPERATOR = "operator"
_ASSUMED = f"arn:aws:sts::{ACCOUNT}:assumed-role/{OPERATOR}/anna"
_TRUST = '{"Version":"2012-10-17","Statement":[]}'


def _xml(operation: str, result: str) -> str:
    return f"<{operation}Response><{operation}Result>{result}</{operation}Result></{operation}Response>"


# By action. The simulator knows no quota of vCPUs, no simulation of policies, no sessions and no refreshes.
ANSWERS = {
    "sts:GetCallerIdentity": _xml(
        "GetCallerIdentity", f"<Arn>{_ASSUMED}</Arn><UserId>AROA:anna</UserId><Account>{ACCOUNT}</Account>"
    ),
    "iam:SimulatePrincipalPolicy": _xml("SimulatePrincipalPolicy", "<EvaluationResults/><IsTruncated>false</IsTruncated>"),
    "servicequotas:GetServiceQuota": '{"Quota": {"Value": 64.0}}',
    "ssm:StartSession": '{"SessionId": "anna-1", "TokenValue": "1", "StreamUrl": "wss://simulated"}',
    "autoscaling:StartInstanceRefresh": _xml("StartInstanceRefresh", "<InstanceRefreshId>1</InstanceRefreshId>"),
    "autoscaling:DescribeInstanceRefreshes": _xml("DescribeInstanceRefreshes", "<InstanceRefreshes/>"),
}


def form(simulator: SimulatedAws, service: str, **parameters: str) -> str:
    versions = {"iam": "2010-05-08", "ec2": "2016-11-15", "elbv2": "2015-12-01"}
    names = {"elbv2": "elasticloadbalancing"}
    text = urlencode({**parameters, "Version": versions[service]})
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = simulator.send(names.get(service, service), "POST", "/", text.encode(), headers)
    if answer.status != 200:
        raise AssertionError(f"{parameters}: {answer.status} {answer.text}")
    return answer.text


def operator(simulator: SimulatedAws) -> None:
    """The role that everybody has taken."""
    form(simulator, "iam", Action="CreateRole", RoleName=OPERATOR, AssumeRolePolicyDocument=_TRUST)


def image(simulator: SimulatedAws, name: str) -> str:
    made = form(simulator, "ec2", Action="RegisterImage", Name=name, Architecture="arm64", RootDeviceName="/dev/xvda")
    return re.search("<imageId>(.*?)</imageId>", made)[1]


def zone(simulator: SimulatedAws, domain: str) -> str:
    text = f"<CreateHostedZoneRequest><Name>{domain}</Name><CallerReference>1</CallerReference></CreateHostedZoneRequest>"
    answer = simulator.send("route53", "POST", "/2013-04-01/hostedzone", text.encode()).text
    return re.search("<Id>/hostedzone/([A-Z0-9]+)</Id>", answer)[1]


def site(url: str) -> str:
    """The page is served on this machine, and the state reached by path."""
    return f"""
terraform {{
  backend "s3" {{
    encrypt        = true
    use_lockfile   = true
    use_path_style = true
  }}
}}

output "url" {{
  value = "{url}"
}}

output "load_balancer_dns_name" {{
  value = "127.0.0.1"
}}
"""
