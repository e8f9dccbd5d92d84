# The newest Amazon Linux 2023 by its public parameter. Apart from source.pkr.hcl because Packer before 1.7 has no data
# sources; there base_image_id is given by hand.
data "amazon-parameterstore" "base_image" {
  name   = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${var.architecture}"
  region = var.region
}

locals {
  base_image_id = data.amazon-parameterstore.base_image.value
}
