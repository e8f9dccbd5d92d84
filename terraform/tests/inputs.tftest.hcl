mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  image_id        = "ami-0123456789abcdef0"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/given"
}

run "alarm_emails_must_be_addresses" {
  command = plan

  variables {
    alarm_emails = ["nobody"]
  }

  expect_failures = [var.alarm_emails]
}

run "allowed_cidr_blocks_must_not_be_empty" {
  command = plan

  variables {
    allowed_cidr_blocks = []
  }

  expect_failures = [var.allowed_cidr_blocks]
}

run "allowed_cidr_blocks_must_be_ranges" {
  command = plan

  variables {
    allowed_cidr_blocks = ["203.0.113.7"]
  }

  expect_failures = [var.allowed_cidr_blocks]
}

run "availability_zones_must_be_three" {
  command = plan

  variables {
    availability_zones = ["us-east-1a", "us-east-1b"]
  }

  expect_failures = [var.availability_zones]
}

run "availability_zones_must_differ" {
  command = plan

  variables {
    availability_zones = ["us-east-1a", "us-east-1b", "us-east-1a"]
  }

  expect_failures = [var.availability_zones]
}

run "certificate_arn_must_be_of_acm" {
  command = plan

  variables {
    certificate_arn = "arn:aws:iam::123456789012:server-certificate/old"
  }

  expect_failures = [var.certificate_arn]
}

run "a_certificate_or_a_domain_is_needed" {
  command = plan

  variables {
    certificate_arn = null
  }

  expect_failures = [var.certificate_arn]
}

run "a_certificate_and_a_domain_are_too_much" {
  command = plan

  variables {
    domain_name    = "string.example.org"
    hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  }

  expect_failures = [var.certificate_arn]
}

run "domain_name_must_be_a_name" {
  command = plan

  variables {
    certificate_arn = null
    domain_name     = "https://string.example.org"
    hosted_zone_id  = "Z0123456789ABCDEFGHIJ"
  }

  expect_failures = [var.domain_name]
}

run "environment_must_be_short" {
  command = plan

  variables {
    environment = "a-very-long-environment"
  }

  expect_failures = [var.environment]
}

run "environment_must_be_lower_case" {
  command = plan

  variables {
    environment = "Production"
  }

  expect_failures = [var.environment]
}

run "environment_must_not_end_in_a_hyphen" {
  command = plan

  variables {
    environment = "test-"
  }

  expect_failures = [var.environment]
}

run "hosted_zone_id_needs_a_domain" {
  command = plan

  variables {
    hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  }

  expect_failures = [var.hosted_zone_id]
}

run "a_domain_needs_its_hosted_zone_id" {
  command = plan

  variables {
    certificate_arn = null
    domain_name     = "string.example.org"
  }

  expect_failures = [var.hosted_zone_id]
}

run "hosted_zone_id_must_be_an_id" {
  command = plan

  variables {
    certificate_arn = null
    domain_name     = "string.example.org"
    hosted_zone_id  = "example.org"
  }

  expect_failures = [var.hosted_zone_id]
}

run "image_id_must_be_an_image" {
  command = plan

  variables {
    image_id = "latest"
  }

  expect_failures = [var.image_id]
}

run "instance_count_max_must_not_be_below_min" {
  command = plan

  variables {
    instance_count_min = 3
    instance_count_max = 2
  }

  expect_failures = [var.instance_count_max]
}

run "instance_count_max_has_a_bound" {
  command = plan

  variables {
    instance_count_max = 51
  }

  expect_failures = [var.instance_count_max]
}

run "instance_count_min_must_survive_a_death" {
  command = plan

  variables {
    instance_count_min = 1
  }

  expect_failures = [var.instance_count_min]
}

run "instance_count_min_must_be_whole" {
  command = plan

  variables {
    instance_count_min = 2.5
  }

  expect_failures = [var.instance_count_min]
}

run "instance_type_must_be_a_type" {
  command = plan

  variables {
    instance_type = "small"
  }

  expect_failures = [var.instance_type]
}

run "log_retention_days_must_be_what_cloudwatch_knows" {
  command = plan

  variables {
    log_retention_days = 10
  }

  expect_failures = [var.log_retention_days]
}

run "region_must_be_a_region" {
  command = plan

  variables {
    region = "us-east-1a"
  }

  expect_failures = [var.region]
}

run "store_engine_version_must_be_valkey_8_or_9" {
  command = plan

  variables {
    store_engine_version = "7.2"
  }

  expect_failures = [var.store_engine_version]
}

run "store_node_type_must_be_a_type" {
  command = plan

  variables {
    store_node_type = "t4g.micro"
  }

  expect_failures = [var.store_node_type]
}

run "store_replica_count_must_survive_a_death" {
  command = plan

  variables {
    store_replica_count = 1
  }

  expect_failures = [var.store_replica_count]
}

run "store_replica_count_has_a_bound" {
  command = plan

  variables {
    store_replica_count = 6
  }

  expect_failures = [var.store_replica_count]
}

run "store_snapshot_name_must_be_a_name" {
  command = plan

  variables {
    store_snapshot_name = "s3://bucket/snapshot"
  }

  expect_failures = [var.store_snapshot_name]
}

run "store_snapshot_retention_days_must_not_be_zero" {
  command = plan

  variables {
    store_snapshot_retention_days = 0
  }

  expect_failures = [var.store_snapshot_retention_days]
}

run "store_snapshot_retention_days_has_a_bound" {
  command = plan

  variables {
    store_snapshot_retention_days = 36
  }

  expect_failures = [var.store_snapshot_retention_days]
}

run "vpc_cidr_block_must_be_a_range" {
  command = plan

  variables {
    vpc_cidr_block = "10.0.0.0"
  }

  expect_failures = [var.vpc_cidr_block]
}

run "vpc_cidr_block_must_hold_the_subnets" {
  command = plan

  variables {
    vpc_cidr_block = "10.0.0.0/24"
  }

  expect_failures = [var.vpc_cidr_block]
}

run "a_region_with_two_zones_is_refused" {
  command = plan

  override_data {
    target = data.aws_availability_zones.available
    values = {
      names = ["us-west-1a", "us-west-1c"]
    }
  }

  expect_failures = [data.aws_availability_zones.available]
}
