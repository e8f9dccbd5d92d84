resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = local.name
  dashboard_body = jsonencode({
    widgets = concat(local.visitor_widgets, local.instance_widgets, local.store_widgets, local.application_widgets)
  })
}

locals {
  # A row of the dashboard is 24 wide.
  widget = { type = "metric", width = 8, height = 6 }
  graph  = { region = var.region, period = 60, stat = "Sum", view = "timeSeries" }

  alb          = "AWS/ApplicationELB"
  balancer     = ["LoadBalancer", aws_lb.main.arn_suffix]
  target_group = concat(["TargetGroup", aws_lb_target_group.application.arn_suffix], local.balancer)
  group        = ["AutoScalingGroupName", aws_autoscaling_group.application.name]

  visitor_widgets = [
    merge(local.widget, { properties = merge(local.graph, {
      title   = "Requests a minute"
      metrics = [concat([local.alb, "RequestCount"], local.balancer)]
    }) }),
    merge(local.widget, { properties = merge(local.graph, {
      title = "Refused and failed requests"
      metrics = [
        for metric in ["HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count"] :
        concat([local.alb, metric], local.balancer)
      ]
    }) }),
    merge(local.widget, { properties = merge(local.graph, {
      title   = "Response time, s"
      metrics = [for stat in ["p50", "p99"] : concat([local.alb, "TargetResponseTime"], local.balancer, [{ stat = stat }])]
    }) }),
  ]

  instance_widgets = [
    merge(local.widget, { properties = merge(local.graph, {
      title = "Instances"
      metrics = [
        concat([local.alb, "HealthyHostCount"], local.target_group, [{ stat = "Minimum" }]),
        concat([local.alb, "UnHealthyHostCount"], local.target_group, [{ stat = "Maximum" }]),
        concat(["AWS/AutoScaling", "GroupDesiredCapacity"], local.group, [{ stat = "Maximum" }]),
      ]
    }) }),
    merge(local.widget, { properties = merge(local.graph, {
      title   = "Processor of the instances, %"
      metrics = [for stat in ["Average", "Maximum"] : concat(["AWS/EC2", "CPUUtilization"], local.group, [{ stat = stat }])]
    }) }),
    merge(local.widget, { type = "alarm", properties = {
      title = "Alarms"
      alarms = [for alarm in concat([aws_cloudwatch_metric_alarm.server_errors],
      values(aws_cloudwatch_metric_alarm.metric), values(aws_cloudwatch_metric_alarm.store)) : alarm.arn]
    } }),
  ]

  store_widgets = [
    for title, metric in {
      "Primary of the store"          = "IsMaster"
      "Replication lag, s"            = "ReplicationLag"
      "Memory of the store, %"        = "DatabaseMemoryUsagePercentage"
      "Processor of the store, %"     = "EngineCPUUtilization"
      "Connections to the store"      = "CurrConnections"
      "Refused sign-ins to the store" = "AuthenticationFailures"
    } :
    merge(local.widget, { properties = merge(local.graph, {
      title   = title
      metrics = [for id in local.store_node_ids : ["AWS/ElastiCache", metric, "CacheClusterId", id, { stat = "Maximum" }]]
    }) })
  ]

  # What the application measures itself, as the agent publishes it: whatever metric it has, found by namespace.
  application_widgets = [
    merge(local.widget, { width = 24, properties = merge(local.graph, {
      title   = "Application"
      metrics = [[{ expression = "SEARCH('{SavedString,job} job=\"saved-string\"', 'Average', 60)", id = "application" }]]
    }) }),
  ]
}
