# The only ways out of the application subnets. Signing in to the store is local, and metrics travel as log events, so
# that neither needs an endpoint.

locals {
  endpoint_policies = {
    ssm         = data.aws_iam_policy_document.endpoint_ssm.json
    ssmmessages = data.aws_iam_policy_document.endpoint_ssmmessages.json
    logs        = data.aws_iam_policy_document.endpoint_logs.json
  }
}

resource "aws_vpc_endpoint" "interface" {
  for_each = local.endpoint_policies

  vpc_id              = aws_vpc.main.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  policy              = each.value
  security_group_ids  = [aws_security_group.endpoints.id]
  # Two zones outlive the loss of one; a third would only cost more.
  subnet_ids = [for zone in slice(local.zones, 0, 2) : aws_subnet.application[zone].id]

  tags = { Name = "${local.name}-${each.key}" }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.main.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  policy            = data.aws_iam_policy_document.endpoint_s3.json
  route_table_ids   = [aws_route_table.application.id]

  tags = { Name = "${local.name}-s3" }
}

data "aws_iam_policy_document" "endpoint_ssm" {
  statement {
    sid       = "ReadApiKeys"
    actions   = ["ssm:GetParameter"]
    resources = [aws_ssm_parameter.api_keys.arn]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.instance.arn]
    }
  }

  statement {
    sid       = "RegisterForSessions"
    actions   = ["ssm:UpdateInstanceInformation"]
    resources = [local.instance_arns]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.instance.arn]
    }
  }
}

data "aws_iam_policy_document" "endpoint_ssmmessages" {
  statement {
    sid       = "Sessions"
    actions   = local.session_actions
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.instance.arn]
    }
  }
}

data "aws_iam_policy_document" "endpoint_logs" {
  statement {
    sid       = "WriteLogs"
    actions   = local.log_actions
    resources = local.log_stream_arns

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.instance.arn]
    }
  }
  statement {
    sid       = "FindLogGroup"
    actions   = ["logs:DescribeLogGroups"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = [aws_iam_role.instance.arn]
    }
  }
}

data "aws_iam_policy_document" "endpoint_s3" {
  statement {
    sid       = "ReadAmazonLinuxPackages"
    actions   = ["s3:GetObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::al2023-repos-${var.region}-de612dc2/*"]

    # Packages are fetched without credentials.
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
