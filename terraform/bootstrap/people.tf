# What people and workflows may do, as managed policies to attach to their roles: an image, a deployment, or its keys.

locals {
  policies = {
    # Not to be attached: whoever rolls out can give a role to an instance, but none that may do more than this.
    boundary        = "The most that a machine of Saved String may do"
    image           = "Builds images of Saved String"
    deploy-compute  = "Rolls Saved String out: network, instances, load balancer"
    deploy-store    = "Rolls Saved String out: store"
    deploy-services = "Rolls Saved String out: logs, alarms, names, state"
    keys            = "Adds and revokes API keys of Saved String"
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

resource "aws_iam_policy" "people" {
  for_each = local.policies

  # One set for each region, because each is limited to its own.
  name        = "saved-string-${each.key}-${var.region}"
  description = each.value
  policy      = local.policy_texts[each.key]
}

locals {
  policy_texts = {
    for name in keys(local.policies) : name => jsonencode(jsondecode(
      replace(replace(replace(replace(file("${path.module}/policies/${name}.json"),
        "PARTITION", data.aws_partition.current.partition),
        "ACCOUNT", data.aws_caller_identity.current.account_id),
        "REGION", var.region),
      "BUCKET", var.bucket)
    ))
  }
}

# The workflows of .github, which come without a key: AWS trusts GitHub's word for which repository asks, and for what.
# https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws

locals {
  workflow_policies = {
    image  = ["image"]
    deploy = ["deploy-compute", "deploy-store", "deploy-services"]
  }
  workflow_subjects = {
    image  = "environment:image"
    deploy = "environment:production"
  }
  workflows = var.github_repository == null ? {} : local.workflow_policies
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.github_repository == null ? 0 : 1

  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

data "aws_iam_policy_document" "workflow_trust" {
  for_each = local.workflows

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = aws_iam_openid_connect_provider.github[*].arn
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:${var.github_repository}:${local.workflow_subjects[each.key]}"]
    }
  }
}

resource "aws_iam_role" "workflow" {
  for_each = local.workflows

  name                 = "saved-string-workflow-${each.key}-${var.region}"
  description          = "The workflow of ${var.github_repository} that makes: ${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.workflow_trust[each.key].json
  max_session_duration = 7200
}

resource "aws_iam_role_policy_attachment" "workflow" {
  for_each = merge([for workflow, policies in local.workflows : { for policy in policies : policy => workflow }]...)

  role       = aws_iam_role.workflow[each.value].name
  policy_arn = aws_iam_policy.people[each.key].arn
}
