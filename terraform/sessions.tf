# Shells on instances: who opened one, when, and what was said in it.

resource "aws_cloudwatch_log_group" "sessions" {
  name              = "${local.namespace}/sessions"
  retention_in_days = var.log_retention_days
}

# A document of this deployment's own. The account's preferences (SSM-SessionManagerRunShell) belong to whoever cares for
# the account; and who rolls out may open a shell with this document alone, so that none is without its log.
# https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-schema.html
resource "aws_ssm_document" "shell" {
  name            = "${local.name}-shell"
  document_type   = "Session"
  document_format = "JSON"

  content = jsonencode({
    schemaVersion = "1.0"
    description   = "A shell on an instance of ${local.name}, with its log"
    sessionType   = "Standard_Stream"
    inputs = {
      cloudWatchLogGroupName = aws_cloudwatch_log_group.sessions.name
      # As it is typed, so that nobody can take it back.
      cloudWatchStreamingEnabled = true
      # Asks for a key of our own. CloudWatch encrypts every group with one of its own anyway, and what comes to it and
      # the session itself travel in TLS. https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
      cloudWatchEncryptionEnabled = false
      s3BucketName                = ""
      s3KeyPrefix                 = ""
      s3EncryptionEnabled         = false
      kmsKeyId                    = ""
      runAsEnabled                = false
      runAsDefaultUser            = ""
      idleSessionTimeout          = "20"
      maxSessionDuration          = "480"
    }
  })
}
