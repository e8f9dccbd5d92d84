mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image_id        = "ami-0123456789abcdef0"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/given"
}

# Makes the stack, so that the other runs know the ids.
run "the_world_reaches_only_the_load_balancer" {
  command = apply

  assert {
    condition = (
      alltrue([for block, rule in aws_vpc_security_group_ingress_rule.load_balancer_https : (
        rule.security_group_id == aws_security_group.load_balancer.id && rule.cidr_ipv4 == block
        && rule.ip_protocol == "tcp" && rule.from_port == 443 && rule.to_port == 443
      )])
    )
    error_message = "Visitors must reach the load balancer on port 443 and on that alone."
  }

  assert {
    condition = (
      alltrue([for block, rule in aws_vpc_security_group_ingress_rule.load_balancer_http : (
        rule.security_group_id == aws_security_group.load_balancer.id && rule.cidr_ipv4 == block
        && rule.ip_protocol == "tcp" && rule.from_port == 80 && rule.to_port == 80
      )])
    )
    error_message = "Visitors must reach the load balancer on port 80 and on that alone."
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.load_balancer_https) == ["0.0.0.0/0"] && keys(aws_vpc_security_group_ingress_rule.load_balancer_http) == ["0.0.0.0/0"]
    error_message = "By default everybody may visit."
  }
}

run "visitors_can_be_limited" {
  command = plan

  variables {
    allowed_cidr_blocks = ["203.0.113.0/24", "198.51.100.0/24"]
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.load_balancer_https) == ["198.51.100.0/24", "203.0.113.0/24"]
    error_message = "Only the allowed ranges may reach HTTPS."
  }

  assert {
    condition     = keys(aws_vpc_security_group_ingress_rule.load_balancer_http) == ["198.51.100.0/24", "203.0.113.0/24"]
    error_message = "Only the allowed ranges may reach HTTP."
  }
}

run "the_load_balancer_reaches_only_the_instances" {
  command = plan

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.load_balancer_application.security_group_id == aws_security_group.load_balancer.id
      && aws_vpc_security_group_egress_rule.load_balancer_application.referenced_security_group_id == aws_security_group.application.id
      && aws_vpc_security_group_egress_rule.load_balancer_application.ip_protocol == "tcp"
      && aws_vpc_security_group_egress_rule.load_balancer_application.from_port == 8080 && aws_vpc_security_group_egress_rule.load_balancer_application.to_port == 8080
    )
    error_message = "The load balancer must reach port 8080 of the instances and nothing else."
  }

  assert {
    condition     = aws_lb.main.security_groups == toset([aws_security_group.load_balancer.id])
    error_message = "The load balancer must have its own security group only."
  }
}

run "only_the_load_balancer_reaches_the_instances" {
  command = plan

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.application_load_balancer.security_group_id == aws_security_group.application.id
      && aws_vpc_security_group_ingress_rule.application_load_balancer.referenced_security_group_id == aws_security_group.load_balancer.id
      && aws_vpc_security_group_ingress_rule.application_load_balancer.ip_protocol == "tcp"
      && aws_vpc_security_group_ingress_rule.application_load_balancer.from_port == 8080 && aws_vpc_security_group_ingress_rule.application_load_balancer.to_port == 8080
    )
    error_message = "Only the load balancer may reach the instances, on port 8080."
  }

  assert {
    condition     = alltrue([for interface in aws_launch_template.application.network_interfaces : interface.security_groups == toset([aws_security_group.application.id])])
    error_message = "The instances must have their own security group only."
  }
}

run "the_instances_reach_only_the_store_and_the_endpoints" {
  command = plan

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.application_store.security_group_id == aws_security_group.application.id
      && aws_vpc_security_group_egress_rule.application_store.referenced_security_group_id == aws_security_group.store.id
      && aws_vpc_security_group_egress_rule.application_store.ip_protocol == "tcp"
      && aws_vpc_security_group_egress_rule.application_store.from_port == 6379 && aws_vpc_security_group_egress_rule.application_store.to_port == 6379
    )
    error_message = "The instances must reach the store on port 6379."
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.application_endpoints.security_group_id == aws_security_group.application.id
      && aws_vpc_security_group_egress_rule.application_endpoints.referenced_security_group_id == aws_security_group.endpoints.id
      && aws_vpc_security_group_egress_rule.application_endpoints.ip_protocol == "tcp"
      && aws_vpc_security_group_egress_rule.application_endpoints.from_port == 443 && aws_vpc_security_group_egress_rule.application_endpoints.to_port == 443
    )
    error_message = "The instances must reach the endpoints on port 443."
  }

  assert {
    condition = (
      aws_vpc_security_group_egress_rule.application_s3.security_group_id == aws_security_group.application.id
      && aws_vpc_security_group_egress_rule.application_s3.prefix_list_id == aws_vpc_endpoint.s3.prefix_list_id
      && aws_vpc_security_group_egress_rule.application_s3.from_port == 443 && aws_vpc_security_group_egress_rule.application_s3.to_port == 443
    )
    error_message = "The instances must reach S3 through its endpoint on port 443."
  }
}

run "only_the_instances_reach_the_store" {
  command = plan

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.store_application.security_group_id == aws_security_group.store.id
      && aws_vpc_security_group_ingress_rule.store_application.referenced_security_group_id == aws_security_group.application.id
      && aws_vpc_security_group_ingress_rule.store_application.ip_protocol == "tcp"
      && aws_vpc_security_group_ingress_rule.store_application.from_port == 6379 && aws_vpc_security_group_ingress_rule.store_application.to_port == 6379
    )
    error_message = "Only the instances may reach the store, on port 6379."
  }

  assert {
    condition     = aws_elasticache_replication_group.store.security_group_ids == toset([aws_security_group.store.id])
    error_message = "The store must have its own security group only."
  }
}

run "only_the_instances_reach_the_endpoints" {
  command = plan

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.endpoints_application.security_group_id == aws_security_group.endpoints.id
      && aws_vpc_security_group_ingress_rule.endpoints_application.referenced_security_group_id == aws_security_group.application.id
      && aws_vpc_security_group_ingress_rule.endpoints_application.ip_protocol == "tcp"
      && aws_vpc_security_group_ingress_rule.endpoints_application.from_port == 443 && aws_vpc_security_group_ingress_rule.endpoints_application.to_port == 443
    )
    error_message = "Only the instances may reach the endpoints, on port 443."
  }
}

run "each_part_has_a_security_group_of_its_own" {
  command = plan

  assert {
    condition = (
      length(distinct([
        aws_security_group.load_balancer.id,
        aws_security_group.application.id,
        aws_security_group.store.id,
        aws_security_group.endpoints.id,
      ])) == 4
    )
    error_message = "There must be four security groups."
  }
}

run "the_default_security_group_is_closed" {
  command = plan

  assert {
    condition     = length(aws_default_security_group.closed.ingress) == 0 && length(aws_default_security_group.closed.egress) == 0
    error_message = "The default security group must have no rule."
  }
}
