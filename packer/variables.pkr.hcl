variable "application_dir" {
  type        = string
  default     = "target"
  description = "Directory with saved-string.jar, lib/ and the bill of materials, bom.json."
}

variable "architecture" {
  type        = string
  default     = "arm64"
  description = "Processor architecture of the image: arm64 or x86_64."

  validation {
    condition     = var.architecture == "arm64" || var.architecture == "x86_64"
    error_message = "The architecture is arm64 or x86_64."
  }
}

variable "commit" {
  type        = string
  description = "Commit the application was built from."
}

variable "instance_profile" {
  type        = string
  default     = "saved-string-image-builder"
  description = "Instance profile of the builder, which lets Session Manager in; the bootstrap makes it."
}

variable "manifest" {
  type        = string
  default     = "target/image.json"
  description = "File that receives the id of the image."
}

variable "public_address" {
  type        = bool
  default     = true
  description = "Whether the builder gets a public address; false in a subnet whose way out is a NAT gateway."
}

variable "region" {
  type        = string
  default     = "us-east-1"
  description = "Region the image is built in."
}

variable "subnet_id" {
  type        = string
  default     = ""
  description = "Subnet of the builder, with a way out to the package sources. Empty: one of the default VPC."
}

variable "version" {
  type        = string
  description = "Version of the application."
}
