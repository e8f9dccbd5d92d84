build {
  sources = ["source.amazon-ebs.saved_string"]

  provisioner "shell" {
    inline = [
      "sudo dnf --quiet --assumeyes install ansible-core",
      "install -d /tmp/saved-string/lib",
    ]
  }

  provisioner "file" {
    source      = "${var.application_dir}/saved-string.jar"
    destination = "/tmp/saved-string/saved-string.jar"
  }

  provisioner "file" {
    source      = "${var.application_dir}/lib/"
    destination = "/tmp/saved-string/lib"
  }

  provisioner "file" {
    source      = "${var.application_dir}/bom.json"
    destination = "/tmp/saved-string/bom.json"
  }

  provisioner "file" {
    source      = "src/main/jvm.options"
    destination = "/tmp/saved-string/jvm.options"
  }

  provisioner "ansible-local" {
    playbook_file     = "ansible/image.yml"
    role_paths        = ["ansible/roles/saved_string"]
    staging_directory = "/tmp/ansible"
    command           = "sudo ansible-playbook"
    extra_arguments = [
      "--extra-vars", "saved_string_version=${var.version}",
      "--extra-vars", "saved_string_commit=${var.commit}",
    ]
  }

  provisioner "shell" {
    script          = "packer/scripts/remove-ansible"
    execute_command = "chmod +x {{ .Path }} && sudo {{ .Path }}"
  }

  provisioner "shell" {
    script          = "packer/scripts/list-packages"
    execute_command = "chmod +x {{ .Path }} && sudo {{ .Path }} ${local.packages_file}"
  }

  provisioner "file" {
    direction   = "download"
    source      = local.packages_file
    destination = "${var.application_dir}/packages.cdx.json"
  }

  provisioner "shell" {
    scripts         = ["packer/scripts/cleanup", "packer/scripts/validate"]
    execute_command = "chmod +x {{ .Path }} && sudo {{ .Path }}"
  }

  post-processor "manifest" {
    output     = var.manifest
    strip_path = true
    custom_data = {
      version      = var.version
      commit       = var.commit
      architecture = var.architecture
      source_image = local.base_image_id
    }
  }
}
