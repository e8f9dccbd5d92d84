# Who may talk to whom: the world to the load balancer, it to the application, the application to the store and to the
# endpoints. Nothing else, and nobody to port 22.

# Without rules: what forgets to name its group can talk to nobody.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.main.id

  tags = { Name = "${local.name}-closed" }
}

# Load balancer ---------------------------------------------------------------

resource "aws_security_group" "load_balancer" {
  name        = "${local.name}-load-balancer"
  description = "The load balancer of ${local.name}"
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${local.name}-load-balancer" }
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_https" {
  for_each = toset(var.allowed_cidr_blocks)

  security_group_id = aws_security_group.load_balancer.id
  description       = "HTTPS from visitors and writers"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_http" {
  for_each = toset(var.allowed_cidr_blocks)

  security_group_id = aws_security_group.load_balancer.id
  description       = "HTTP, only to be redirected to HTTPS"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_application" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "Requests and health checks to the instances"
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = local.http_port
  to_port                      = local.http_port
}

# Application -----------------------------------------------------------------

resource "aws_security_group" "application" {
  name        = "${local.name}-application"
  description = "The instances of ${local.name}"
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${local.name}-application" }
}

resource "aws_vpc_security_group_ingress_rule" "application_load_balancer" {
  security_group_id            = aws_security_group.application.id
  description                  = "Requests and health checks from the load balancer"
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = local.http_port
  to_port                      = local.http_port
}

resource "aws_vpc_security_group_egress_rule" "application_store" {
  security_group_id            = aws_security_group.application.id
  description                  = "Valkey"
  referenced_security_group_id = aws_security_group.store.id
  ip_protocol                  = "tcp"
  from_port                    = local.store_port
  to_port                      = local.store_port
}

resource "aws_vpc_security_group_egress_rule" "application_endpoints" {
  security_group_id            = aws_security_group.application.id
  description                  = "AWS services through the endpoints in this network"
  referenced_security_group_id = aws_security_group.endpoints.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "application_s3" {
  security_group_id = aws_security_group.application.id
  description       = "Amazon Linux packages through the S3 endpoint"
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# Store -----------------------------------------------------------------------

resource "aws_security_group" "store" {
  name        = "${local.name}-store"
  description = "The Valkey nodes of ${local.name}"
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${local.name}-store" }
}

resource "aws_vpc_security_group_ingress_rule" "store_application" {
  security_group_id            = aws_security_group.store.id
  description                  = "Valkey from the instances"
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = local.store_port
  to_port                      = local.store_port
}

# Endpoints -------------------------------------------------------------------

resource "aws_security_group" "endpoints" {
  name        = "${local.name}-endpoints"
  description = "The endpoints of AWS services in ${local.name}"
  vpc_id      = aws_vpc.main.id

  tags = { Name = "${local.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints_application" {
  security_group_id            = aws_security_group.endpoints.id
  description                  = "HTTPS from the instances"
  referenced_security_group_id = aws_security_group.application.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}
