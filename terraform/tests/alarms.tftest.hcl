mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  image_id        = "ami-0123456789abcdef0"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/given"
}

run "every_alarm_tells_the_topic_and_describes_itself" {
  command = plan

  assert {
    condition     = alltrue([for alarm in concat([aws_cloudwatch_metric_alarm.server_errors], values(aws_cloudwatch_metric_alarm.metric), values(aws_cloudwatch_metric_alarm.store)) : alarm.alarm_actions == toset([aws_sns_topic.alarms.arn])])
    error_message = "Every alarm must go to the topic."
  }

  assert {
    condition     = alltrue([for alarm in concat([aws_cloudwatch_metric_alarm.server_errors], values(aws_cloudwatch_metric_alarm.metric), values(aws_cloudwatch_metric_alarm.store)) : length(alarm.alarm_description) > 40])
    error_message = "Every alarm must say what it means."
  }

  assert {
    condition     = length(distinct([for alarm in concat([aws_cloudwatch_metric_alarm.server_errors], values(aws_cloudwatch_metric_alarm.metric), values(aws_cloudwatch_metric_alarm.store)) : alarm.alarm_name])) == 13
    error_message = "There must be thirteen alarms."
  }
}

run "the_topic_tells_every_address" {
  command = plan

  variables {
    alarm_emails = ["one@example.org", "two@example.org"]
  }

  assert {
    condition     = toset([for subscription in aws_sns_topic_subscription.email : subscription.endpoint]) == toset(["one@example.org", "two@example.org"])
    error_message = "Every address must be subscribed."
  }

  assert {
    condition     = alltrue([for subscription in aws_sns_topic_subscription.email : subscription.protocol == "email" && subscription.topic_arn == aws_sns_topic.alarms.arn])
    error_message = "They must be told by e-mail."
  }
}

run "errors_alarm_from_one_percent" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.server_errors.threshold == 1 && aws_cloudwatch_metric_alarm.server_errors.comparison_operator == "GreaterThanThreshold"
    error_message = "More than one percent of errors must alarm."
  }

  assert {
    condition     = toset([for query in aws_cloudwatch_metric_alarm.server_errors.metric_query : one(query.metric).metric_name if query.id != "percentage"]) == toset(["RequestCount", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"])
    error_message = "Errors of the instances and of the load balancer must count."
  }
}

run "latency_alarms_from_one_second" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["latency"].metric_name == "TargetResponseTime" && aws_cloudwatch_metric_alarm.metric["latency"].extended_statistic == "p99" && aws_cloudwatch_metric_alarm.metric["latency"].threshold == 1
    error_message = "A 99th percentile above one second must alarm."
  }
}

run "a_lost_version_alarms" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["version-lost"].metric_name == "saved_string_store_versions_lost_total" && aws_cloudwatch_metric_alarm.metric["version-lost"].threshold == 0 && aws_cloudwatch_metric_alarm.metric["version-lost"].evaluation_periods == 1
    error_message = "One lost version must alarm at once."
  }
}

run "a_missing_instance_alarms" {
  command = plan

  variables {
    instance_count_min = 3
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["healthy-instances"].threshold == 3 && aws_cloudwatch_metric_alarm.metric["healthy-instances"].comparison_operator == "LessThanThreshold"
    error_message = "Fewer healthy instances than asked for must alarm."
  }
}

# An alarm is made before what it watches. One that rang then would tell of nothing, and stop the next rollout.
run "no_alarm_rings_before_there_is_anything_to_watch" {
  command = plan

  assert {
    condition     = alltrue([for alarm in concat([aws_cloudwatch_metric_alarm.server_errors], values(aws_cloudwatch_metric_alarm.metric), values(aws_cloudwatch_metric_alarm.store)) : alarm.treat_missing_data != "breaching"])
    error_message = "Missing data must not ring an alarm."
  }

  assert {
    condition     = alltrue([for alarm in [aws_cloudwatch_metric_alarm.metric["healthy-instances"], aws_cloudwatch_metric_alarm.store["primary"]] : alarm.insufficient_data_actions == toset([aws_sns_topic.alarms.arn])])
    error_message = "A word that ends must be told."
  }

  assert {
    condition     = alltrue([for alarm in [aws_cloudwatch_metric_alarm.metric["healthy-instances"], aws_cloudwatch_metric_alarm.metric["unhealthy-instances"]] : alarm.evaluation_periods * alarm.period >= aws_autoscaling_group.application.health_check_grace_period])
    error_message = "An instance may take as long as its grace period to start."
  }

  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.server_errors.metric_query : query.expression if query.return_data == true]) == "100 * (FILL(target, 0) + IF(requests >= 10, FILL(balancer, 0), 0)) / requests"
    error_message = "A look at a page without instances must not ring."
  }
}

run "an_unhealthy_instance_alarms" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["unhealthy-instances"].metric_name == "UnHealthyHostCount" && aws_cloudwatch_metric_alarm.metric["unhealthy-instances"].threshold == 0 && aws_cloudwatch_metric_alarm.metric["unhealthy-instances"].comparison_operator == "GreaterThanThreshold"
    error_message = "Any unhealthy instance must alarm."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["unhealthy-instances"].dimensions.TargetGroup == aws_lb_target_group.application.arn_suffix
    error_message = "The instances must be those of the page."
  }
}

