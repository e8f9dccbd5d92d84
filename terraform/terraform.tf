terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }

  # Bucket, key and region come as -backend-config: they differ by account and environment.
  backend "s3" {
    encrypt      = true
    use_lockfile = true
  }
}
