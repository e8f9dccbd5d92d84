"""What AWS refuses is refused here."""

import unittest

from rollout.limits import LIMITS, RANGES, refusals
from rollout.terraform import Planned

STORE = {
    "replication_group_id": "saved-string-production",
    "engine_version": "8.1",
    "parameter_group_name": "saved-string-production-valkey8",
    "multi_az_enabled": True,
    "automatic_failover_enabled": True,
    "user_group_ids": ["saved-string-production"],
    "transit_encryption_enabled": True,
    "num_node_groups": 1,
}


def said_of(type: str, **values: object) -> str:
    return "\n".join(str(it) for it in refusals([Planned(f"{type}.this", type, values)]))


class LimitTest(unittest.TestCase):
    def test_names_that_aws_takes_are_taken(self) -> None:
        self.assertEqual("", said_of("aws_lb", name="saved-string-production"))
        self.assertEqual("", said_of("aws_elasticache_user", user_id="saved-string-sixteen-letters-app"))
        self.assertEqual("", said_of("aws_s3_bucket", bucket="saved-string-production-logs-123456789012-us-east-1"))

    def test_names_that_aws_refuses_are_refused_with_the_source(self) -> None:
        for type, values in (
            ("aws_lb", {"name": "a" * 33}),
            ("aws_lb", {"name": "saved-string-"}),
            ("aws_lb", {"name": "internal-saved-string"}),
            ("aws_lb_target_group", {"name": "saved_string"}),
            ("aws_elasticache_user", {"user_id": "a" * 41}),
            ("aws_elasticache_replication_group", {**STORE, "replication_group_id": "saved--string"}),
            ("aws_elasticache_parameter_group", {"family": "valkey10"}),
            ("aws_iam_role", {"name": "a" * 65}),
            ("aws_iam_role", {"description": "the page’s instances"}),
            ("aws_s3_bucket", {"bucket": "Saved-String"}),
            ("aws_security_group", {"description": "the page’s instances"}),
            ("aws_ssm_parameter", {"name": "/aws/saved-string"}),
            ("aws_launch_template", {"user_data": "a" * 30000, "instance_type": "t4g.small"}),
        ):
            with self.subTest(type=type, values=values):
                said = said_of(type, **values)
                self.assertIn("missing", said)
                self.assertIn("https://docs.aws.amazon.com/", said)

    def test_what_is_not_known_before_it_is_made_is_left_to_aws(self) -> None:
        self.assertEqual("", said_of("aws_lb", name=None))

    def test_arguments_that_exclude_each_other_are_refused(self) -> None:
        self.assertEqual("", said_of("aws_elasticache_replication_group", **STORE))
        for wrong, text in (
            ({"engine_version": "9.0"}, "engine 9 with the parameter group saved-string-production-valkey8"),
            ({"automatic_failover_enabled": False}, "multi_az_enabled without automatic_failover_enabled"),
            ({"transit_encryption_enabled": False}, "a user group without transit_encryption_enabled"),
            ({"num_cache_clusters": 3}, "num_cache_clusters beside num_node_groups"),
        ):
            with self.subTest(wrong=wrong):
                self.assertIn(text, said_of("aws_elasticache_replication_group", **{**STORE, **wrong}))

    def test_credits_are_for_burstable_types(self) -> None:
        credits = [{"cpu_credits": "unlimited"}]
        self.assertEqual("", said_of("aws_launch_template", instance_type="t4g.small", credit_specification=credits))
        said = said_of("aws_launch_template", instance_type="m7g.medium", credit_specification=credits)
        self.assertIn("credits for m7g.medium", said)

    def test_numbers_that_aws_refuses_are_refused(self) -> None:
        self.assertEqual("", said_of("aws_lb_target_group", deregistration_delay="30", health_check=[{"interval": 5, "timeout": 2}]))
        for type, values, text in (
            ("aws_lb", {"idle_timeout": 5000}, "idle_timeout is 5000 (expected: 1 to 4000)"),
            ("aws_lb_target_group", {"deregistration_delay": "3601"}, "deregistration_delay is 3601"),
            ("aws_lb_target_group", {"health_check": [{"interval": 5, "timeout": 5}]}, "waits 5 s every 5 s"),
            ("aws_lb_target_group", {"health_check": [{"unhealthy_threshold": 1}]}, "unhealthy_threshold of the health check is 1"),
            ("aws_elasticache_replication_group", {**STORE, "replicas_per_node_group": 6}, "(expected: 0 to 5)"),
            ("aws_cloudwatch_metric_alarm", {"evaluation_periods": 2, "datapoints_to_alarm": 3}, "3 points of 2 periods"),
            ("aws_cloudwatch_metric_alarm", {"metric_query": [{"metric": [{"period": 90}]}]}, "a period of 90 s"),
            ("aws_cloudwatch_metric_alarm", {"evaluation_periods": 25, "period": 3540}, "longer than AWS looks back"),
        ):
            with self.subTest(type=type, values=values):
                self.assertIn(text, said_of(type, **values))

    def test_a_refresh_may_not_reach_too_far(self) -> None:
        preferences = [{"min_healthy_percentage": 50, "max_healthy_percentage": 200}]
        self.assertIn("more than 100", said_of("aws_autoscaling_group", instance_refresh=[{"preferences": preferences}]))

    def test_every_limit_has_its_source(self) -> None:
        for limit in (*LIMITS, *RANGES):
            self.assertTrue(limit.source.startswith("https://docs.aws.amazon.com/"), limit)


if __name__ == "__main__":
    unittest.main()
