# Makes what has to be there first: the bucket that holds the state of everything else, the role of the machine that
# builds images, and the policies of people. Its own state stays on this machine, and nothing depends on it: what is there
# is found and taken over (imports.tf).
terraform {
  required_version = ">= 1.11"

  backend "local" {}

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Project = "saved-string" }
  }
}
