# Three layers over three zones. Only the public one has a way to the internet, and only the load balancer lives there.

data "aws_availability_zones" "available" {
  state = "available"
  # The oldest zone of us-east-1 has neither Graviton instances nor their cache nodes.
  exclude_zone_ids = ["use1-az3"]

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }

  lifecycle {
    postcondition {
      condition     = length(self.names) >= 3
      error_message = "The region ${var.region} has fewer than three usable zones; choose another region."
    }
  }
}

locals {
  zones = (
    length(var.availability_zones) == 3 ? var.availability_zones : slice(data.aws_availability_zones.available.names, 0, 3)
  )
  zone_numbers = { for number, zone in local.zones : zone => number }
}

resource "aws_vpc" "main" {
  cidr_block           = var.vpc_cidr_block
  enable_dns_hostnames = true
  enable_dns_support   = true

  tags = { Name = local.name }
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id

  tags = { Name = local.name }
}

# Subnets ---------------------------------------------------------------------

resource "aws_subnet" "public" {
  for_each = local.zone_numbers

  vpc_id                  = aws_vpc.main.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet(var.vpc_cidr_block, 4, each.value)
  map_public_ip_on_launch = false

  tags = { Name = "${local.name}-public-${each.key}" }
}

resource "aws_subnet" "application" {
  for_each = local.zone_numbers

  vpc_id                  = aws_vpc.main.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet(var.vpc_cidr_block, 4, each.value + 4)
  map_public_ip_on_launch = false

  tags = { Name = "${local.name}-application-${each.key}" }
}

resource "aws_subnet" "store" {
  for_each = local.zone_numbers

  vpc_id                  = aws_vpc.main.id
  availability_zone       = each.key
  cidr_block              = cidrsubnet(var.vpc_cidr_block, 4, each.value + 8)
  map_public_ip_on_launch = false

  tags = { Name = "${local.name}-store-${each.key}" }
}

# Routes ----------------------------------------------------------------------

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id

  tags = { Name = "${local.name}-public" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}

resource "aws_route_table_association" "public" {
  for_each = aws_subnet.public

  route_table_id = aws_route_table.public.id
  subnet_id      = each.value.id
}

# No route but the local one and, for the application, the S3 endpoint.
resource "aws_route_table" "application" {
  vpc_id = aws_vpc.main.id

  tags = { Name = "${local.name}-application" }
}

resource "aws_route_table_association" "application" {
  for_each = aws_subnet.application

  route_table_id = aws_route_table.application.id
  subnet_id      = each.value.id
}

resource "aws_route_table" "store" {
  vpc_id = aws_vpc.main.id

  tags = { Name = "${local.name}-store" }
}

resource "aws_route_table_association" "store" {
  for_each = aws_subnet.store

  route_table_id = aws_route_table.store.id
  subnet_id      = each.value.id
}
