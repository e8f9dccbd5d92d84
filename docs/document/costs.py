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
        **_alternatives(parts, total),
    }


def _alternatives(parts: dict[str, float], total: float) -> dict[str, str]:
    fargate = 2 * (0.5 * FARGATE_ARM_VCPU + 1 * FARGATE_ARM_GB) * HOURS
    serverless_million = (
        HTTP_API_MILLION + LAMBDA_MILLION + LAMBDA_GB_S * LAMBDA_GB_S_PER_MILLION + DYNAMODB_READ_MILLION
    )
    durable = 2 * CACHE_M6G_LARGE * HOURS
    monthly = {
        "compute": parts["instances"] + parts["disks"],
        "fargate": fargate,
        "fargate-endpoints": 2 * 2 * ENDPOINT_ZONE * HOURS,
        "serverless-10": serverless_million * 10 * REQUESTS_PER_S / 1e6,
        "serverless-100": serverless_million * 100 * REQUESTS_PER_S / 1e6,
        "serverless-million": serverless_million,
        "dynamodb-10": DYNAMODB_READ_MILLION * 10 * REQUESTS_PER_S / 1e6,
        "durable": durable,
        "durable-more": durable - parts["store"],
        "two-nodes": 2 * CACHE_T4G_MICRO * HOURS,
        "serverless-valkey": SERVERLESS_VALKEY_GB * SERVERLESS_VALKEY_GB_MIN * HOURS,
        "rds": RDS_T4G_MICRO_MULTI_AZ * HOURS + 2 * 20 * RDS_GB_MONTH,
        "nat": NAT_GATEWAY * HOURS,
        "nat-saves": parts["endpoints"] - NAT_GATEWAY * HOURS,
    }
    break_even_rps = total / serverless_million * 1e6 / REQUESTS_PER_S
    return {
        **{f"cost-{name}": f"{usd:.2f}" for name, usd in monthly.items()},
        "break-even-rps": f"{break_even_rps:.0f}",
    }
