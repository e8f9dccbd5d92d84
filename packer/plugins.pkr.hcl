packer {
  required_version = ">= 1.10"

  # Amazon 1.8.1 and 1.8.2 can't make a temporary instance profile for arm64; the builder has a fixed one (source.pkr.hcl).
  # https://github.com/hashicorp/packer-plugin-amazon/issues/675, .../issues/649, mended after 1.8.2 by .../pull/700.
  # To the letter: they run with the rights of whoever builds the image. Packer checks them by the release's checksums.
  required_plugins {
    amazon = {
      source  = "github.com/hashicorp/amazon"
      version = "1.8.2"
    }
    ansible = {
      source  = "github.com/hashicorp/ansible"
      version = "1.1.6"
    }
  }
}
