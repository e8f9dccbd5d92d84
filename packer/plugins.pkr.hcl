packer {
  required_version = ">= 1.10"

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
