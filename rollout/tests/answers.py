"""Answers of AWS, in the shape that its command line gives them."""


GROUP = "saved-string-production"
PREFERENCES = {
    "MinHealthyPercentage": 100,
    "MaxHealthyPercentage": 200,
    "SkipMatching": True,
    "AutoRollback": False,
    "AlarmSpecification": {"Alarms": ["saved-string-production-server-errors"]},
}
OLD, NEW = "ami-00000000000000001", "ami-00000000000000002"


def refresh(status: str, percentage: int = 0, to_update: int = 0, reason: str = "") -> dict:
    described = {
        "InstanceRefreshId": "08b91cf7-8fa6-48af-b6a6-d227f40f1b9b",
        "AutoScalingGroupName": GROUP,
        "Status": status,
        "StartTime": "2026-06-02T18:11:27+00:00",
        "PercentageComplete": percentage,
        "InstancesToUpdate": to_update,
        "Preferences": PREFERENCES,
    }
    if reason:
        described["StatusReason"] = reason
    return {"InstanceRefreshes": [described]}


NO_REFRESH = {"InstanceRefreshes": []}


def group(version: int, *instance_versions: int, desired: int = 2, state: str = "InService") -> dict:
    return {
        "AutoScalingGroups": [
            {
                "AutoScalingGroupName": GROUP,
                "LaunchTemplate": {"LaunchTemplateId": "lt-0a20c965061f64abc", "Version": str(version)},
                "DesiredCapacity": desired,
                "Instances": [instance(number, it, state) for number, it in enumerate(instance_versions)],
            }
        ]
    }


def instance(number: int, version: int, state: str) -> dict:
    return {
        "InstanceId": f"i-0000000000000000{number}",
        "AvailabilityZone": f"us-east-1{'abc'[number % 3]}",
        "LifecycleState": state,
        "HealthStatus": "HEALTHY",
        "LaunchTemplate": {"LaunchTemplateId": "lt-0a20c965061f64abc", "Version": str(version)},
    }


def template_version(version: int, image: str) -> dict:
    return {"LaunchTemplateVersions": [{"VersionNumber": version, "LaunchTemplateData": {"ImageId": image}}]}


def activities(message: str) -> dict:
    return {"Activities": [{"StatusCode": "Failed", "StatusMessage": message, "Description": "Launching an instance"}]}


def images(state: str = "available") -> dict:
    return {"Images": [{"ImageId": NEW, "State": state}]}


def parameter(text: str) -> dict:
    return {"Parameter": {"Value": text, "Version": 1}}


def outputs(url: str, balancer: str) -> dict:
    values = {
        "api_keys_parameter_name": "/saved-string/production/api-keys",
        "autoscaling_group_name": GROUP,
        "dashboard_url": "https://console.example/dashboard",
        "image_id": OLD,
        "load_balancer_dns_name": balancer,
        "log_group_name": "/saved-string/production",
        "region": "us-east-1",
        "replication_group_id": GROUP,
        "shell_document_name": f"{GROUP}-shell",
        "url": url,
    }
    return {name: {"value": value, "type": "string", "sensitive": False} for name, value in values.items()}


NO_CREDENTIALS = '\nUnable to locate credentials. You can configure credentials by running "aws configure".\n'


# Short ones: what they ask for is judged in terraform/proof/test_permissions.py.
POLICIES = {
    name: {"Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}
    for name, action in {
        "bootstrap": "s3:CreateBucket",
        "image": "ec2:RunInstances",
        "keys": "ssm:PutParameter",
        "deploy-compute": "ec2:CreateVpc",
        "deploy-store": "elasticache:CreateUser",
        "deploy-services": "sns:CreateTopic",
    }.items()
}


def account() -> dict[str, dict]:
    """An account that has all that is needed, by request."""
    return {
        "sts.get-caller-identity": {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:user/operator"},
        "ec2.describe-availability-zones": zones("abc"),
        "ec2.describe-vpcs": {"Vpcs": [{"VpcId": "vpc-0a20c965061f64abc", "IsDefault": True}]},
        "ec2.describe-instance-types": {"InstanceTypes": [{"VCpuInfo": {"DefaultVCpus": 2}}]},
        "ec2.describe-instances": {"Reservations": []},
        "elasticache.describe-replication-groups": store("us-east-1a", "us-east-1b", "us-east-1c"),
        "iam.get-instance-profile": {"InstanceProfile": {}},
        "iam.simulate-principal-policy": {"EvaluationResults": []},
        "s3api.head-bucket": {},
        "service-quotas.get-service-quota": {"Quota": {"Value": 16.0}},
    }


def zones(letters: str) -> dict:
    found = [{"ZoneName": f"us-east-1{it}", "ZoneId": f"use1-az{number}"} for number, it in enumerate(letters, 4)]
    return {"AvailabilityZones": found}


def store(*nodes: str) -> dict:
    members = [{"CacheClusterId": f"node-{number}", "PreferredAvailabilityZone": it} for number, it in enumerate(nodes)]
    return {"ReplicationGroups": [{"NodeGroups": [{"NodeGroupMembers": members}]}]}


def running(group: str, cores: int) -> dict:
    tags = [{"Key": "aws:autoscaling:groupName", "Value": group}]
    return {"Reservations": [{"Instances": [{"CpuOptions": {"CoreCount": cores, "ThreadsPerCore": 1}, "Tags": tags}]}]}


def planned(group: dict, template: dict, *others: dict) -> dict:
    """A plan as `terraform show -json` tells it."""
    resources = [
        resource("aws_autoscaling_group", "application", group),
        resource("aws_launch_template", "application", template),
        *others,
    ]
    return {"planned_values": {"root_module": {"resources": resources}}}


def resource_without_values(type: str, name: str) -> dict:
    return {"address": f"{type}.{name}", "mode": "managed", "type": type}


def resource(type: str, name: str, values: dict) -> dict:
    return {"address": f"{type}.{name}", "mode": "managed", "type": type, "values": values}
