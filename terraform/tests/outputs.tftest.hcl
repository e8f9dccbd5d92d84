mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  image_id        = "ami-0123456789abcdef0"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/given"
}

run "outputs_name_what_the_rollout_needs" {
  command = plan

  assert {
    condition     = output.autoscaling_group_name == "saved-string-production"
    error_message = "The group must be named."
  }

  assert {
    condition     = output.api_keys_parameter_name == "/saved-string/production/api-keys"
    error_message = "The parameter must be named."
  }

  assert {
    condition     = output.load_balancer_dns_name == "balancer.example" && output.region == "us-east-1"
    error_message = "The load balancer and the region must be named."
  }

  assert {
    condition     = output.replication_group_id == "saved-string-production" && output.alarm_topic_arn == aws_sns_topic.alarms.arn
    error_message = "The store and the topic must be named."
  }
}

run "commands_can_be_typed_as_they_are" {
  command = plan

  assert {
    condition     = output.commands.show == "curl https://balancer.example/"
    error_message = "The page must be shown by a command."
  }

  assert {
    condition     = alltrue([for command in values(output.commands) : !strcontains(command, "null")])
    error_message = "No command may have a hole."
  }
}

run "another_environment_shares_no_name" {
  command = plan

  variables {
    environment = "staging"
  }

  assert {
    condition     = output.autoscaling_group_name == "saved-string-staging" && output.api_keys_parameter_name == "/saved-string/staging/api-keys" && output.log_group_name == "/saved-string/staging" && output.replication_group_id == "saved-string-staging"
    error_message = "Every name must tell the environment."
  }
}
