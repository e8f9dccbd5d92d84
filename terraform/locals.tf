locals {
  name      = "saved-string-${var.environment}"
  namespace = "/saved-string/${var.environment}"
  http_port = 8080

  tags = {
    Project     = "saved-string"
    Environment = var.environment
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}
