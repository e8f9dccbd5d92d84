mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  image_id        = "ami-0123456789abcdef0"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/given"
}

run "serves_https" {
  command = plan

  assert {
    condition     = aws_lb_listener.https.protocol == "HTTPS" && aws_lb_listener.https.port == 443
    error_message = "The page must be served on HTTPS."
  }

  assert {
    condition     = one(aws_lb_listener.https.default_action).type == "forward" && one(aws_lb_listener.https.default_action).target_group_arn == aws_lb_target_group.application.arn
    error_message = "HTTPS must lead to the instances."
  }
}

run "http_only_redirects" {
  command = plan

  assert {
    condition     = one(aws_lb_listener.http.default_action).type == "redirect"
    error_message = "HTTP must redirect."
  }

  assert {
    condition     = one(one(aws_lb_listener.http.default_action).redirect) == merge(one(one(aws_lb_listener.http.default_action).redirect), { protocol = "HTTPS", port = "443", status_code = "HTTP_301" })
    error_message = "HTTP must redirect to HTTPS for good."
  }
}

run "tls_policy_is_modern" {
  command = plan

  assert {
    condition     = aws_lb_listener.https.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
    error_message = "TLS must be 1.2 or 1.3 with restricted ciphers."
  }
}

run "browsers_stay_on_https_and_are_not_told_the_server" {
  command = plan

  assert {
    condition     = aws_lb_listener.https.routing_http_response_strict_transport_security_header_value == "max-age=31536000"
    error_message = "Answers must carry Strict-Transport-Security."
  }

  assert {
    condition     = aws_lb_listener.https.routing_http_response_server_enabled == false
    error_message = "Answers must not name the server."
  }
}

run "invalid_headers_are_dropped" {
  command = plan

  assert {
    condition     = aws_lb.main.drop_invalid_header_fields
    error_message = "Headers that are not valid must be dropped."
  }
}

run "desync_mitigation_is_strictest" {
  command = plan

  assert {
    condition     = aws_lb.main.desync_mitigation_mode == "strictest"
    error_message = "Ambiguous requests must be refused."
  }
}

run "access_logs_are_kept" {
  command = plan

  assert {
    condition     = one(aws_lb.main.access_logs).enabled && one(aws_lb.main.access_logs).bucket == aws_s3_bucket.access_logs.bucket
    error_message = "Access logs must go to their bucket."
  }
}

run "deletion_protection_is_on_by_default" {
  command = plan

  assert {
    condition     = aws_lb.main.enable_deletion_protection
    error_message = "The load balancer must refuse to be deleted."
  }

  assert {
    condition     = aws_s3_bucket.access_logs.force_destroy == false
    error_message = "The bucket of access logs must refuse to be deleted while it holds logs."
  }
}

run "deletion_protection_can_be_taken_off" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = !aws_lb.main.enable_deletion_protection && aws_s3_bucket.access_logs.force_destroy
    error_message = "Without protection the stack must be removable."
  }
}

run "live_streams_outlast_the_idle_timeout" {
  command = plan

  assert {
    condition     = aws_lb.main.idle_timeout >= 3 * 15
    error_message = "The idle timeout must outlast three of the comments, of which one comes each 15 s."
  }
}

run "health_check_asks_for_readiness" {
  command = plan

  assert {
    condition     = one(aws_lb_target_group.application.health_check).path == "/health/readiness" && one(aws_lb_target_group.application.health_check).matcher == "200"
    error_message = "The health check must ask for readiness."
  }

  assert {
    condition     = one(aws_lb_target_group.application.health_check).interval * one(aws_lb_target_group.application.health_check).unhealthy_threshold <= 15
    error_message = "A dead instance must be noticed within 15 s."
  }
}

run "instances_leave_after_their_requests" {
  command = plan

  assert {
    condition     = tonumber(aws_lb_target_group.application.deregistration_delay) == 30
    error_message = "An instance must be given 30 s to finish its requests."
  }

  assert {
    condition     = aws_lb_target_group.application.load_balancing_algorithm_type == "least_outstanding_requests"
    error_message = "Live streams must count when requests are spread."
  }
}

run "three_instances_are_weighed_by_their_errors" {
  command = plan

  variables {
    instance_count_min = 3
  }

  assert {
    condition     = aws_lb_target_group.application.load_balancing_algorithm_type == "weighted_random" && aws_lb_target_group.application.load_balancing_anomaly_mitigation == "on"
    error_message = "The load balancer must steer away from an instance that alone is cut off from the store."
  }
}

run "a_given_certificate_is_used" {
  command = plan

  assert {
    condition     = aws_lb_listener.https.certificate_arn == var.certificate_arn
    error_message = "The given certificate must be used."
  }

  assert {
    condition     = length(aws_acm_certificate.main) == 0 && length(aws_route53_record.page) == 0 && length(aws_route53_record.validation) == 0
    error_message = "With a given certificate none must be made, and no record."
  }

  assert {
    condition     = output.url == "https://balancer.example"
    error_message = "Without a domain the address must be that of the load balancer."
  }
}

run "a_domain_gets_a_certificate_and_a_record" {
  command = plan

  variables {
    certificate_arn = null
    domain_name     = "string.example.org"
    hosted_zone_id  = "Z0123456789ABCDEFGHIJ"
  }

  assert {
    condition     = aws_acm_certificate.main[0].domain_name == "string.example.org" && aws_acm_certificate.main[0].validation_method == "DNS"
    error_message = "A certificate must be made for the domain."
  }

  assert {
    condition     = keys(aws_route53_record.validation) == ["string.example.org"]
    error_message = "The certificate must be proved by a record."
  }

  assert {
    condition     = aws_lb_listener.https.certificate_arn == aws_acm_certificate_validation.main[0].certificate_arn
    error_message = "The certificate must be used once it is valid."
  }

  assert {
    condition     = aws_route53_record.page[0].name == "string.example.org" && one(aws_route53_record.page[0].alias).name == "balancer.example"
    error_message = "The domain must lead to the load balancer."
  }

  assert {
    condition     = output.url == "https://string.example.org"
    error_message = "The address must be that of the domain."
  }
}
