mock_provider "aws" {
  source          = "./tests/mocks"
  override_during = plan
}

variables {
  image_id        = "ami-0123456789abcdef0"
  certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/given"
}

run "is_valkey_in_cluster_mode_with_one_shard" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.store.engine == "valkey" && aws_elasticache_replication_group.store.engine_version == "8.1"
    error_message = "The store must be Valkey 8.1."
  }

  assert {
    condition     = aws_elasticache_replication_group.store.cluster_mode == "enabled" && aws_elasticache_replication_group.store.num_node_groups == 1
    error_message = "The store must be one shard in cluster mode."
  }

  assert {
    condition     = aws_elasticache_parameter_group.store.family == "valkey8"
    error_message = "The parameter group must be of the family valkey8."
  }
}

run "the_next_version_has_a_parameter_group_of_its_own_beside_the_old_one" {
  command = plan

  variables {
    store_engine_version = "9.0"
  }

  assert {
    condition     = aws_elasticache_replication_group.store.engine_version == "9.0"
    error_message = "The store must be Valkey 9."
  }

  assert {
    condition     = aws_elasticache_parameter_group.store.family == "valkey9" && aws_elasticache_parameter_group.store.name == "saved-string-production-valkey9"
    error_message = "Its parameter group must be of the family valkey9, under another name than the one before."
  }
}

run "survives_the_loss_of_any_machine" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.store.replicas_per_node_group == 2 && aws_elasticache_replication_group.store.multi_az_enabled && aws_elasticache_replication_group.store.automatic_failover_enabled
    error_message = "There must be two replicas in other zones that take over by themselves."
  }

  assert {
    condition     = length(distinct([for subnet in aws_subnet.store : subnet.availability_zone])) == 3
    error_message = "The nodes must spread over three zones."
  }
}

run "is_encrypted_in_transit" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.store.transit_encryption_enabled && aws_elasticache_replication_group.store.transit_encryption_mode == "required"
    error_message = "TLS must be required."
  }
}

run "is_encrypted_at_rest" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.store.at_rest_encryption_enabled == "true"
    error_message = "What the store writes to disk must be encrypted."
  }
}

run "a_primary_without_replicas_refuses_writes" {
  command = plan

  assert {
    condition = (
      { for parameter in aws_elasticache_parameter_group.store.parameter : parameter.name => parameter.value } == {
        "cluster-enabled"       = "yes"
        "maxmemory-policy"      = "noeviction"
        "min-replicas-max-lag"  = "2"
        "min-replicas-to-write" = "1"
      }
    )
    error_message = "The parameters must be exactly these."
  }

  assert {
    condition     = aws_elasticache_replication_group.store.parameter_group_name == aws_elasticache_parameter_group.store.name
    error_message = "The store must use its parameter group."
  }
}

run "the_application_signs_in_with_iam" {
  command = plan

  assert {
    condition     = one(aws_elasticache_user.application.authentication_mode).type == "iam"
    error_message = "The application must sign in with IAM."
  }

  assert {
    condition     = aws_elasticache_user.application.user_id == aws_elasticache_user.application.user_name
    error_message = "IAM sign-in needs the same id and name."
  }

  assert {
    condition     = aws_elasticache_replication_group.store.auth_token == null
    error_message = "There must be no password."
  }
}

run "the_application_may_do_only_what_it_does" {
  command = plan

  assert {
    condition = (
      aws_elasticache_user.application.access_string == join(" ", [
        "on ~{saved-string}* resetchannels -@all",
        "+auth +client|setinfo +cluster|slots +role +script|load +evalsha +wait",
        "+del +set +time +xadd +xinfo|stream +xrange +xread +xrevrange",
      ])
    )
    error_message = "The application must have exactly these commands and keys."
  }
}

run "the_default_user_is_off" {
  command = plan

  assert {
    condition     = aws_elasticache_user_group.store.engine == "valkey"
    error_message = "A group of engine valkey takes only users that authenticate."
  }

  assert {
    condition     = aws_elasticache_user_group.store.user_ids == toset([aws_elasticache_user.application.user_id])
    error_message = "Nobody but the application may sign in."
  }

  assert {
    condition     = aws_elasticache_replication_group.store.user_group_ids == toset([aws_elasticache_user_group.store.user_group_id])
    error_message = "The store must use the user group."
  }
}

run "is_snapshot_every_day" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.store.snapshot_retention_limit == 7 && aws_elasticache_replication_group.store.final_snapshot_identifier == "saved-string-production-final"
    error_message = "Daily snapshots must be kept for a week, and a last one when the store goes."
  }
}

run "the_last_snapshot_can_be_left_out" {
  command = plan

  variables {
    final_snapshot = false
  }

  assert {
    condition     = aws_elasticache_replication_group.store.final_snapshot_identifier == null
    error_message = "There must be no last snapshot."
  }
}

run "is_restored_from_a_named_snapshot" {
  command = plan

  variables {
    store_snapshot_name = "saved-string-production-final"
  }

  assert {
    condition     = aws_elasticache_replication_group.store.snapshot_name == "saved-string-production-final"
    error_message = "The store must be made from the snapshot."
  }
}

run "is_not_upgraded_behind_our_back" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.store.auto_minor_version_upgrade == "false"
    error_message = "A version that changes by itself would be planned back, by replacing the store."
  }
}

run "logs_its_failovers_and_not_its_commands" {
  command = plan

  assert {
    condition     = [for log in aws_elasticache_replication_group.store.log_delivery_configuration : log.log_type] == ["engine-log"]
    error_message = "The engine log must be delivered, and the slow log, which holds strings, must not."
  }
}
