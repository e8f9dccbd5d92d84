"""The instance refresh: Terraform starts it and does not wait for it, so this does."""


import time
from dataclasses import dataclass

from rollout.aws import Aws
from rollout.errors import AwsError, NotOver, RolloutError
from rollout.group import Group, failed_activities, read_group

UNDER_WAY = {"Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress"}
ENDED_BADLY = {"Failed", "Cancelled", "RollbackFailed", "RollbackSuccessful"}
UNANSWERED_MAX = 5
FIRST_PREFERENCES = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200}


@dataclass(frozen=True)
class Refresh:
    status: str
    percentage: int
    to_update: int
    reason: str
    started_at: str
    preferences: dict

    @property
    def is_under_way(self) -> bool:
        return self.status in UNDER_WAY

    def __str__(self) -> str:
        reason = f": {self.reason}" if self.reason else ""
        return f"{self.status}, {self.percentage} %, {self.to_update} to replace{reason}"


def newest_refresh(aws: Aws, group_name: str) -> Refresh | None:
    answer = aws.call(
        "autoscaling", "describe-instance-refreshes", AutoScalingGroupName=group_name, MaxRecords=1
    )
    if not answer["InstanceRefreshes"]:
        return None
    newest = answer["InstanceRefreshes"][0]
    return Refresh(
        newest["Status"],
        newest.get("PercentageComplete", 0),
        newest.get("InstancesToUpdate", 0),
        newest.get("StatusReason", ""),
        newest.get("StartTime", ""),
        newest.get("Preferences", {}),
    )


def start_if_stale(aws: Aws, group_name: str, despite_alarms: bool) -> None:
    """After a refresh that failed, the same image plans no change: nobody but this would start another."""
    refresh = newest_refresh(aws, group_name)
    if refresh and refresh.is_under_way:
        return
    stale = read_group(aws, group_name).stale
    if stale:
        print(f"No refresh is under way and {len(stale)} instances are not current: starting one.")
        aws.call(
            "autoscaling",
            "start-instance-refresh",
            AutoScalingGroupName=group_name,
            Preferences=same_again(refresh, {"AlarmSpecification"} if despite_alarms else set()),
        )


def same_again(refresh: Refresh | None, left_out: set[str]) -> dict:
    """The preferences of the refresh before, without what only a desired configuration allows."""
    if not refresh or not refresh.preferences:
        return FIRST_PREFERENCES
    left_out = left_out | {"AutoRollback"}
    return {name: value for name, value in refresh.preferences.items() if name not in left_out}


class Waiter:
    def __init__(self, aws: Aws, group_name: str, timeout_seconds: float, poll_seconds: float):
        self.aws = aws
        self.group_name = group_name
        self.timeout_seconds = timeout_seconds
        self.poll_seconds = poll_seconds
        self.unanswered = 0
        self.said = ""

    def wait(self) -> Group:
        """Until every instance is current and in service."""
        deadline = time.monotonic() + self.timeout_seconds
        while True:
            group = self._look_patiently()
            if group:
                return group
            if time.monotonic() + self.poll_seconds > deadline:
                raise NotOver(self._with_reasons(f"Not over after {self.timeout_seconds / 60:g} minutes: {self.said}."))
            time.sleep(self.poll_seconds)

    def _look_patiently(self) -> Group | None:
        """A few unanswered questions in half an hour are no reason to give up."""
        try:
            group = self._look()
            self.unanswered = 0
            return group
        except AwsError as problem:
            self.unanswered += 1
            if self.unanswered >= UNANSWERED_MAX:
                raise
            self._say(f"no answer, asking again: {problem}")
            return None

    def _look(self) -> Group | None:
        # In this order: a group read after its refresh had ended shows how that ended.
        refresh = newest_refresh(self.aws, self.group_name)
        group = read_group(self.aws, self.group_name)
        self._say(f"{len(group.in_service)} of {group.desired} in service; refresh: {refresh or 'none yet'}")
        if refresh and refresh.is_under_way:
            return None
        if group.stale:
            raise RolloutError(self._with_reasons(ended_early(refresh, group)))
        return group if group.is_settled else None

    def _say(self, text: str) -> None:
        if text != self.said:
            self.said = text
            print(f"{time.strftime('%H:%M:%S')}  {text}", flush=True)

    def _with_reasons(self, text: str) -> str:
        return "\n  ".join([text, *failed_activities(self.aws, self.group_name)])


def ended_early(refresh: Refresh | None, group: Group) -> str:
    instances = ", ".join(it.id for it in group.stale)
    stale = f"{len(group.stale)} of {len(group.instances)} instances are not on version {group.template_version}"
    if refresh and refresh.status in ENDED_BADLY:
        return f"The instance refresh ended as {refresh}.\n  {stale}: {instances}"
    return f"No instance refresh is under way, and {stale}: {instances}"


