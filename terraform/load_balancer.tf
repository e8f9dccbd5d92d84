# There is no web application firewall: one page, one bounded body of text, no query language and keys of 256 bits leave
# its rules nothing to look for. It would cost more than the instances.

resource "aws_lb" "main" {
  name               = local.name
  load_balancer_type = "application"
  internal           = false
  subnets            = [for subnet in aws_subnet.public : subnet.id]
  security_groups    = [aws_security_group.load_balancer.id]

  # Four of the comments that keep a live stream open.
  idle_timeout               = 60
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "strictest"
  enable_deletion_protection = var.deletion_protection

  access_logs {
    bucket  = aws_s3_bucket.access_logs.bucket
    enabled = true
  }

  tags = { Name = local.name }

  # The load balancer tries its bucket when it is made.
  depends_on = [aws_s3_bucket_policy.access_logs]
}

resource "aws_lb_target_group" "application" {
  name        = local.name
  target_type = "instance"
  protocol    = "HTTP"
  port        = local.http_port
  vpc_id      = aws_vpc.main.id

  # Round robin would not see that live streams stay where they began. From three instances on the load balancer can tell
  # an instance that alone is cut off from the store, which stays healthy, from a store that is dead, and steers away from
  # it: https://aws.amazon.com/blogs/networking-and-content-delivery/improving-availability-with-application-load-balancer-automatic-target-weights/
  load_balancing_algorithm_type     = var.instance_count_min >= 3 ? "weighted_random" : "least_outstanding_requests"
  load_balancing_anomaly_mitigation = var.instance_count_min >= 3 ? "on" : "off"
  # A request takes milliseconds; what lasts longer are live streams, which resume elsewhere.
  deregistration_delay = 30

  health_check {
    path                = "/health/readiness"
    matcher             = "200"
    interval            = local.health_check.interval_seconds
    timeout             = local.health_check.timeout_seconds
    healthy_threshold   = 2
    unhealthy_threshold = local.health_check.unhealthy_threshold
  }
}

locals {
  health_check = {
    interval_seconds    = 5
    timeout_seconds     = 3
    unhealthy_threshold = 2
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.main.arn
  protocol          = "HTTPS"
  port              = 443
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
  certificate_arn   = local.certificate_arn

  routing_http_response_server_enabled                         = false
  routing_http_response_strict_transport_security_header_value = "max-age=31536000"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.application.arn
  }
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.main.arn
  protocol          = "HTTP"
  port              = 80

  default_action {
    type = "redirect"

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}
