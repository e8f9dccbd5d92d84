mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  image_id        = "ami-0123456789abcdef0"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/given"
}

run "instance_metadata_needs_a_session_token" {
  command = plan

  assert {
    condition     = one(aws_launch_template.application.metadata_options).http_tokens == "required"
    error_message = "IMDSv2 must be required."
  }
}

run "instance_metadata_is_one_hop_away" {
  command = plan

  assert {
    condition     = one(aws_launch_template.application.metadata_options).http_put_response_hop_limit == 1
    error_message = "The hop limit must be 1."
  }
}

run "instances_have_no_key_pair" {
  command = plan

  assert {
    condition     = aws_launch_template.application.key_name == null || aws_launch_template.application.key_name == ""
    error_message = "There must be no key pair."
  }
}

run "volumes_are_encrypted" {
  command = plan

  assert {
    condition     = alltrue([for device in aws_launch_template.application.block_device_mappings : one(device.ebs).encrypted == "true" && one(device.ebs).volume_type == "gp3"])
    error_message = "Every volume must be encrypted gp3."
  }

  assert {
    condition     = length(aws_launch_template.application.block_device_mappings) == 1
    error_message = "There must be one volume."
  }
}

run "instances_run_the_given_image" {
  command = plan

  assert {
    condition     = aws_launch_template.application.image_id == "ami-0123456789abcdef0" && output.image_id == "ami-0123456789abcdef0"
    error_message = "The image must be the given one."
  }
}

run "user_data_writes_three_files" {
  command = plan

  assert {
    condition     = startswith(base64decode(aws_launch_template.application.user_data), "#cloud-config\n")
    error_message = "User data must be read by cloud-init."
  }

  assert {
    condition = (
      [for file in yamldecode(base64decode(aws_launch_template.application.user_data)).write_files : file.path] == [
        "/etc/saved-string/agent.environment",
        "/etc/saved-string/environment",
        "/etc/saved-string/keys.environment",
      ]
    )
    error_message = "User data must write the three files of settings."
  }
}

run "user_data_tells_the_application_its_store" {
  command = plan

  assert {
    condition = (
      yamldecode(base64decode(aws_launch_template.application.user_data)).write_files[1].content == join("\n", [
        "SAVED_STRING_DRAIN_DELAY=15s",
        "SAVED_STRING_HTTP_PORT=8080",
        "SAVED_STRING_HTTP_TRUSTED_PROXIES=1",
        "SAVED_STRING_KEYS_FILE=/run/saved-string/keys",
        "SAVED_STRING_STORE=valkey",
        "SAVED_STRING_VALKEY_ADDRESS=clustercfg.store.example:6379",
        "SAVED_STRING_VALKEY_CONFIRMING_REPLICAS=1",
        "SAVED_STRING_VALKEY_IAM_REGION=us-east-1",
        "SAVED_STRING_VALKEY_IAM_REPLICATION_GROUP=saved-string-production",
        "SAVED_STRING_VALKEY_TLS=true",
        "SAVED_STRING_VALKEY_USERNAME=saved-string-production-app",
        "",
      ])
    )
    error_message = "The settings of the application must be exactly these."
  }
}

run "user_data_tells_where_keys_and_logs_are" {
  command = plan

  assert {
    condition     = yamldecode(base64decode(aws_launch_template.application.user_data)).write_files[2].content == "AWS_REGION=us-east-1\nSAVED_STRING_KEYS_PARAMETER=/saved-string/production/api-keys\n"
    error_message = "The settings of the keys must be exactly these."
  }

  assert {
    condition     = yamldecode(base64decode(aws_launch_template.application.user_data)).write_files[0].content == "AWS_REGION=us-east-1\nSAVED_STRING_LOG_GROUP=/saved-string/production\n"
    error_message = "The settings of the agent must be exactly these."
  }
}

run "user_data_holds_no_secret" {
  command = plan

  assert {
    condition     = !can(regex("(?i)password|secret|token|credential|sstr_|AKIA|[0-9a-f]{64}", base64decode(aws_launch_template.application.user_data)))
    error_message = "User data must hold no secret."
  }
}

