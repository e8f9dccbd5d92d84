locals {
  instance_types = {
    arm64  = "t4g.small"
    x86_64 = "t3.small"
  }
  # What of the system is in the image, as bom.json beside it says of the application.
  packages_file = "/opt/saved-string/packages.cdx.json"
  built_at      = formatdate("YYYYMMDD-hhmmss", timestamp())
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
  subnet_id     = var.subnet_id
  source_ami    = local.base_image_id
  instance_type = local.instance_types[var.architecture]
  # A new burstable instance has no credits yet, and Packer starts it as "standard": a build at a fifth of its speed.
  # https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-standard-mode-concepts.html
  enable_unlimited_credits = true

  # No port is opened: SSH runs inside a Session Manager tunnel.
  communicator            = "ssh"
  ssh_interface           = "session_manager"
  ssh_username            = "ec2-user"
  ssh_timeout             = "10m"
  temporary_key_pair_type = "ed25519"

  # Asked for even in the default VPC, whose subnets give one by themselves: only then does the plugin look for a zone that
  # has this type of instance. https://github.com/hashicorp/packer-plugin-amazon/blob/v1.8.2/common/step_network_info.go
  associate_public_ip_address = var.public_address

  # A role that the bootstrap made (terraform/bootstrap/builder.tf), and no temporary one: making one takes rights to make
  # roles, and the plugin tries it out with a dry run of an x86 instance without a subnet, which no arm64 image and no
  # account without a default VPC survives. https://github.com/hashicorp/packer-plugin-amazon/issues/675
  iam_instance_profile = var.instance_profile

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  ami_name        = "saved-string-${var.version}-${var.architecture}-${local.built_at}"
  ami_description = "Saved String ${var.version} (${var.commit})"
  imds_support    = "v2.0"

  # Encrypted from the start, so that its snapshot is, too; encrypt_boot would make a second copy of the whole image.
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
