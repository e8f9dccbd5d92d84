# Makes the bucket that holds the state of everything else. Its own state stays in this directory: it is made once, and
# losing that state loses nothing but the ability to remove the bucket from here.
terraform {
  required_version = ">= 1.11"

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
