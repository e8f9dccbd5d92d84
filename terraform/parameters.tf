# The hashes of the API keys. Terraform makes the parameter and never looks at its value again: write-only values are
# not kept in the state, and the version below stays what it is.
resource "aws_ssm_parameter" "api_keys" {
  name             = "${local.namespace}/api-keys"
  description      = "API keys of ${local.name}: one \"name sha256\" per line"
  type             = "SecureString"
  value_wo         = "# name sha256"
  value_wo_version = 1

  lifecycle {
    ignore_changes = [value_wo_version]
  }
}