run "a_failover_of_the_store_alarms" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.store["failover"].threshold == 0 && aws_cloudwatch_metric_alarm.store["failover"].comparison_operator == "GreaterThanThreshold" && aws_cloudwatch_metric_alarm.store["failover"].evaluation_periods == 1
    error_message = "One change of a role must alarm at once."
  }

  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.store["failover"].metric_query : query.expression if query.return_data == true]) == "SUM(ABS(DIFF(METRICS())))"
    error_message = "Changes of role must be counted."
  }

  assert {
    condition     = alltrue([for query in aws_cloudwatch_metric_alarm.store["failover"].metric_query : one(query.metric).metric_name == "IsMaster" if query.return_data != true])
    error_message = "A node's role must be what is looked at."
  }
}

run "a_store_that_is_full_or_behind_or_busy_alarms" {
  command = plan

  assert {
    condition = (
      { for name in ["cpu", "memory", "replication-lag"] : name => aws_cloudwatch_metric_alarm.store[name].threshold } == {
        cpu             = 80
        memory          = 80
        replication-lag = 2
      }
    )
    error_message = "80 % of the memory or the processor and two seconds behind must be the bounds."
  }

  assert {
    condition = (
      { for name in ["cpu", "memory", "replication-lag"] : name => one(distinct([for query in aws_cloudwatch_metric_alarm.store[name].metric_query : one(query.metric).metric_name if query.return_data != true])) } == {
        cpu             = "EngineCPUUtilization"
        memory          = "DatabaseMemoryUsagePercentage"
        replication-lag = "ReplicationLag"
      }
    )
    error_message = "Each must look at its own metric."
  }

  assert {
    condition     = alltrue([for alarm in [for name in ["cpu", "memory", "replication-lag"] : aws_cloudwatch_metric_alarm.store[name]] : alarm.comparison_operator == "GreaterThanThreshold" && one([for query in alarm.metric_query : query.expression if query.return_data == true]) == "MAX(METRICS())"])
    error_message = "The worst node must decide."
  }
}

run "every_node_of_the_store_is_watched" {
  command = plan

  assert {
    condition = (
      alltrue([for alarm in values(aws_cloudwatch_metric_alarm.store) :
        toset([for query in alarm.metric_query : one(query.metric).dimensions.CacheClusterId if query.return_data != true]) == toset([
          "saved-string-production-0001-001", "saved-string-production-0001-002", "saved-string-production-0001-003",
      ])])
    )
    error_message = "All three nodes must be watched."
  }

  assert {
    condition = (
      toset([for alarm in aws_cloudwatch_metric_alarm.store : alarm.alarm_name]) == toset([
        "saved-string-production-store-cpu", "saved-string-production-store-memory", "saved-string-production-store-replication-lag",
        "saved-string-production-store-primary", "saved-string-production-store-failover",
      ])
    )
    error_message = "Processor, memory, replication lag and who is primary must be watched."
  }
}

run "a_store_without_primary_alarms" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.store["primary"].threshold == 1 && aws_cloudwatch_metric_alarm.store["primary"].comparison_operator == "LessThanThreshold"
    error_message = "No primary must alarm."
  }
}

run "an_expiring_certificate_alarms" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.metric["certificate"].metric_name == "DaysToExpiry" && aws_cloudwatch_metric_alarm.metric["certificate"].threshold == 21 && aws_cloudwatch_metric_alarm.metric["certificate"].dimensions.CertificateArn == var.certificate_arn
    error_message = "A certificate that ends within 21 days must alarm."
  }
}

run "a_refused_list_of_keys_and_a_burst_of_refused_sign_ins_alarm" {
  command = plan

  assert {
    condition = (
      { for name, filter in aws_cloudwatch_log_metric_filter.keys : name => [filter.log_group_name, filter.pattern] } == {
        keys-refused = ["/saved-string/production", "{ $.message = \"API keys refused*\" }"]
        sign-ins     = ["/saved-string/production/metrics", "{ ($.saved_string_sign_ins_total > 0) && ($.outcome != \"accepted\") }"]
      }
    )
    error_message = "What instances of this environment say must be counted."
  }

  assert {
    condition = (
      { for name, alarm in aws_cloudwatch_metric_alarm.metric : name => [alarm.namespace, alarm.metric_name, alarm.statistic, alarm.threshold] if alarm.statistic == "Sum" } == {
        keys-refused = ["saved-string-production", "keys-refused", "Sum", 0]
        sign-ins     = ["saved-string-production", "sign-ins", "Sum", 100]
      }
    )
    error_message = "Any refused list, and more than a hundred refused sign-ins, must alarm."
  }

  assert {
    condition     = one(aws_cloudwatch_log_metric_filter.keys["sign-ins"].metric_transformation).value == "$.saved_string_sign_ins_total"
    error_message = "As many must count as there were."
  }
}

run "the_dashboard_shows_every_alarm_and_the_application" {
  command = plan

  assert {
    condition     = length(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.main.dashboard_body).widgets : widget.properties.alarms if widget.type == "alarm"])) == 13
    error_message = "The dashboard must show every alarm."
  }

  assert {
    condition     = strcontains(aws_cloudwatch_dashboard.main.dashboard_body, "SEARCH('{SavedString,job}")
    error_message = "The dashboard must show what the application measures."
  }
}
