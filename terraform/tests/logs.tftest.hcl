mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  image_id        = "ami-0123456789abcdef0"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/given"
}

run "every_log_has_a_retention" {
  command = plan

  assert {
    condition     = alltrue([for group in [aws_cloudwatch_log_group.application, aws_cloudwatch_log_group.metrics, aws_cloudwatch_log_group.store, aws_cloudwatch_log_group.flow, aws_cloudwatch_log_group.sessions] : group.retention_in_days == 30])
    error_message = "Every log group must forget after 30 days."
  }

  assert {
    condition     = one(aws_s3_bucket_lifecycle_configuration.access_logs.rule).status == "Enabled" && one(one(aws_s3_bucket_lifecycle_configuration.access_logs.rule).expiration).days == 30
    error_message = "Access logs must be forgotten after 30 days."
  }
}

run "retention_can_be_chosen" {
  command = plan

  variables {
    log_retention_days = 90
  }

  assert {
    condition     = alltrue([for group in [aws_cloudwatch_log_group.application, aws_cloudwatch_log_group.metrics, aws_cloudwatch_log_group.store, aws_cloudwatch_log_group.flow, aws_cloudwatch_log_group.sessions] : group.retention_in_days == 90])
    error_message = "Every log group must forget after 90 days."
  }

  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.access_logs.rule).expiration).days == 90
    error_message = "Access logs must be forgotten after 90 days."
  }
}

run "log_groups_have_the_names_that_the_image_knows" {
  command = plan

  assert {
    condition     = aws_cloudwatch_log_group.application.name == "/saved-string/production" && aws_cloudwatch_log_group.metrics.name == "/saved-string/production/metrics"
    error_message = "The groups must have the names that the agent writes to."
  }

  assert {
    condition     = output.log_group_name == "/saved-string/production"
    error_message = "The output must name the group."
  }
}

run "shells_are_logged_as_they_are_typed" {
  command = plan

  assert {
    condition     = aws_ssm_document.shell.document_type == "Session" && aws_ssm_document.shell.name == "saved-string-production-shell" && output.shell_document_name == aws_ssm_document.shell.name
    error_message = "A shell must have a document of its own, which the rollout knows."
  }

  assert {
    condition = (
      jsondecode(aws_ssm_document.shell.content).inputs.cloudWatchLogGroupName == "/saved-string/production/sessions"
      && jsondecode(aws_ssm_document.shell.content).inputs.cloudWatchStreamingEnabled
    )
    error_message = "What is typed must go to the group of the sessions at once."
  }

  assert {
    condition     = !jsondecode(aws_ssm_document.shell.content).inputs.cloudWatchEncryptionEnabled
    error_message = "Without a key of our own the agent must not ask for one, or no session starts."
  }

  assert {
    condition     = tonumber(jsondecode(aws_ssm_document.shell.content).inputs.idleSessionTimeout) == 20 && tonumber(jsondecode(aws_ssm_document.shell.content).inputs.maxSessionDuration) == 480
    error_message = "A forgotten shell must end."
  }
}

run "flow_logs_cover_the_whole_network" {
  command = plan

  assert {
    condition     = aws_flow_log.main.traffic_type == "ALL" && aws_flow_log.main.vpc_id == aws_vpc.main.id && aws_flow_log.main.log_destination == aws_cloudwatch_log_group.flow.arn
    error_message = "Accepted and refused traffic of the whole network must be logged."
  }
}

run "access_logs_are_not_public" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_public_access_block.access_logs.block_public_acls && aws_s3_bucket_public_access_block.access_logs.block_public_policy
      && aws_s3_bucket_public_access_block.access_logs.ignore_public_acls && aws_s3_bucket_public_access_block.access_logs.restrict_public_buckets
    )
    error_message = "Public access must be blocked in all four ways."
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.access_logs.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "The bucket must know no access control lists."
  }
}

run "access_logs_are_encrypted" {
  command = plan

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.access_logs.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Access logs must be encrypted."
  }

  assert {
    condition     = data.aws_iam_policy_document.access_logs.statement[1].effect == "Deny" && one(data.aws_iam_policy_document.access_logs.statement[1].condition).variable == "aws:SecureTransport" && one(data.aws_iam_policy_document.access_logs.statement[1].condition).values == tolist(["false"])
    error_message = "The bucket must refuse everything without TLS."
  }
}

run "only_load_balancers_of_this_account_write_access_logs" {
  command = plan

  assert {
    condition     = data.aws_iam_policy_document.access_logs.statement[0].actions == toset(["s3:PutObject"]) && one(data.aws_iam_policy_document.access_logs.statement[0].principals).identifiers == toset(["logdelivery.elasticloadbalancing.amazonaws.com"])
    error_message = "Only load balancers may write."
  }

  assert {
    condition     = data.aws_iam_policy_document.access_logs.statement[0].resources == toset(["${aws_s3_bucket.access_logs.arn}/AWSLogs/123456789012/*"])
    error_message = "Only below this account's number."
  }

  assert {
    condition     = length(data.aws_iam_policy_document.access_logs.statement[0].condition) == 0
    error_message = "A condition on the source has been seen to refuse the delivery."
  }
}
