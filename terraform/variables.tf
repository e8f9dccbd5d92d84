variable "alarm_emails" {
  description = "E-mail addresses that are told of alarms; each one has to confirm once."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for email in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", email))])
    error_message = "Every entry of alarm_emails must be an e-mail address like someone@example.org."
  }
}

variable "allowed_cidr_blocks" {
  description = "IPv4 ranges that may reach the load balancer."
  type        = list(string)
  default     = ["0.0.0.0/0"]
  nullable    = false

  validation {
    condition = (
      length(var.allowed_cidr_blocks) > 0 && alltrue([for block in var.allowed_cidr_blocks : can(cidrnetmask(block))])
    )
    error_message = "allowed_cidr_blocks must name at least one IPv4 range like 203.0.113.0/24."
  }
}

variable "availability_zones" {
  description = "Three zones to spread over; empty for the first three of the region."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.availability_zones) == 0 || length(distinct(var.availability_zones)) == 3
    error_message = "availability_zones must name three different zones, or none to take the region's first three."
  }
}

variable "certificate_arn" {
  description = "Certificate in ACM to serve with, instead of one that is made for domain_name."
  type        = string
  default     = null

  validation {
    condition     = (var.certificate_arn == null) != (var.domain_name == null)
    error_message = "Set either certificate_arn or domain_name with hosted_zone_id, not both and not neither."
  }

  validation {
    condition = (
      var.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:[a-z0-9-]+:[0-9]{12}:certificate/.+$", var.certificate_arn))
    )
    error_message = "certificate_arn must be the ARN of a certificate in ACM: arn:aws:acm:REGION:ACCOUNT:certificate/ID."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer and the bucket with its logs refuse to be deleted."
  type        = bool
  default     = true
  nullable    = false
}

variable "domain_name" {
  description = "Name that the page is served under; a certificate and a record are made for it."
  type        = string
  default     = null

  validation {
    condition     = var.domain_name == null || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "domain_name must be a full lower-case name like string.example.org, without https:// and without a final dot."
  }
}

variable "environment" {
  description = "Name of this deployment; part of every resource's name."
  type        = string
  default     = "production"
  nullable    = false

  validation {
    condition     = length(var.environment) <= 16 && can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.environment))
    error_message = "environment must be at most 16 lower-case letters, digits and single hyphens, beginning with a letter."
  }
}

variable "final_snapshot" {
  description = "Whether destroying the store leaves a last snapshot of it behind."
  type        = bool
  default     = true
  nullable    = false
}

variable "hosted_zone_id" {
  description = "Route 53 zone that domain_name belongs to."
  type        = string
  default     = null

  validation {
    condition     = (var.hosted_zone_id == null) == (var.domain_name == null)
    error_message = "Set hosted_zone_id together with domain_name, or neither of them."
  }

  validation {
    condition     = var.hosted_zone_id == null || can(regex("^[A-Z0-9]{8,32}$", var.hosted_zone_id))
    error_message = "hosted_zone_id must be the id of a Route 53 zone like Z0123456789ABCDEFGHIJ."
  }
}

variable "image_id" {
  description = "Machine image to run, as the image build printed it. Changing it replaces every instance; going back is setting the previous one."
  type        = string

  validation {
    condition     = can(regex("^ami-[0-9a-f]{8,17}$", var.image_id))
    error_message = "image_id must be the id of a machine image like ami-0123456789abcdef0."
  }
}

variable "instance_count_max" {
  description = "The most instances that load may lead to."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.instance_count_max >= var.instance_count_min && var.instance_count_max <= 50
    error_message = "instance_count_max must be between instance_count_min and 50."
  }
}

variable "instance_count_min" {
  description = "Instances that always run."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.instance_count_min >= 2 && floor(var.instance_count_min) == var.instance_count_min
    error_message = "instance_count_min must be a whole number of at least 2: one instance alone is an outage when it dies."
  }
}

variable "instance_type" {
  description = "EC2 instance type, of the image's processor architecture."
  type        = string
  default     = "t4g.small"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*\\.[a-z0-9-]+$", var.instance_type))
    error_message = "instance_type must be an EC2 instance type like t4g.small."
  }
}

variable "log_retention_days" {
  description = "Days that every log is kept."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731."
  }
}

variable "refresh_stops_on_alarm" {
  description = "Whether an alarm stops a rollout. Set it to false to roll out a fix while the alarm is already on: a rollout doesn't begin under one."
  type        = bool
  default     = true
  nullable    = false
}

variable "region" {
  description = "AWS region of the whole stack."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS region like us-east-1."
  }
}

variable "store_engine_version" {
  description = "Version of Valkey, with one step between major versions. Going back REPLACES the store."
  type        = string
  default     = "8.1"
  nullable    = false

  validation {
    condition     = can(regex("^[89]\\.[0-9]$", var.store_engine_version))
    error_message = "store_engine_version must be a version of Valkey 8 or 9 like 8.1."
  }
}

variable "store_node_type" {
  description = "ElastiCache node type."
  type        = string
  default     = "cache.t4g.micro"
  nullable    = false

  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.store_node_type))
    error_message = "store_node_type must be an ElastiCache node type like cache.t4g.micro."
  }
}

variable "store_replica_count" {
  description = "Replicas of the store's primary."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = contains([2, 3, 4, 5], var.store_replica_count)
    error_message = "store_replica_count must be 2 to 5: every write waits for a replica, so with one replica its death would stop all writes."
  }
}

variable "store_snapshot_name" {
  description = "Snapshot to make the store from. Setting or changing it REPLACES the store; keep it set afterwards."
  type        = string
  default     = null

  validation {
    condition     = var.store_snapshot_name == null || can(regex("^[A-Za-z][A-Za-z0-9.:-]*$", var.store_snapshot_name))
    error_message = "store_snapshot_name must be the name of an ElastiCache snapshot, or null."
  }
}

variable "store_snapshot_retention_days" {
  description = "Days that the store's daily snapshot is kept."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.store_snapshot_retention_days >= 1 && var.store_snapshot_retention_days <= 35
    error_message = "store_snapshot_retention_days must be 1 to 35: without a snapshot a lost store is lost for good."
  }
}

variable "vpc_cidr_block" {
  description = "Private IPv4 range of the network."
  type        = string
  default     = "10.42.0.0/16"
  nullable    = false

  validation {
    condition = (
      can(cidrnetmask(var.vpc_cidr_block)) &&
      try(tonumber(split("/", var.vpc_cidr_block)[1]) >= 16 && tonumber(split("/", var.vpc_cidr_block)[1]) <= 20, false)
    )
    error_message = "vpc_cidr_block must be an IPv4 range of /16 to /20 like 10.42.0.0/16."
  }
}
