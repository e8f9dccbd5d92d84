# A stack of nothing but outputs, with the state in a real bucket protocol: what the rollout does with Terraform is real.
terraform {
  required_version = ">= 1.11"

  backend "s3" {
    use_lockfile                = true
    use_path_style              = true
    skip_requesting_account_id  = true
    skip_credentials_validation = true
    skip_metadata_api_check     = true
  }
}

variable "deletion_protection" {
  type    = bool
  default = true
}

variable "environment" { type = string }
variable "image_id" { type = string }
variable "region" { type = string }
variable "url" { type = string }

resource "terraform_data" "group" {
  input = var.image_id
}

resource "terraform_data" "balancer" {
  input = var.deletion_protection
}

output "autoscaling_group_name" { value = "saved-string-${var.environment}" }
output "image_id" { value = terraform_data.group.output }
output "load_balancer_dns_name" { value = "127.0.0.1" }
output "url" { value = var.url }
