locals {
  instance_types = {
    arm64  = "t4g.small"
    x86_64 = "t3.small"
  }
  built_at = formatdate("YYYYMMDD-hhmmss", timestamp())
  tags = {
    Name        = "saved-string-${var.version}"
    Project     = "saved-string"
    Version     = var.version
    Commit      = var.commit
    SourceImage = "{{ .SourceAMI }}"
    SourceName  = "{{ .SourceAMIName }}"
  }
}

source "amazon-ebs" "saved_string" {
  region        = var.region
  source_ami    = local.base_image_id
  instance_type = local.instance_types[var.architecture]
  subnet_id     = var.subnet_id

  # No port is opened: SSH runs inside a Session Manager tunnel.
  communicator                = "ssh"
  ssh_interface               = "session_manager"
  ssh_username                = "ec2-user"
  ssh_timeout                 = "10m"
  temporary_key_pair_type     = "ed25519"
  associate_public_ip_address = true

  # What AmazonSSMManagedInstanceCore needs for the tunnel, and no more.
  temporary_iam_instance_profile_policy_document {
    Version = "2012-10-17"
    Statement {
      Effect = "Allow"
      Action = [
        "ssm:UpdateInstanceInformation",
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ]
      Resource = ["*"]
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  ami_name        = "saved-string-${var.version}-${var.architecture}-${local.built_at}"
  ami_description = "Saved String ${var.version} (${var.commit})"
  imds_support    = "v2.0"
  encrypt_boot    = true

  launch_block_device_mappings {
    device_name           = "/dev/xvda"
    volume_type           = "gp3"
    iops                  = 3000
    throughput            = 125
    volume_size           = 8
    encrypted             = true
    delete_on_termination = true
  }

  tags          = local.tags
  snapshot_tags = local.tags
  run_tags = {
    Name    = "saved-string-image-builder"
    Project = "saved-string"
  }
  run_volume_tags = {
    Name    = "saved-string-image-builder"
    Project = "saved-string"
  }
}
