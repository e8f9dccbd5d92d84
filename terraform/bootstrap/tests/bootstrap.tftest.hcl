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
