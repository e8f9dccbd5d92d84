mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  image_id        = "ami-0123456789abcdef0"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/given"
}

# Makes the stack, so that the other runs know the ids.
run "three_layers_each_over_three_zones" {
  command = apply

  assert {
    condition     = alltrue([for layer in [aws_subnet.public, aws_subnet.application, aws_subnet.store] : length(distinct([for subnet in layer : subnet.availability_zone])) == 3])
    error_message = "Each layer must have a subnet in each of three zones."
  }

  assert {
    condition     = length(distinct(flatten([for layer in [aws_subnet.public, aws_subnet.application, aws_subnet.store] : [for subnet in layer : subnet.cidr_block]]))) == 9
    error_message = "The nine subnets must have nine ranges."
  }
}

run "zones_can_be_chosen" {
  command = plan

  variables {
    availability_zones = ["us-east-1a", "us-east-1c", "us-east-1d"]
  }

  assert {
    condition     = keys(aws_subnet.public) == ["us-east-1a", "us-east-1c", "us-east-1d"]
    error_message = "The subnets must be in the zones that were asked for."
  }
}

run "nothing_is_public_but_the_load_balancer" {
  command = plan

  assert {
    condition     = alltrue(flatten([for layer in [aws_subnet.public, aws_subnet.application, aws_subnet.store] : [for subnet in layer : !subnet.map_public_ip_on_launch]]))
    error_message = "No subnet may hand out public addresses."
  }

  assert {
    condition     = alltrue([for interface in aws_launch_template.application.network_interfaces : interface.associate_public_ip_address == "false"])
    error_message = "No instance may have a public address."
  }

  assert {
    condition     = toset(aws_lb.main.subnets) == toset([for subnet in aws_subnet.public : subnet.id])
    error_message = "The load balancer must be in the public subnets."
  }

  assert {
    condition     = toset(aws_autoscaling_group.application.vpc_zone_identifier) == toset([for subnet in aws_subnet.application : subnet.id])
    error_message = "The instances must be in the application subnets, and in no other."
  }

  assert {
    condition     = toset(aws_elasticache_subnet_group.store.subnet_ids) == toset([for subnet in aws_subnet.store : subnet.id])
    error_message = "The store must be in the store subnets, and in no other."
  }
}

run "only_the_public_subnets_have_a_route_to_the_internet" {
  command = plan

  assert {
    condition     = aws_route.internet.route_table_id == aws_route_table.public.id
    error_message = "Only the public route table may lead to the internet."
  }

  assert {
    condition     = alltrue([for link in aws_route_table_association.application : link.route_table_id == aws_route_table.application.id])
    error_message = "The application subnets must use their own route table."
  }

  assert {
    condition     = alltrue([for link in aws_route_table_association.store : link.route_table_id == aws_route_table.store.id])
    error_message = "The store subnets must use their own route table."
  }

  assert {
    condition     = length(distinct([aws_route_table.public.id, aws_route_table.application.id, aws_route_table.store.id])) == 3
    error_message = "Each layer must have a route table of its own."
  }
}

run "instances_have_no_way_out_but_the_needed_endpoints" {
  command = plan

  assert {
    condition     = keys(aws_vpc_endpoint.interface) == ["logs", "ssm", "ssmmessages"]
    error_message = "There must be endpoints for ssm, ssmmessages and logs, and no others."
  }

  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled && length(endpoint.subnet_ids) == 2])
    error_message = "Each endpoint must answer under its usual name, in two zones."
  }

  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.security_group_ids == toset([aws_security_group.endpoints.id])])
    error_message = "Each endpoint must be in the security group of endpoints."
  }

  assert {
    condition     = toset(aws_vpc_endpoint.s3.route_table_ids) == toset([aws_route_table.application.id])
    error_message = "The S3 endpoint must serve the application subnets only."
  }
}
