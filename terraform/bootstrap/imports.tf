# What an earlier run made, also one that was cut off between making a thing and noting it, or one in another region or
# another checkout: it is taken over. The bucket's settings and the role's policy need no import, for making them again
# is setting them.

locals {
  arn_prefix = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}"
}

import {
  for_each = setintersection(var.existing, ["bucket"])
  to       = aws_s3_bucket.state
  id       = var.bucket
}

import {
  for_each = setintersection(var.existing, ["role"])
  to       = aws_iam_role.builder
  id       = "saved-string-image-builder"
}

import {
  for_each = setintersection(var.existing, ["instance-profile"])
  to       = aws_iam_instance_profile.builder
  id       = "saved-string-image-builder"
}

import {
  for_each = setintersection(var.existing, keys(local.policies))
  to       = aws_iam_policy.people[each.key]
  id       = "${local.arn_prefix}:policy/saved-string-${each.key}-${var.region}"
}

import {
  for_each = { for workflow in keys(local.workflows) : workflow => workflow if contains(var.existing, "workflow-${workflow}") }
  to       = aws_iam_role.workflow[each.key]
  id       = "saved-string-workflow-${each.key}-${var.region}"
}

import {
  for_each = var.github_repository == null ? [] : setintersection(var.existing, ["github"])
  to       = aws_iam_openid_connect_provider.github[0]
  id       = "${local.arn_prefix}:oidc-provider/token.actions.githubusercontent.com"
}
