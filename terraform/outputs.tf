output "alarm_topic_arn" {
  description = "Topic that every alarm is sent to."
  value       = aws_sns_topic.alarms.arn
}

output "api_keys_parameter_name" {
  description = "Parameter that holds the hashes of the API keys."
  value       = aws_ssm_parameter.api_keys.name
}

output "autoscaling_group_name" {
  description = "Group of the instances."
  value       = aws_autoscaling_group.application.name
}

output "commands" {
  description = "What to type next."
  value = {
    show     = "curl ${local.url}/"
    change   = "curl -X PUT -H \"X-API-Key: $KEY\" -d 'a new string' ${local.url}/"
    rollout  = "aws autoscaling describe-instance-refreshes --region ${var.region} --auto-scaling-group-name ${aws_autoscaling_group.application.name} --max-records 1"
    logs     = "aws logs tail --region ${var.region} --follow ${aws_cloudwatch_log_group.application.name}"
    failover = "aws elasticache test-failover --region ${var.region} --replication-group-id ${local.store_id} --node-group-id 0001"
  }
}

output "dashboard_url" {
  description = "Dashboard in CloudWatch."
  value       = "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${aws_cloudwatch_dashboard.main.dashboard_name}"
}

output "image_id" {
  description = "Machine image that new instances run."
  value       = var.image_id
}

output "load_balancer_dns_name" {
  description = "The load balancer's own name, to reach it before or without a domain."
  value       = aws_lb.main.dns_name
}

output "log_group_name" {
  description = "Log group of the application."
  value       = aws_cloudwatch_log_group.application.name
}

output "region" {
  description = "Region of the stack."
  value       = var.region
}

output "replication_group_id" {
  description = "The store."
  value       = local.store_id
}

output "shell_document_name" {
  description = "Session Manager document of a shell on an instance."
  value       = aws_ssm_document.shell.name
}

output "url" {
  description = "Address of the page."
  value       = local.url
}

locals {
  url = "https://${coalesce(var.domain_name, aws_lb.main.dns_name)}"
}
