# Laid over a copy of the bootstrap for the simulated AWS, which knows a bucket by its path only.
provider "aws" {
  max_retries                 = 3
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
