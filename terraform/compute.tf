locals {
  # Files that user data writes. Nothing in them is a secret.
  instance_files = {
    "/etc/saved-string/environment" = {
      SAVED_STRING_HTTP_PORT                    = local.http_port
      SAVED_STRING_HTTP_TRUSTED_PROXIES         = 1
      SAVED_STRING_STORE                        = "valkey"
      SAVED_STRING_VALKEY_ADDRESS               = local.store_address
      SAVED_STRING_VALKEY_TLS                   = true
      SAVED_STRING_VALKEY_USERNAME              = aws_elasticache_user.application.user_name
      SAVED_STRING_VALKEY_IAM_REPLICATION_GROUP = local.store_id
      SAVED_STRING_VALKEY_IAM_REGION            = var.region
      # With the primary, a majority of the nodes.
      SAVED_STRING_VALKEY_CONFIRMING_REPLICAS = floor((var.store_replica_count + 1) / 2)
      SAVED_STRING_KEYS_FILE                  = "/run/saved-string/keys"
      SAVED_STRING_DRAIN_DELAY                = "${local.drain_delay_seconds}s"
    }
    "/etc/saved-string/keys.environment" = {
      SAVED_STRING_KEYS_PARAMETER = aws_ssm_parameter.api_keys.name
      AWS_REGION                  = var.region
    }
    "/etc/saved-string/agent.environment" = {
      SAVED_STRING_LOG_GROUP = aws_cloudwatch_log_group.application.name
      AWS_REGION             = var.region
    }
  }

  user_data = {
    write_files = [for path, settings in local.instance_files : {
      path        = path
      permissions = "0644"
      content     = join("", [for name, value in settings : "${name}=${value}\n"])
    }]
  }

  # What the load balancer needs to see that an instance no longer wants requests, and one check more.
  drain_delay_seconds = local.health_check.interval_seconds * (local.health_check.unhealthy_threshold + 1)
}

resource "aws_launch_template" "application" {
  name                   = local.name
  description            = "An instance of ${local.name}"
  image_id               = var.image_id
  instance_type          = var.instance_type
  ebs_optimized          = true
  update_default_version = true
  user_data              = base64encode("#cloud-config\n${yamlencode(local.user_data)}")

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn
  }

  # Said, because only burstable types know it: above its baseline (20 % on a t4g.small) a vCPU costs 0.04 USD an hour
  # rather than being slowed down.
  # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode.html
  dynamic "credit_specification" {
    for_each = startswith(var.instance_type, "t") ? ["unlimited"] : []

    content {
      cpu_credits = credit_specification.value
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
    instance_metadata_tags      = "disabled"
  }

  network_interfaces {
    associate_public_ip_address = false
    delete_on_termination       = true
    security_groups             = [aws_security_group.application.id]
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_type           = "gp3"
      volume_size           = 8
      encrypted             = true
      delete_on_termination = true
    }
  }

  dynamic "tag_specifications" {
    for_each = ["instance", "network-interface", "volume"]

    content {
      resource_type = tag_specifications.value
      tags          = merge(local.tags, { Name = local.name })
    }
  }
}

resource "aws_autoscaling_group" "application" {
  name                = local.name
  min_size            = var.instance_count_min
  max_size            = var.instance_count_max
  vpc_zone_identifier = [for subnet in aws_subnet.application : subnet.id]
  target_group_arns   = [aws_lb_target_group.application.arn]

  # Longer than any start takes: cloud-init, keys that may come only after 25 s, a Java process from a volume that is
  # still being filled from S3, and two health checks. An instance that is judged earlier is replaced for ever. What
  # dies later is still noticed within seconds, and a refresh waits for the load balancer's word all the same.
  # https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-check-grace-period.html
  health_check_type         = "ELB"
  health_check_grace_period = 300
  default_instance_warmup   = 60

  enabled_metrics = ["GroupDesiredCapacity", "GroupInServiceInstances", "GroupTotalInstances"]

  launch_template {
    id = aws_launch_template.application.id
    # Not $Latest, with which a new version would replace nothing.
    version = aws_launch_template.application.latest_version
  }

  # Whatever replaces an instance starts the new one first.
  instance_maintenance_policy {
    min_healthy_percentage = 100
    max_healthy_percentage = 200
  }

  # There is no automatic rollback: it would return to this same launch template version.
  instance_refresh {
    strategy = "Rolling"

    preferences {
      min_healthy_percentage = 100
      max_healthy_percentage = 200
      skip_matching          = true
      # Somebody is looking at them: a refresh leaves them as they are, and make deploy says so.
      standby_instances            = "Ignore"
      scale_in_protected_instances = "Ignore"

      dynamic "alarm_specification" {
        for_each = var.refresh_stops_on_alarm ? [local.rollout_alarms] : []

        content {
          alarms = alarm_specification.value
        }
      }
    }
  }

  # An instance that starts earlier can't reach its logs, its keys or Session Manager.
  depends_on = [aws_iam_role_policy.instance, aws_vpc_endpoint.interface]
}

resource "aws_autoscaling_policy" "cpu" {
  name                   = "cpu"
  autoscaling_group_name = aws_autoscaling_group.application.name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = 50

    predefined_metric_specification {
      predefined_metric_type = "ASGAverageCPUUtilization"
    }
  }
}
