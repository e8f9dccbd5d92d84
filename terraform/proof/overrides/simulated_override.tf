# Laid over a copy of the configuration for the simulated AWS. What is left out here is not proved by applying it; the
# tests assert it with a mock provider.

provider "aws" {
  max_retries                 = 3
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}

# Not simulated: the store but for its user; parameter groups, user groups and a replication group that can be read back
# are missing, and a subnet group can't be deleted.
resource "aws_elasticache_parameter_group" "store" {
  count = 0
}

resource "aws_elasticache_subnet_group" "store" {
  count = 0
}

resource "aws_elasticache_user_group" "store" {
  count = 0
}

resource "aws_elasticache_replication_group" "store" {
  count                = 0
  parameter_group_name = "none"
  subnet_group_name    = "none"
  user_group_ids       = []
}

locals {
  store_arn     = "arn:aws:elasticache:${var.region}:123456789012:replicationgroup:${local.name}"
  store_id      = local.name
  store_address = "store.simulated:6379"
}

# Not simulated: the description of a rule that names a security group or a prefix list.
resource "aws_vpc_security_group_ingress_rule" "application_load_balancer" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_ingress_rule" "store_application" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_application" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_application" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_egress_rule" "application_store" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_egress_rule" "application_endpoints" {
  lifecycle {
    ignore_changes = [description]
  }
}

resource "aws_vpc_security_group_egress_rule" "application_s3" {
  lifecycle {
    ignore_changes = [description]
  }
}

# Not simulated: a launch template's own tags beside those of its instances.
resource "aws_launch_template" "application" {
  lifecycle {
    ignore_changes = [tag_specifications]
  }
}

# Not simulated: instance maintenance policy, default warm-up, and the refresh itself, which nothing here starts.
resource "aws_autoscaling_group" "application" {
  lifecycle {
    ignore_changes = [default_instance_warmup, instance_maintenance_policy]
  }
}

# Not simulated: whether a scaling policy is enabled.
resource "aws_autoscaling_policy" "cpu" {
  lifecycle {
    ignore_changes = [enabled, predictive_scaling_configuration]
  }
}