run "two_instances_over_three_zones_by_default" {
  command = plan

  assert {
    condition     = aws_autoscaling_group.application.min_size == 2 && aws_autoscaling_group.application.max_size == 4
    error_message = "Two to four instances must run."
  }

  assert {
    condition     = length(distinct([for subnet in aws_subnet.application : subnet.availability_zone])) == 3
    error_message = "They must spread over three zones."
  }
}

run "the_load_balancer_decides_who_is_healthy" {
  command = plan

  assert {
    condition     = aws_autoscaling_group.application.health_check_type == "ELB" && aws_autoscaling_group.application.target_group_arns == toset([aws_lb_target_group.application.arn])
    error_message = "An instance that the load balancer finds unhealthy must be replaced."
  }
}

run "a_new_image_replaces_every_instance" {
  command = plan

  assert {
    condition     = one(aws_autoscaling_group.application.launch_template).version == "7"
    error_message = "The group must name the launch template version: with $Latest a new one replaces nothing."
  }

  assert {
    condition     = one(aws_autoscaling_group.application.launch_template).id == aws_launch_template.application.id
    error_message = "The group must use the launch template."
  }
}

run "replacing_never_lowers_the_number_of_instances" {
  command = plan

  assert {
    condition     = one(one(aws_autoscaling_group.application.instance_refresh).preferences).min_healthy_percentage == 100 && one(one(aws_autoscaling_group.application.instance_refresh).preferences).max_healthy_percentage == 200
    error_message = "A refresh must start the new instance first."
  }

  assert {
    condition     = one(aws_autoscaling_group.application.instance_maintenance_policy).min_healthy_percentage == 100 && one(aws_autoscaling_group.application.instance_maintenance_policy).max_healthy_percentage == 200
    error_message = "Every other replacement must start the new instance first too."
  }

  assert {
    condition     = one(aws_autoscaling_group.application.instance_refresh).strategy == "Rolling"
    error_message = "A refresh must go instance by instance."
  }
}

run "alarms_stop_a_rollout" {
  command = plan

  assert {
    condition = (
      one(one(one(aws_autoscaling_group.application.instance_refresh).preferences).alarm_specification).alarms == tolist([
        "saved-string-production-server-errors",
        "saved-string-production-latency",
        "saved-string-production-healthy-instances",
      ])
    )
    error_message = "Errors, latency and missing instances must stop a rollout."
  }

  assert {
    condition     = one(one(aws_autoscaling_group.application.instance_refresh).preferences).auto_rollback != true
    error_message = "An automatic rollback would return to the same launch template version."
  }
}

run "a_cure_can_be_rolled_out_under_an_alarm" {
  command = plan

  variables {
    refresh_stops_on_alarm = false
  }

  assert {
    condition     = length(one(one(aws_autoscaling_group.application.instance_refresh).preferences).alarm_specification) == 0
    error_message = "Alarms must not stop this rollout."
  }
}

run "load_adds_instances" {
  command = plan

  assert {
    condition     = aws_autoscaling_policy.cpu.policy_type == "TargetTrackingScaling" && one(aws_autoscaling_policy.cpu.target_tracking_configuration).target_value == 50
    error_message = "The group must follow the load of its processors."
  }
}

run "an_instance_has_time_to_start_before_it_is_judged" {
  command = plan

  assert {
    condition     = aws_autoscaling_group.application.health_check_grace_period >= 180
    error_message = "An instance needs up to three minutes: its volume comes from S3 as it is read."
  }
}

run "who_looks_at_an_instance_is_not_disturbed_by_a_refresh" {
  command = plan

  assert {
    condition     = one(one(aws_autoscaling_group.application.instance_refresh).preferences).standby_instances == "Ignore" && one(one(aws_autoscaling_group.application.instance_refresh).preferences).scale_in_protected_instances == "Ignore"
    error_message = "Standby and protected instances must be left alone."
  }
}

run "a_burstable_type_says_that_it_is_not_slowed_down" {
  command = plan

  assert {
    condition     = one(aws_launch_template.application.credit_specification).cpu_credits == "unlimited"
    error_message = "A t4g instance must run unlimited."
  }
}

run "another_type_knows_no_credits" {
  command = plan

  variables {
    instance_type = "m7g.medium"
  }

  assert {
    condition     = length(aws_launch_template.application.credit_specification) == 0
    error_message = "AWS refuses credits for a type that has none."
  }
}
