# The machine that builds images. Packer starts it with this role, which is the same in every region. A role of its own
# rather than one that Packer makes for each build: that needs fewer permissions, and Packer's plugin before 1.8.3 tries
# such a role out on an x86 instance, which an arm64 build refuses.
# https://github.com/hashicorp/packer-plugin-amazon/issues/675

resource "aws_iam_role" "builder" {
  name               = "saved-string-image-builder"
  description        = "The machine that builds images of Saved String"
  assume_role_policy = data.aws_iam_policy_document.builder_trust.json
}

resource "aws_iam_instance_profile" "builder" {
  name = "saved-string-image-builder"
  role = aws_iam_role.builder.name
}

resource "aws_iam_role_policy" "builder" {
  name   = "builder"
  role   = aws_iam_role.builder.id
  policy = data.aws_iam_policy_document.builder.json
}

data "aws_iam_policy_document" "builder_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

# What AmazonSSMManagedInstanceCore needs for a session, without its right to read every parameter of the account.
data "aws_iam_policy_document" "builder" {
  statement {
    sid       = "RegisterForSessions"
    actions   = ["ssm:UpdateInstanceInformation"]
    resources = ["arn:${data.aws_partition.current.partition}:ec2:*:${data.aws_caller_identity.current.account_id}:instance/*"]
  }

  # These actions know no resource: a session channel has no ARN.
  statement {
    sid = "Sessions"
    actions = [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"]
  }
}
