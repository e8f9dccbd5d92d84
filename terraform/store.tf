# One shard, a primary and its replicas. Which zone each node is in can't be said with a provider before 6; AWS spreads
# them over the zones of the subnet group, and make deploy looks whether it has. Cluster mode, because there a demoted primary
# redirects instead of answering with old data.

locals {
  store_port     = 6379
  store_family   = "valkey${split(".", var.store_engine_version)[0]}"
  store_node_ids = [for number in range(var.store_replica_count + 1) : format("%s-0001-%03d", local.name, number + 1)]

  store_arn     = aws_elasticache_replication_group.store.arn
  store_id      = aws_elasticache_replication_group.store.replication_group_id
  store_address = "${aws_elasticache_replication_group.store.configuration_endpoint_address}:${local.store_port}"

  # The keys and commands that the application uses, and no others; its own tests sign in with them. Written as the
  # store itself writes a user down (on, keys, channels, commands): what AWS gives back in another form is a change in
  # every plan. https://github.com/hashicorp/terraform-provider-aws/issues/20334
  store_access = join(" ", concat(
    ["on", "~{saved-string}*", "resetchannels", "-@all"],
    formatlist("+%s", [
      "auth", "client|setinfo", "cluster|slots", "role", "script|load", "evalsha", "wait",
      "del", "set", "time", "xadd", "xinfo|stream", "xrange", "xread", "xrevrange",
    ]),
  ))
}

resource "aws_elasticache_replication_group" "store" {
  replication_group_id = local.name
  description          = "The saved string of ${local.name}"
  apply_immediately    = true

  engine         = "valkey"
  engine_version = var.store_engine_version
  # An upgrade behind our back would look like a wish to go back to the old version, which replaces the store.
  auto_minor_version_upgrade = false
  node_type                  = var.store_node_type
  parameter_group_name       = aws_elasticache_parameter_group.store.name
  port                       = local.store_port

  cluster_mode               = "enabled"
  num_node_groups            = 1
  replicas_per_node_group    = var.store_replica_count
  automatic_failover_enabled = true
  multi_az_enabled           = true

  subnet_group_name  = aws_elasticache_subnet_group.store.name
  security_group_ids = [aws_security_group.store.id]

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"
  user_group_ids             = [aws_elasticache_user_group.store.user_group_id]

  maintenance_window        = "sun:06:00-sun:07:00"
  snapshot_window           = "04:00-05:00"
  snapshot_retention_limit  = var.store_snapshot_retention_days
  snapshot_name             = var.store_snapshot_name
  final_snapshot_identifier = var.final_snapshot ? "${local.name}-final" : null

  # Not the slow log: it would hold the strings themselves.
  log_delivery_configuration {
    log_type         = "engine-log"
    log_format       = "json"
    destination_type = "cloudwatch-logs"
    destination      = aws_cloudwatch_log_group.store.name
  }

  tags = { Name = local.name }
}

resource "aws_elasticache_subnet_group" "store" {
  name        = local.name
  description = "The store's subnets, one in each zone"
  subnet_ids  = [for subnet in aws_subnet.store : subnet.id]
}

resource "aws_elasticache_parameter_group" "store" {
  name        = "${local.name}-${local.store_family}"
  description = "The store of ${local.name}"
  family      = local.store_family

  parameter {
    name  = "cluster-enabled"
    value = "yes"
  }

  # A primary that has lost its replicas refuses writes, and with them the application's guarded reads.
  parameter {
    name  = "min-replicas-to-write"
    value = "1"
  }

  parameter {
    name  = "min-replicas-max-lag"
    value = "2"
  }

  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }

  # The next version of Valkey has a family of its own, and a group that is in use can't be removed.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_elasticache_user" "application" {
  # IAM sign-in requires the same id and name, of at most 40 characters.
  user_id       = "${local.name}-app"
  user_name     = "${local.name}-app"
  engine        = "valkey"
  access_string = local.store_access

  authentication_mode {
    type = "iam"
  }
}

# A group of engine valkey takes only users that authenticate and needs no user "default", which is off unless listed.
resource "aws_elasticache_user_group" "store" {
  user_group_id = local.name
  engine        = "valkey"
  user_ids      = [aws_elasticache_user.application.user_id]
}
