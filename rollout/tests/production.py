"""A production that runs the old image, while the new one is being rolled out; each test says what comes of it."""

from rollout.tests import answers
from rollout.tests.answers import NEW, OLD, template_version
from rollout.tests.workbench import Answer, RolloutTest


class ProductionTest(RolloutTest):
    def setUp(self) -> None:
        super().setUp()
        self.stand_in_for("aws", "terraform")
        self.record_account()
        self.serve_site()
        self.environment |= {
            "IMAGE": NEW,
            "SMOKE_TIMEOUT_SECONDS": "0.2",
        }
        self.record("terraform", "init", "")
        self.record("terraform", "plan", Answer("aws_launch_template.this will be updated\n", code=2))
        self.record("terraform", "apply", "Apply complete!\n")
        self.record("terraform", "output", answers.outputs(self.site.url, "127.0.0.1"))
        self.record("aws", "ec2.describe-images", answers.images())
        self.record("aws", "ec2.describe-launch-template-versions", template_version(2, NEW))
        self.record("aws", "autoscaling.describe-scaling-activities", {"Activities": []})
        self.record("aws", "ssm.get-parameter", answers.parameter(f"{OLD} 2026-06-01T09:00:00Z"))
        self.record("aws", "ssm.put-parameter", {"Version": 2})

    def refreshes(self, *answers_in_turn: object) -> None:
        self.record("aws", "autoscaling.describe-instance-refreshes", *answers_in_turn)

    def instances(self, *answers_in_turn: object) -> None:
        self.record("aws", "autoscaling.describe-auto-scaling-groups", *answers_in_turn)
