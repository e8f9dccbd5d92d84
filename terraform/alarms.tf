# What hurts users, or is about to. Each goes to one topic, and from there by e-mail.

resource "aws_sns_topic" "alarms" {
  # Not encrypted with a key: CloudWatch can't use the one that AWS manages, and an alarm tells nothing secret.
  name = "${local.name}-alarms"
}

resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.alarm_emails)

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.value
}

locals {
  alarm_actions = [aws_sns_topic.alarms.arn]

  # Any of them stops a rollout.
  rollout_alarms = [
    aws_cloudwatch_metric_alarm.server_errors.alarm_name,
    aws_cloudwatch_metric_alarm.metric["latency"].alarm_name,
    aws_cloudwatch_metric_alarm.metric["healthy-instances"].alarm_name,
  ]

  load_balancer_dimensions = { LoadBalancer = aws_lb.main.arn_suffix }
  target_group_dimensions  = merge(local.load_balancer_dimensions, { TargetGroup = aws_lb_target_group.application.arn_suffix })
  # As ids of metrics in an expression.
  store_node_dimensions = { for number, id in local.store_node_ids : "node${number + 1}" => { CacheClusterId = id } }
}

# Visitors and writers --------------------------------------------------------

# The load balancer's own errors count from ten requests a minute: whoever looks at the page while the first instances
# start, as make deploy does six times a minute, must not ring it and so stop the next rollout.
resource "aws_cloudwatch_metric_alarm" "server_errors" {
  alarm_name          = "${local.name}-server-errors"
  alarm_description   = "More than 1 % of the requests fail, in three of five minutes. See the load balancer's 5xx and the log group ${local.namespace}."
  alarm_actions       = local.alarm_actions
  ok_actions          = local.alarm_actions
  comparison_operator = "GreaterThanThreshold"
  threshold           = 1
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  treat_missing_data  = "notBreaching"

  metric_query {
    id          = "percentage"
    label       = "Failed requests, %"
    expression  = "100 * (FILL(target, 0) + IF(requests >= 10, FILL(balancer, 0), 0)) / requests"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = {
      requests = "RequestCount"
      target   = "HTTPCode_Target_5XX_Count"
      balancer = "HTTPCode_ELB_5XX_Count"
    }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = metric_query.value
        dimensions  = local.load_balancer_dimensions
        period      = 60
        stat        = "Sum"
      }
    }
  }
}

# Keys ------------------------------------------------------------------------

locals {
  # Counted in the environment's own logs: what the agent publishes doesn't say of which environment it is.
  key_alarms = {
    keys-refused = {
      # Both the service and the script that fetches the keys say so, the latter twice a minute until it is mended.
      log_group   = aws_cloudwatch_log_group.application.name
      pattern     = "{ $.message = \"API keys refused*\" }"
      value       = "1"
      threshold   = 0
      description = "The list of API keys is refused, wholly or in part: added keys may not be valid. The log group ${local.namespace} says which line."
    }
    sign-ins = {
      # As the agent writes them: what was added to each counter, with its labels.
      log_group   = aws_cloudwatch_log_group.metrics.name
      pattern     = "{ ($.saved_string_sign_ins_total > 0) && ($.outcome != \"accepted\") }"
      value       = "$.saved_string_sign_ins_total"
      threshold   = 100
      description = "More than 100 requests in five minutes had no key, a wrong one or an unsuitable one, or wrote more often than a key may, as somebody with a leaked key would. See the log group ${local.namespace} for addresses and names."
    }
  }
}

resource "aws_cloudwatch_log_metric_filter" "keys" {
  for_each = local.key_alarms

  name           = "${local.name}-${each.key}"
  log_group_name = each.value.log_group
  pattern        = each.value.pattern

  metric_transformation {
    namespace = local.name
    name      = each.key
    value     = each.value.value
  }
}

# One metric each ---------------------------------------------------------------

