"""Answers of AWS, in the shape that its command line gives them."""

from rollout.tests.workbench import Answer

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
        "url": url,
    }
    return {name: {"value": value, "type": "string", "sensitive": False} for name, value in values.items()}


NO_CREDENTIALS = Answer(
    error='\nUnable to locate credentials. You can configure credentials by running "aws configure".\n', code=253
)
