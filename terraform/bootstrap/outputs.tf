output "init_command" {
  description = "What to type next, in the directory above, for an environment named production."
  value = join(" ", [
    "terraform init -backend-config=bucket=${aws_s3_bucket.state.bucket}",
    "-backend-config=key=production/terraform.tfstate -backend-config=region=${var.region}",
  ])
}