locals {
  # What is left out is as most are: a sum above the threshold once in one minute, no word being a good one.
  metric_alarms = merge({
    latency = {
      description = "One request in a hundred takes longer than a second, in three of five minutes."
      metric      = ["AWS/ApplicationELB", "TargetResponseTime"]
      dimensions  = local.load_balancer_dimensions
      percentile  = "p99"
      threshold   = 1
      periods     = 5
      of_these    = 3
    }
    # Five minutes are the time in which an instance may start. Silence tells too, but not as an alarm, which would be on
    # before the first instance is there and then stop a rollout.
    healthy-instances = {
      description = "Fewer healthy instances than ${var.instance_count_min} for five minutes, or no word from them any more."
      metric      = ["AWS/ApplicationELB", "HealthyHostCount"]
      dimensions  = local.target_group_dimensions
      statistic   = "Minimum"
      below       = true
      threshold   = var.instance_count_min
      periods     = 5
      silence     = "missing"
      on_silence  = local.alarm_actions
    }
    unhealthy-instances = {
      description = "An instance fails its health checks for ten minutes: it is not being replaced, or its successor fails too."
      metric      = ["AWS/ApplicationELB", "UnHealthyHostCount"]
      dimensions  = local.target_group_dimensions
      statistic   = "Maximum"
      periods     = 10
    }
    certificate = {
      description = "The certificate expires within 21 days and has not been renewed; browsers will then refuse the page."
      metric      = ["AWS/CertificateManager", "DaysToExpiry"]
      dimensions  = { CertificateArn = local.certificate_arn }
      statistic   = "Minimum"
      period_s    = 86400
      below       = true
      threshold   = 21
      silence     = "ignore"
    }
    # The agent publishes what a counter has grown by. That of every instance that had seen the version grows: any is enough.
    version-lost = {
      description = "The store came back without a version that it had confirmed: the page answers 503 until somebody writes. See docs/trouble.md."
      metric      = ["SavedString", "saved_string_store_versions_lost_total"]
      dimensions  = { job = "saved-string" }
      statistic   = "Maximum"
      on_ok       = []
    }
    }, {
    for name, alarm in local.key_alarms : name => {
      description = alarm.description
      metric      = [local.name, one(aws_cloudwatch_log_metric_filter.keys[name].metric_transformation).name]
      period_s    = 300
      threshold   = alarm.threshold
    }
  })
}

resource "aws_cloudwatch_metric_alarm" "metric" {
  for_each = local.metric_alarms

  alarm_name                = "${local.name}-${each.key}"
  alarm_description         = each.value.description
  alarm_actions             = local.alarm_actions
  ok_actions                = try(each.value.on_ok, local.alarm_actions)
  insufficient_data_actions = try(each.value.on_silence, null)
  namespace                 = each.value.metric[0]
  metric_name               = each.value.metric[1]
  dimensions                = try(each.value.dimensions, null)
  statistic                 = can(each.value.percentile) ? null : try(each.value.statistic, "Sum")
  extended_statistic        = try(each.value.percentile, null)
  period                    = try(each.value.period_s, 60)
  comparison_operator       = can(each.value.below) ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold                 = try(each.value.threshold, 0)
  evaluation_periods        = try(each.value.periods, 1)
  datapoints_to_alarm       = try(each.value.of_these, null)
  treat_missing_data        = try(each.value.silence, "notBreaching")
}

# Store: each is watched on every node, since which one is the primary changes ---

locals {
  store_alarms = {
    # Made before the store, of which there is then no word yet: that must not ring, but a word that ends must.
    primary = {
      metric      = "IsMaster"
      expression  = "SUM(METRICS())"
      below       = true
      threshold   = 1
      periods     = 2
      silence     = "missing"
      on_silence  = local.alarm_actions
      description = "The store has no primary for two minutes: the page answers 503; or there is no word from it any more. See the log group ${local.namespace}/store."
    }
    failover = {
      metric      = "IsMaster"
      expression  = "SUM(ABS(DIFF(METRICS())))"
      threshold   = 0
      periods     = 1
      on_ok       = []
      description = "Another node of the store became primary. Requests may have failed meanwhile; nothing that was answered is lost."
    }
    memory = {
      metric      = "DatabaseMemoryUsagePercentage"
      threshold   = 80
      description = "A node of the store has used 80 % of its memory; when it is full, changes are refused. Take a larger store_node_type."
    }
    replication-lag = {
      metric      = "ReplicationLag"
      threshold   = 2
      description = "A replica of the store is more than two seconds behind; when all are, changes and pages are refused."
    }
    cpu = {
      metric      = "EngineCPUUtilization"
      threshold   = 80
      description = "A node of the store is busy 80 % of the time; requests begin to wait. Take a larger store_node_type."
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "store" {
  for_each = local.store_alarms

  alarm_name                = "${local.name}-store-${each.key}"
  alarm_description         = each.value.description
  alarm_actions             = local.alarm_actions
  ok_actions                = try(each.value.on_ok, local.alarm_actions)
  insufficient_data_actions = try(each.value.on_silence, null)
  comparison_operator       = can(each.value.below) ? "LessThanThreshold" : "GreaterThanThreshold"
  threshold                 = each.value.threshold
  evaluation_periods        = try(each.value.periods, 5)
  datapoints_to_alarm       = can(each.value.periods) ? null : 3
  treat_missing_data        = try(each.value.silence, "notBreaching")

  metric_query {
    id          = "all"
    label       = each.value.metric
    expression  = try(each.value.expression, "MAX(METRICS())")
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.store_node_dimensions

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ElastiCache"
        metric_name = each.value.metric
        dimensions  = metric_query.value
        period      = 60
        stat        = "Maximum"
      }
    }
  }
}
