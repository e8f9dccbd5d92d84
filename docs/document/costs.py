"""What it costs in us-east-1, in USD a month of 730 hours: prices of AWS's pages times what Terraform makes."""

HOURS = 730
REQUESTS_PER_S = 3600 * HOURS

# USD an hour, but for what says otherwise. The document names where each comes from.
EC2_T4G_SMALL = 0.0168
GP3_GB_MONTH = 0.08
IMAGE_DISK_GB = 8
LOAD_BALANCER = 0.0225
IPV4 = 0.005
CACHE_T4G_MICRO = 0.0128
CACHE_M6G_LARGE = 0.1192
ENDPOINT_ZONE = 0.01
NAT_GATEWAY = 0.045
CPU_CREDIT_VCPU = 0.04
T4G_SMALL_VCPUS = 2
T4G_SMALL_BASELINE = 0.20
FARGATE_ARM_VCPU = 0.03238
FARGATE_ARM_GB = 0.00356
RDS_T4G_MICRO_MULTI_AZ = 0.032
RDS_GB_MONTH = 0.115
SERVERLESS_VALKEY_GB = 0.084
SERVERLESS_VALKEY_GB_MIN = 0.1
HTTP_API_MILLION = 1.00
LAMBDA_MILLION = 0.20
LAMBDA_GB_S = 0.0000166667
LAMBDA_GB_S_PER_MILLION = 1e6 * 0.010 * 0.125
DYNAMODB_READ_MILLION = 0.125
S3_GET_MILLION = 0.40

# Interface endpoints that an option needs beyond those of this stack.
ENDPOINTS_REGISTRY = 2  # ecr.api, ecr.dkr
ENDPOINTS_ECS_ON_EC2 = ENDPOINTS_REGISTRY + 3  # ecs, ecs-agent, ecs-telemetry
ENDPOINTS_APPCONFIG = 1  # appconfigdata


def figures(settings: dict[str, str | None]) -> dict[str, str | None]:
    """Needs the counts that the settings have; none of them, no costs."""
    counts = [settings[name] for name in ("instances-min", "store-replicas", "endpoints", "endpoint-zones")]
    if None in counts:
        return {"cost-total": None}
    instances, replicas, endpoints, zones = (int(count or 0) for count in counts)
    nodes = replicas + 1
    parts = {
        "instances": instances * EC2_T4G_SMALL * HOURS,
        "disks": instances * IMAGE_DISK_GB * GP3_GB_MONTH,
        "load-balancer": LOAD_BALANCER * HOURS,
        "ipv4": 3 * IPV4 * HOURS,
        "store": nodes * CACHE_T4G_MICRO * HOURS,
        "endpoints": endpoints * zones * ENDPOINT_ZONE * HOURS,
    }
    total = sum(parts.values())
    return {
        **{f"cost-{name}": f"{usd:.2f}" for name, usd in parts.items()},
        "cost-total": f"{total:.0f}",
        "cost-total-exact": f"{total:.2f}",
        "cost-trial-day": f"{total / HOURS * 24:.0f}",
        "cost-node": f"{CACHE_T4G_MICRO * HOURS:.2f}",
        **_ways_out(parts["endpoints"]),
        **_credits(settings["cpu-target"], instances),
        **_compute_alternatives(parts, total, zones),
        **_store_alternatives(parts, total, zones),
        **_break_even(total),
    }


def _ways_out(endpoints: float) -> dict[str, str]:
    nat = (NAT_GATEWAY + IPV4) * HOURS
    return {"cost-nat": f"{nat:.2f}", "cost-nat-saves": f"{endpoints - nat:.2f}"}


def _credits(target_percent: str | None, instances: int) -> dict[str, str | None]:
    """Of an instance, and of all, whose processors are busy at the target around the clock."""
    if target_percent is None:
        return {"cost-credits": None}
    surplus = int(target_percent) / 100 - T4G_SMALL_BASELINE
    each = surplus * T4G_SMALL_VCPUS * CPU_CREDIT_VCPU * HOURS
    return {
        "cost-credits": f"{each:.2f}",
        "cost-credits-all": f"{each * instances:.0f}",
        "cpu-baseline": f"{T4G_SMALL_BASELINE * 100:.0f}",
    }


def _compute_alternatives(parts: dict[str, float], total: float, zones: int) -> dict[str, str]:
    """Whole stacks that differ in where the service runs."""
    endpoint = zones * ENDPOINT_ZONE * HOURS
    fargate = 2 * (0.5 * FARGATE_ARM_VCPU + 1 * FARGATE_ARM_GB) * HOURS
    compute = parts["instances"] + parts["disks"]
    return {
        "stack-ecs": f"{total + ENDPOINTS_ECS_ON_EC2 * endpoint:.2f}",
        "stack-fargate": f"{total - compute + fargate + ENDPOINTS_REGISTRY * endpoint:.2f}",
    }


def _store_alternatives(parts: dict[str, float], total: float, zones: int) -> dict[str, str]:
    """Whole stacks that differ in where the string lives. DynamoDB and S3 are reached through gateways, free of charge."""
    rest = total - parts["store"]
    durable = 2 * CACHE_M6G_LARGE * HOURS
    reads_10 = 10 * REQUESTS_PER_S / 1e6
    stacks = {
        "durable": rest + durable,
        "serverless-valkey": rest + SERVERLESS_VALKEY_GB * SERVERLESS_VALKEY_GB_MIN * HOURS,
        "dynamodb-10": rest + DYNAMODB_READ_MILLION * reads_10,
        "s3-10": rest + S3_GET_MILLION * reads_10,
        "rds": rest + RDS_T4G_MICRO_MULTI_AZ * HOURS + 2 * 20 * RDS_GB_MONTH,
        "parameter": rest,
        "appconfig": rest + ENDPOINTS_APPCONFIG * zones * ENDPOINT_ZONE * HOURS,
    }
    return {
        **{f"stack-{name}": f"{usd:.2f}" for name, usd in stacks.items()},
        "cost-durable": f"{durable:.2f}",
        "cost-durable-more": f"{durable - parts['store']:.2f}",
    }


def _break_even(total: float) -> dict[str, str]:
    """From where on the stack that is always there is the cheaper one."""
    per_million = LAMBDA_MILLION + LAMBDA_GB_S * LAMBDA_GB_S_PER_MILLION + DYNAMODB_READ_MILLION
    ways = {"url": per_million, "api": per_million + HTTP_API_MILLION}
    page = LAMBDA_GB_S * 0.125 * REQUESTS_PER_S
    figures = {"lambda-page": f"{page:.2f}", "break-even-pages": f"{total / page:.0f}"}
    for name, million in ways.items():
        per_rps = million * REQUESTS_PER_S / 1e6
        figures[f"{name}-per-rps"] = f"{per_rps:.2f}"
        figures[f"{name}-10"] = f"{per_rps * 10:.2f}"
        figures[f"{name}-100"] = f"{per_rps * 100:.2f}"
        figures[f"break-even-{name}"] = f"{total / per_rps:.0f}"
    return figures
