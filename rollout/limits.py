"""What AWS refuses, looked for in a plan before anything of it is made.

A plan is full of names that are put together from others; AWS says only at the end of half an hour that one is too long.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rollout.findings import Finding, missing
from rollout.terraform import Planned

API = "https://docs.aws.amazon.com/"


@dataclass(frozen=True)
class Limit:
    type: str
    attribute: str
    pattern: str
    source: str


LIMITS = (
    Limit("aws_lb", "name", r"(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?",
          API + "elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"),
    Limit("aws_lb_target_group", "name", r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?",
          API + "elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"),
    Limit("aws_elasticache_replication_group", "replication_group_id", r"(?!.*--)[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?",
          API + "AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"),
    Limit("aws_elasticache_user", "user_id", r"(?!.*--)[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?",
          API + "AmazonElastiCache/latest/dg/Clusters.RBAC.html"),
    Limit("aws_elasticache_user_group", "user_group_id", r"(?!.*--)[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?",
          API + "AmazonElastiCache/latest/dg/Clusters.RBAC.html"),
    Limit("aws_elasticache_subnet_group", "name", r"[a-z0-9-]{1,255}",
          API + "AmazonElastiCache/latest/APIReference/API_CreateCacheSubnetGroup.html"),
    Limit("aws_elasticache_parameter_group", "name", r"(?!.*--)[a-z](?:[a-z0-9-]{0,253}[a-z0-9])?",
          API + "AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html"),
    Limit("aws_elasticache_parameter_group", "family", r"valkey[789]",
          API + "AmazonElastiCache/latest/APIReference/API_CreateCacheParameterGroup.html"),
    Limit("aws_s3_bucket", "bucket", r"(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?<!-s3alias)",
          API + "AmazonS3/latest/userguide/bucketnamingrules.html"),
    Limit("aws_iam_role", "name", r"[\w+=,.@-]{1,64}", API + "IAM/latest/UserGuide/reference_iam-quotas.html"),
    Limit("aws_iam_role", "description", r"[\t\n\r -~\xa1-\xff]{0,1000}", API + "IAM/latest/APIReference/API_CreateRole.html"),
    Limit("aws_iam_instance_profile", "name", r"[\w+=,.@-]{1,128}",
          API + "IAM/latest/UserGuide/reference_iam-quotas.html"),
    Limit("aws_iam_role_policy", "name", r"[\w+=,.@-]{1,128}", API + "IAM/latest/APIReference/API_PutRolePolicy.html"),
    Limit("aws_security_group", "name", r"(?!sg-)[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]{1,255}",
          API + "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"),
    Limit("aws_security_group", "description", r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]{1,255}",
          API + "AWSEC2/latest/APIReference/API_CreateSecurityGroup.html"),
    Limit("aws_vpc_security_group_ingress_rule", "description", r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]{1,255}",
          API + "AWSEC2/latest/APIReference/API_SecurityGroupRuleDescription.html"),
    Limit("aws_vpc_security_group_egress_rule", "description", r"[A-Za-z0-9 ._:/()#,@\[\]+=&;{}!$*-]{1,255}",
          API + "AWSEC2/latest/APIReference/API_SecurityGroupRuleDescription.html"),
    Limit("aws_launch_template", "name", r"[A-Za-z0-9().\-/_]{3,128}",
          API + "AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html"),
    Limit("aws_launch_template", "user_data", r"[A-Za-z0-9+/=]{0,21848}",
          API + "AWSEC2/latest/UserGuide/user-data.html"),
    Limit("aws_autoscaling_group", "name", r"[^:]{1,255}",
          API + "autoscaling/ec2/APIReference/API_CreateAutoScalingGroup.html"),
    Limit("aws_cloudwatch_log_group", "name", r"(?!aws/)[\w./#-]{1,512}",
          API + "AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html"),
    Limit("aws_cloudwatch_log_metric_filter", "name", r"[^:*]{1,512}",
          API + "AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"),
    Limit("aws_cloudwatch_log_metric_filter", "pattern", r"(?s).{0,1024}",
          API + "AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html"),
    Limit("aws_cloudwatch_metric_alarm", "alarm_name", r"[^\x00-\x1f]{1,255}",
          API + "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"),
    Limit("aws_cloudwatch_metric_alarm", "alarm_description", r"(?s).{0,1024}",
          API + "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"),
    Limit("aws_cloudwatch_dashboard", "dashboard_name", r"[\w-]{1,255}",
          API + "AmazonCloudWatch/latest/APIReference/API_PutDashboard.html"),
    Limit("aws_sns_topic", "name", r"[\w-]{1,256}", API + "sns/latest/api/API_CreateTopic.html"),
    Limit("aws_ssm_document", "name", r"(?!aws|amazon|amzn|AWSEC2|AWSConfigRemediation|AWSSupport)[\w.-]{3,128}",
          API + "systems-manager/latest/APIReference/API_CreateDocument.html"),
    Limit("aws_ssm_parameter", "name", r"/(?!aws|ssm)[\w.-]+(?:/[\w.-]+){0,14}",
          API + "systems-manager/latest/APIReference/API_PutParameter.html"),
    Limit("aws_ssm_parameter", "description", r"(?s).{0,1024}",
          API + "systems-manager/latest/APIReference/API_PutParameter.html"),
)  # fmt: skip


@dataclass(frozen=True)
class Range:
    type: str
    attribute: str
    least: int
    most: int
    source: str


RANGES = (
    Range("aws_lb", "idle_timeout", 1, 4000, API + "elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html"),
    Range("aws_lb_target_group", "deregistration_delay", 0, 3600,
          API + "elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html"),
    Range("aws_elasticache_replication_group", "replicas_per_node_group", 0, 5,
          API + "AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"),
    Range("aws_elasticache_replication_group", "snapshot_retention_limit", 0, 35,
          API + "AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"),
)  # fmt: skip


def refusals(planned: list[Planned]) -> Iterator[Finding]:
    for resource in planned:
        for limit in LIMITS:
            value = resource.values.get(limit.attribute) if limit.type == resource.type else None
            if value is not None and not re.fullmatch(limit.pattern, value):
                text = f"{limit.attribute} is {value!r}, of {len(value)} characters (expected: {limit.pattern})"
                yield missing(resource.address, text, limit.source)
        for limit in RANGES:
            value = resource.values.get(limit.attribute) if limit.type == resource.type else None
            if value is not None and not limit.least <= float(value) <= limit.most:
                text = f"{limit.attribute} is {value} (expected: {limit.least} to {limit.most})"
                yield missing(resource.address, text, limit.source)
        yield from (missing(resource.address, *it) for it in CONTRADICTIONS.get(resource.type, nothing)(resource.values))


def nothing(_: dict) -> Iterator[tuple[str, str]]:
    return iter(())


def store(values: dict) -> Iterator[tuple[str, str]]:
    major = int((values.get("engine_version") or "0").split(".")[0])
    source = API + "AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html"
    group = values.get("parameter_group_name")
    if group and not group.endswith(f"valkey{major}"):
        yield f"engine {major} with the parameter group {group}", API + "AmazonElastiCache/latest/dg/VersionManagement.html"
    if values.get("multi_az_enabled") and not values.get("automatic_failover_enabled"):
        yield "multi_az_enabled without automatic_failover_enabled", source
    if values.get("user_group_ids") and not values.get("transit_encryption_enabled"):
        yield "a user group without transit_encryption_enabled", API + "AmazonElastiCache/latest/dg/Clusters.RBAC.html"
    if values.get("num_cache_clusters") and values.get("num_node_groups"):
        yield "num_cache_clusters beside num_node_groups", source
    # The smallest nodes of the first generations can't keep snapshots.
    if (values.get("node_type") or "").startswith("cache.t1.") and values.get("snapshot_retention_limit"):
        yield "snapshots on a cache.t1 node", source


def template(values: dict) -> Iterator[tuple[str, str]]:
    burstable = re.match(r"t\d", values.get("instance_type") or "")
    if values.get("credit_specification") and not burstable:
        yield f"credits for {values['instance_type']}", API + "AWSEC2/latest/APIReference/API_CreditSpecification.html"
    if values.get("vpc_security_group_ids") and values.get("network_interfaces"):
        source = API + "AWSEC2/latest/APIReference/API_RequestLaunchTemplateData.html"
        yield "security groups beside those of a network interface", source


def group(values: dict) -> Iterator[tuple[str, str]]:
    for refresh in values.get("instance_refresh") or []:
        for preferences in refresh.get("preferences") or []:
            least, most = preferences.get("min_healthy_percentage"), preferences.get("max_healthy_percentage")
            if least is not None and most is not None and most - least > 100:
                source = API + "autoscaling/ec2/APIReference/API_RefreshPreferences.html"
                yield f"{least} % to {most} % healthy, more than 100 apart", source


def target_group(values: dict) -> Iterator[tuple[str, str]]:
    source = API + "elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html"
    for check in values.get("health_check") or []:
        interval, timeout = check.get("interval") or 30, check.get("timeout") or 5
        if not timeout < interval:
            yield f"a health check that waits {timeout} s every {interval} s", source
        for name, least, most in (("interval", 5, 300), ("timeout", 2, 120), ("healthy_threshold", 2, 10),
                                  ("unhealthy_threshold", 2, 10)):  # fmt: skip
            if check.get(name) is not None and not least <= check[name] <= most:
                yield f"{name} of the health check is {check[name]} (expected: {least} to {most})", source


def alarm(values: dict) -> Iterator[tuple[str, str]]:
    source = API + "AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"
    periods, points = values.get("evaluation_periods"), values.get("datapoints_to_alarm")
    if periods and points and points > periods:
        yield f"{points} points of {periods} periods", source
    for query in [values, *(it for each in values.get("metric_query") or [] for it in each.get("metric") or [])]:
        period = query.get("period")
        if period and period % 60 and period not in (10, 20, 30):
            yield f"a period of {period} s (expected: 10, 20, 30 or a multiple of 60)", source
        if period and periods and period * periods > (604_800 if period >= 3600 else 86_400):
            yield f"{periods} periods of {period} s, longer than AWS looks back", source


CONTRADICTIONS = {
    "aws_elasticache_replication_group": store,
    "aws_launch_template": template,
    "aws_autoscaling_group": group,
    "aws_cloudwatch_metric_alarm": alarm,
    "aws_lb_target_group": target_group,
}
