mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  image_id        = "ami-0123456789abcdef0"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/given"
}

run "instances_sign_in_to_their_store_as_their_user_and_nothing_else" {
  command = plan

  assert {
    condition     = data.aws_iam_policy_document.instance.statement[0].actions == toset(["elasticache:Connect"])
    error_message = "The statement must allow to sign in."
  }

  assert {
    condition     = data.aws_iam_policy_document.instance.statement[0].resources == toset([aws_elasticache_replication_group.store.arn, aws_elasticache_user.application.arn])
    error_message = "Sign-in must be limited to the store and the user."
  }
}

run "instances_read_one_parameter" {
  command = plan

  assert {
    condition     = data.aws_iam_policy_document.instance.statement[1].actions == toset(["ssm:GetParameter"]) && data.aws_iam_policy_document.instance.statement[1].resources == toset([aws_ssm_parameter.api_keys.arn])
    error_message = "Instances must read the parameter with the keys and no other."
  }
}

run "instances_write_only_their_log_groups" {
  command = plan

  assert {
    condition     = data.aws_iam_policy_document.instance.statement[2].actions == toset(["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"])
    error_message = "Instances must only write logs."
  }

  assert {
    condition     = data.aws_iam_policy_document.instance.statement[2].resources == toset([for group in [aws_cloudwatch_log_group.application, aws_cloudwatch_log_group.metrics, aws_cloudwatch_log_group.sessions] : "${group.arn}:*"])
    error_message = "Instances must write to their own log groups."
  }

  assert {
    condition     = data.aws_iam_policy_document.instance.statement[3].actions == toset(["logs:DescribeLogGroups"]) && data.aws_iam_policy_document.endpoint_logs.statement[1].actions == toset(["logs:DescribeLogGroups"])
    error_message = "The agent of Session Manager must find the group of the sessions, through the endpoint."
  }
}

run "session_manager_gets_what_it_needs_and_no_parameters" {
  command = plan

  assert {
    condition     = data.aws_iam_policy_document.instance.statement[4].actions == toset(["ssm:UpdateInstanceInformation"]) && data.aws_iam_policy_document.instance.statement[4].resources == toset(["arn:aws:ec2:us-east-1:123456789012:instance/*"])
    error_message = "Instances must register for sessions."
  }

  assert {
    condition     = data.aws_iam_policy_document.instance.statement[5].actions == toset(local.session_actions) && alltrue([for action in local.session_actions : startswith(action, "ssmmessages:")])
    error_message = "Instances must open session channels."
  }

  assert {
    condition     = length(data.aws_iam_policy_document.instance.statement) == 6
    error_message = "There must be no further permission."
  }
}

run "no_allowed_action_is_a_wildcard" {
  command = plan

  assert {
    condition = (
      alltrue(flatten([
        for document in [data.aws_iam_policy_document.instance, data.aws_iam_policy_document.instance_trust, data.aws_iam_policy_document.flow_logs, data.aws_iam_policy_document.flow_logs_trust, data.aws_iam_policy_document.endpoint_ssm, data.aws_iam_policy_document.endpoint_ssmmessages, data.aws_iam_policy_document.endpoint_logs, data.aws_iam_policy_document.endpoint_s3, data.aws_iam_policy_document.access_logs] :
        [for statement in document.statement : [for action in statement.actions : !strcontains(action, "*") || statement.effect == "Deny"]]
      ]))
    )
    error_message = "No statement may allow an action with a wildcard."
  }
}

run "no_allowed_resource_is_everything_but_for_what_has_no_arn" {
  command = plan

  assert {
    condition = (
      alltrue(flatten([
        for document in [data.aws_iam_policy_document.instance, data.aws_iam_policy_document.flow_logs, data.aws_iam_policy_document.endpoint_ssm, data.aws_iam_policy_document.endpoint_ssmmessages, data.aws_iam_policy_document.endpoint_logs, data.aws_iam_policy_document.endpoint_s3, data.aws_iam_policy_document.access_logs] :
        [for statement in document.statement : !contains(statement.resources, "*") || contains(["Sessions", "FindLogGroup"], statement.sid)]
      ]))
    )
    error_message = "Only session channels and the search for a log group, which have no ARN, may be allowed on everything."
  }
}

run "only_ec2_becomes_an_instance" {
  command = plan

  assert {
    condition     = one(data.aws_iam_policy_document.instance_trust.statement[0].principals).identifiers == toset(["ec2.amazonaws.com"])
    error_message = "Only EC2 may take the role of an instance."
  }
}

run "flow_logs_write_their_group_for_this_account_only" {
  command = plan

  assert {
    condition     = one(data.aws_iam_policy_document.flow_logs_trust.statement[0].condition).values == tolist(["123456789012"])
    error_message = "Only this account's flow logs may take the role."
  }

  assert {
    condition     = data.aws_iam_policy_document.flow_logs.statement[0].resources == toset(["${aws_cloudwatch_log_group.flow.arn}:*"])
    error_message = "Flow logs must write to their own group."
  }

  assert {
    condition     = data.aws_iam_policy_document.flow_logs.statement[1].actions == toset(["logs:DescribeLogGroups"]) && data.aws_iam_policy_document.flow_logs.statement[1].resources == toset(["*"])
    error_message = "Flow logs must find their group."
  }
}

run "endpoints_serve_the_instances_role_only" {
  command = plan

  assert {
    condition = (
      alltrue(flatten([
        for document in [data.aws_iam_policy_document.endpoint_ssm, data.aws_iam_policy_document.endpoint_ssmmessages, data.aws_iam_policy_document.endpoint_logs] :
        [for statement in document.statement : one(statement.principals).identifiers == toset([aws_iam_role.instance.arn])]
      ]))
    )
    error_message = "The endpoints must serve the role of the instances."
  }

  assert {
    condition     = data.aws_iam_policy_document.endpoint_s3.statement[0].resources == toset(["arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*"]) && data.aws_iam_policy_document.endpoint_s3.statement[0].actions == toset(["s3:GetObject"])
    error_message = "The S3 endpoint must only read the packages of Amazon Linux."
  }
}

run "the_parameter_of_the_keys_is_encrypted_and_its_value_unknown_to_the_state" {
  command = plan

  assert {
    condition     = aws_ssm_parameter.api_keys.type == "SecureString" && aws_ssm_parameter.api_keys.name == "/saved-string/production/api-keys"
    error_message = "The parameter must be encrypted, under its known name."
  }

  assert {
    condition     = aws_ssm_parameter.api_keys.value_wo == null && aws_ssm_parameter.api_keys.value_wo_version == 1
    error_message = "No value may be kept."
  }
}

run "no_role_can_be_given_more_than_its_boundary" {
  command = plan

  assert {
    condition     = alltrue([for role in [aws_iam_role.instance, aws_iam_role.flow_logs] : role.permissions_boundary == "arn:aws:iam::123456789012:policy/saved-string-boundary-us-east-1"])
    error_message = "Every role must have the boundary that the bootstrap made."
  }
}
