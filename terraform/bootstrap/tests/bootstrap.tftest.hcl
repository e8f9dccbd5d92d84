mock_provider "aws" {
  override_during = plan

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }

  mock_resource "aws_s3_bucket" {
    defaults = {
      arn = "arn:aws:s3:::saved-string-state"
    }
  }
}

variables {
  bucket = "saved-string-state"
}

run "state_is_not_public" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_public_access_block.state.block_public_acls && aws_s3_bucket_public_access_block.state.block_public_policy
      && aws_s3_bucket_public_access_block.state.ignore_public_acls && aws_s3_bucket_public_access_block.state.restrict_public_buckets
    )
    error_message = "Public access must be blocked in all four ways."
  }

  assert {
    condition     = one(aws_s3_bucket_ownership_controls.state.rule).object_ownership == "BucketOwnerEnforced"
    error_message = "The bucket must know no access control lists."
  }
}

run "state_is_encrypted" {
  command = plan

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "The state must be encrypted."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.state.statement).effect == "Deny" && one(one(data.aws_iam_policy_document.state.statement).condition).variable == "aws:SecureTransport" && one(one(data.aws_iam_policy_document.state.statement).condition).values == tolist(["false"])
    error_message = "The bucket must refuse everything without TLS."
  }
}

run "older_states_are_kept_for_a_while" {
  command = plan

  assert {
    condition     = one(aws_s3_bucket_versioning.state.versioning_configuration).status == "Enabled"
    error_message = "Every version of the state must be kept."
  }

  assert {
    condition     = one(one(aws_s3_bucket_lifecycle_configuration.state.rule).noncurrent_version_expiration).noncurrent_days == 90
    error_message = "Old versions must be forgotten after 90 days."
  }
}

run "says_what_to_type_next" {
  command = plan

  assert {
    condition     = output.init_command == "terraform init -backend-config=bucket=saved-string-state -backend-config=key=production/terraform.tfstate -backend-config=region=us-east-1"
    error_message = "The output must be the next command."
  }
}

run "bucket_must_be_a_name" {
  command = plan

  variables {
    bucket = "Saved_String"
  }

  expect_failures = [var.bucket]
}

run "region_must_be_a_region" {
  command = plan

  variables {
    region = "us-east-1a"
  }

  expect_failures = [var.region]
}

run "the_builder_is_reached_by_sessions_and_may_nothing_else" {
  command = plan

  assert {
    condition     = aws_iam_role.builder.name == "saved-string-image-builder" && aws_iam_instance_profile.builder.name == "saved-string-image-builder"
    error_message = "The builder's role and profile must have the name that Packer knows."
  }

  assert {
    condition = (
      toset(flatten([for statement in data.aws_iam_policy_document.builder.statement : statement.actions])) == toset([
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
      ])
    )
    error_message = "The builder must only be reached by Session Manager."
  }
}

run "there_is_a_policy_for_each_task" {
  command = plan

  assert {
    condition     = toset(keys(local.policies)) == toset([for file in fileset("policies", "*.json") : trimsuffix(file, ".json") if file != "bootstrap.json"])
    error_message = "Every file but the bootstrap's own must become a policy."
  }

  assert {
    condition     = alltrue([for text in values(local.policy_texts) : !can(regex("ACCOUNT|REGION|BUCKET|PARTITION", text)) && length(text) < 6144])
    error_message = "Every word in capitals must be filled in, and the policy must fit."
  }
}

run "without_a_repository_there_is_no_role_for_workflows" {
  command = plan

  assert {
    condition     = length(aws_iam_role.workflow) == 0 && length(aws_iam_openid_connect_provider.github) == 0
    error_message = "Nobody must be trusted unasked."
  }
}

run "workflows_are_trusted_by_their_environment_alone" {
  command = plan

  variables {
    github_repository = "owner/repository"
  }

  assert {
    condition = (
      { for name, document in data.aws_iam_policy_document.workflow_trust : name => one([
        for condition in document.statement[0].condition : one(condition.values) if endswith(condition.variable, ":sub")
      ]) } == { image = "repo:owner/repository:environment:image", deploy = "repo:owner/repository:environment:production" }
    )
    error_message = "Each role must trust one environment of one repository."
  }

  assert {
    condition     = toset(keys(aws_iam_role_policy_attachment.workflow)) == toset(["image", "deploy-compute", "deploy-store", "deploy-services"])
    error_message = "The workflows must have what they need."
  }
}

run "github_repository_must_be_owner_and_name" {
  command = plan

  variables {
    github_repository = "https://example.org/owner/repository"
  }

  expect_failures = [var.github_repository]
}
