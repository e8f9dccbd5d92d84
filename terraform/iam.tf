# What an instance may do: sign in to its store, read its keys' hashes, write its logs, be reached by Session Manager.

locals {
  log_actions = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
  session_actions = [
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
  ]

  # Which instances there will be is not known; they are at least this account's, in this region.
  instance_arns = join(":", [
    "arn", data.aws_partition.current.partition, "ec2", var.region, data.aws_caller_identity.current.account_id, "instance/*",
  ])
  # Made by the bootstrap. Who rolls out may make no role without it, so that nobody can give an instance more than they
  # have themselves. https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
  permissions_boundary = join(":", [
    "arn", data.aws_partition.current.partition, "iam:", data.aws_caller_identity.current.account_id,
    "policy/saved-string-boundary-${var.region}",
  ])
  log_stream_arns = [
    for group in [aws_cloudwatch_log_group.application, aws_cloudwatch_log_group.metrics, aws_cloudwatch_log_group.sessions] :
    "${group.arn}:*"
  ]
}

resource "aws_iam_role" "instance" {
  name                 = "${local.name}-instance-${var.region}"
  description          = "The instances of ${local.name}"
  assume_role_policy   = data.aws_iam_policy_document.instance_trust.json
  permissions_boundary = local.permissions_boundary
}

resource "aws_iam_instance_profile" "instance" {
  name = aws_iam_role.instance.name
  role = aws_iam_role.instance.name
}

resource "aws_iam_role_policy" "instance" {
  name   = "instance"
  role   = aws_iam_role.instance.id
  policy = data.aws_iam_policy_document.instance.json
}

data "aws_iam_policy_document" "instance_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "instance" {
  statement {
    sid       = "SignInToStore"
    actions   = ["elasticache:Connect"]
    resources = [local.store_arn, aws_elasticache_user.application.arn]
  }

  # Decrypting needs no permission of its own: the key aws/ssm trusts this account through the parameter store.
  statement {
    sid       = "ReadApiKeys"
    actions   = ["ssm:GetParameter"]
    resources = [aws_ssm_parameter.api_keys.arn]
  }

  statement {
    sid       = "WriteLogs"
    actions   = local.log_actions
    resources = local.log_stream_arns
  }

  # The agent of Session Manager looks for the group of sessions first, and this action knows no resource; without it the
  # session goes on without a log, which only the agent's own log tells.
  # https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/agentlogstocloudwatch/cloudwatchlogspublisher/cloudwatchlogsservice.go
  statement {
    sid       = "FindLogGroup"
    actions   = ["logs:DescribeLogGroups"]
    resources = ["*"]
  }

  # Not AmazonSSMManagedInstanceCore, which may read every parameter of the account.
  statement {
    sid       = "RegisterForSessions"
    actions   = ["ssm:UpdateInstanceInformation"]
    resources = [local.instance_arns]
  }

  # These actions know no resource: a session channel has no ARN.
  statement {
    sid       = "Sessions"
    actions   = local.session_actions
    resources = ["*"]
  }
}

# Flow logs -------------------------------------------------------------------

resource "aws_iam_role" "flow_logs" {
  name                 = "${local.name}-flow-logs-${var.region}"
  description          = "Writes the flow logs of ${local.name}"
  assume_role_policy   = data.aws_iam_policy_document.flow_logs_trust.json
  permissions_boundary = local.permissions_boundary
}

resource "aws_iam_role_policy" "flow_logs" {
  name   = "flow-logs"
  role   = aws_iam_role.flow_logs.id
  policy = data.aws_iam_policy_document.flow_logs.json
}

data "aws_iam_policy_document" "flow_logs_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "flow_logs" {
  statement {
    sid       = "WriteLogs"
    actions   = local.log_actions
    resources = ["${aws_cloudwatch_log_group.flow.arn}:*"]
  }

  # Flow logs look for their group first, and this action knows no resource; without it they stay away silently.
  # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
  statement {
    sid       = "FindLogGroup"
    actions   = ["logs:DescribeLogGroups"]
    resources = ["*"]
  }
}
