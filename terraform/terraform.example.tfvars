# Copy to production.tfvars (named for the environment) and fill in; `make deploy IMAGE=ami-…` reads it.

# A certificate and a record are made for a name in a Route 53 zone …
domain_name    = "string.example.org"
hosted_zone_id = "Z0123456789ABCDEFGHIJ"

# … or serve with a certificate that is in ACM already. For a demonstration `make certificate` makes one.
# certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"

# Who is told when something hurts users.
alarm_emails = ["operations@example.org"]

# Everything else has a default: see variables.tf.
