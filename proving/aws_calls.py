"""What a request to AWS asks for, as IAM sees it: an action on resources."""

import json
import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

ACCOUNT = "123456789012"
REGION = "us-east-1"
SCOPE = re.compile(r"Credential=([\w-]+)/\d+/([\w-]+)/([\w-]+)/aws4_request")
PREFIXES = {"monitoring": "cloudwatch"}

# Of S3 and Route 53, which name an operation by method and path. The longest that fits counts.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
S3_SUBRESOURCES = {
    "accelerate": "AccelerateConfiguration",
    "acl": "BucketAcl",
    "cors": "BucketCORS",
    "encryption": "EncryptionConfiguration",
    "lifecycle": "LifecycleConfiguration",
    "location": "BucketLocation",
    "logging": "BucketLogging",
    "object-lock": "BucketObjectLockConfiguration",
    "ownershipControls": "BucketOwnershipControls",
    "policy": "BucketPolicy",
    "publicAccessBlock": "BucketPublicAccessBlock",
    "replication": "ReplicationConfiguration",
    "requestPayment": "BucketRequestPayment",
    "tagging": "BucketTagging",
    "versioning": "BucketVersioning",
    "website": "BucketWebsite",
}
S3_BUCKET = {"GET": "ListBucket", "HEAD": "ListBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"}
S3_OBJECT = {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"}
ROUTE53 = {
    "GET hostedzone/ID": "GetHostedZone",
    "GET hostedzone/ID/rrset": "ListResourceRecordSets",
    "POST hostedzone/ID/rrset": "ChangeResourceRecordSets",
    "GET change/ID": "GetChange",
    "GET hostedzone": "ListHostedZones",
}


@dataclass(frozen=True)
class Call:
    principal: str
    action: str
    resource: str
    boundary: str | None = None  # of a role that is made

    def __str__(self) -> str:
        return f"{self.principal}: {self.action} on {self.resource}"


def call_of(method: str, target: str, headers: dict[str, str], body: bytes) -> Call | None:
    """Nothing for what isn't signed: those are the simulator's own questions."""
    scope = SCOPE.search(headers.get("authorization", ""))
    if scope is None:
        return None
    principal, _, service = scope.groups()
    url = urlsplit(target)
    if service == "s3":
        return Call(principal, *s3(method, unquote(url.path), parse_qs(url.query, keep_blank_values=True)))
    if service == "route53":
        return Call(principal, *route53(method, url.path))
    operation, parameters = operation_of(url.path, headers, body)
    prefix = PREFIXES.get(service, service)
    boundary = parameters.get("PermissionsBoundary", "none") if operation == "CreateRole" else None
    return Call(principal, f"{prefix}:{operation}", resource(prefix, operation, parameters), boundary)


def s3(method: str, path: str, query: dict[str, list[str]]) -> tuple[str, str]:
    bucket, _, key = path.lstrip("/").partition("/")
    arn = f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
    if "delete" in query:
        return "s3:DeleteObject", f"{arn}/*"
    if "versions" in query:
        return "s3:ListBucketVersions", arn
    if "versionId" in query and method == "DELETE":
        return "s3:DeleteObjectVersion", arn
    for name, action in S3_SUBRESOURCES.items():
        if name in query and not key:
            # There is no action for removing most of them.
            verb = {"GET": "Get", "DELETE": "Delete" if name in ("policy", "website") else "Put"}.get(method, "Put")
            return f"s3:{verb}{action}", arn
    return "s3:" + (S3_OBJECT if key else S3_BUCKET)[method], arn


def route53(method: str, path: str) -> tuple[str, str]:
    _, kind, *rest = path.strip("/").split("/")
    if kind == "tags":
        return "route53:ListTagsForResource", f"arn:aws:route53:::{rest[0]}/{rest[1]}"
    pattern = "/".join([kind, *(["ID"] if rest else []), *rest[1:]])
    return f"route53:{ROUTE53[f'{method} {pattern}']}", f"arn:aws:route53:::{kind}/{rest[0]}" if rest else "*"


def operation_of(path: str, headers: dict[str, str], body: bytes) -> tuple[str, dict[str, str]]:
    if "x-amz-target" in headers:
        return headers["x-amz-target"].split(".")[-1], flat(json.loads(body or b"{}"))
    if "/operation/" in path:
        return path.split("/")[-1], {}
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    return form["Action"], form


def flat(document: dict[str, object]) -> dict[str, str]:
    return {name: value for name, value in document.items() if isinstance(value, str)}


# Which parameter names the resource, and how its ARN is made of it; the first that is there counts. What is not here is
# judged as "*": EC2 above all, whose ids nobody knows beforehand.
# https://docs.aws.amazon.com/service-authorization/latest/reference/
_HERE = f"{REGION}:{ACCOUNT}"
NAMED = (
    ("autoscaling", "AutoScalingGroupName", f"arn:aws:autoscaling:{_HERE}:autoScalingGroup:*:autoScalingGroupName/{{}}"),
    ("cloudwatch", "AlarmName", f"arn:aws:cloudwatch:{_HERE}:alarm:{{}}"),
    ("cloudwatch", "AlarmNames.member.1", f"arn:aws:cloudwatch:{_HERE}:alarm:{{}}"),
    ("cloudwatch", "DashboardName", f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{{}}"),
    ("cloudwatch", "DashboardNames.member.1", f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{{}}"),
    ("elasticache", "UserId", f"arn:aws:elasticache:{_HERE}:user:{{}}"),
    ("elasticloadbalancing", "Name", f"arn:aws:elasticloadbalancing:{_HERE}:{{kind}}/{{}}/0"),
    ("iam", "InstanceProfileName", f"arn:aws:iam::{ACCOUNT}:instance-profile/{{}}"),
    ("iam", "RoleName", f"arn:aws:iam::{ACCOUNT}:role/{{}}"),
    ("iam", "PolicyName", f"arn:aws:iam::{ACCOUNT}:policy/{{}}"),
    ("iam", "Url", f"arn:aws:iam::{ACCOUNT}:oidc-provider/{{}}"),
    ("logs", "logGroupName", f"arn:aws:logs:{_HERE}:log-group:{{}}:*"),
    ("sns", "Name", f"arn:aws:sns:{_HERE}:{{}}"),
    ("ssm", "Name", f"arn:aws:ssm:{_HERE}:parameter{{}}"),
    ("ssm", "Target", f"arn:aws:ec2:{_HERE}:instance/{{}}"),
    ("ssm", "ResourceId", f"arn:aws:ssm:{_HERE}:parameter{{}}"),
    ("acm", "DomainName", f"arn:aws:acm:{_HERE}:certificate/*"),
    ("acm", "CertificateArn", "{}"),
    ("acm", "PrivateKey", f"arn:aws:acm:{_HERE}:certificate/*"),  # one that is new
)
KINDS = {"CreateLoadBalancer": "loadbalancer/app", "CreateTargetGroup": "targetgroup"}
DOCUMENT = ("Document", "DocumentPermission", "DocumentDefaultVersion")
WITHOUT_RESOURCE = ("autoscaling", "cloudwatch", "logs", "ssm")  # their Describe… actions


def resource(prefix: str, operation: str, parameters: dict[str, str]) -> str:
    if prefix == "ssm" and (parameters.get("ResourceType") == "Document" or operation.endswith(DOCUMENT)):
        return f"arn:aws:ssm:{_HERE}:document/{parameters.get('Name', parameters.get('ResourceId'))}"
    if operation.startswith("Describe") and prefix in WITHOUT_RESOURCE:
        return "*"
    for service, name, form in NAMED:
        if service == prefix and name in parameters:
            return form.format(parameters[name].removeprefix("https://"), kind=KINDS.get(operation))
    arns = [value for name, value in parameters.items() if value.startswith("arn:") and name.lower().endswith("arn")]
    # Of several, the service's own: a listener is made on a load balancer, with a certificate of another service.
    own = [arn for arn in arns if arn.startswith(f"arn:aws:{prefix}:")]
    return next(iter(own + arns), "*")
