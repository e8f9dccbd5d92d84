variable "bucket" {
  description = "Name of the bucket, unique in all of AWS."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket must be 3 to 63 lower-case letters, digits and hyphens, with a hyphen neither first nor last."
  }
}

variable "existing" {
  description = "What is there already, of: bucket, role, instance-profile, github, workflow-*, and the names of the policies. It is taken over instead of made."
  type        = set(string)
  default     = []
  nullable    = false
}

variable "github_repository" {
  description = "Repository whose workflows build and deploy, as OWNER/NAME; without one no roles are made for them."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "github_repository must be OWNER/NAME."
  }
}

variable "region" {
  description = "AWS region of the bucket."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be an AWS region like us-east-1."
  }
}
