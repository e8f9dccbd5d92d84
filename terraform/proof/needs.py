"""What is needed beside the calls that are recorded here, each with where it is written down.

An action that is in a policy and neither recorded, nor typed by people as the runbook says, nor here, is too much; one that is
here although it was recorded is an error, too.
"""

AUTHORIZATION = "https://docs.aws.amazon.com/service-authorization/latest/reference/"
PROVIDER = "https://github.com/hashicorp/terraform-provider-aws/tree/v5.100.0/internal/service/"

# AWS asks for these when it is asked for the other.
IMPLIED = {
    "autoscaling:CreateAutoScalingGroup": (
        "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html",
        ("ec2:RunInstances", "ec2:CreateTags", "iam:PassRole", "iam:CreateServiceLinkedRole"),
    ),
    "ec2:RunInstances": (f"{AUTHORIZATION}list_amazonec2.html", ("iam:PassRole", "ec2:CreateTags")),
    "ec2:CreateFlowLogs": (
        f"{AUTHORIZATION}list_amazonec2.html",
        ("iam:PassRole", "logs:CreateLogDelivery", "logs:DeleteLogDelivery"),
    ),
    "ec2:CreateVpcEndpoint": (f"{AUTHORIZATION}list_amazonec2.html", ("route53:AssociateVPCWithHostedZone",)),
    "iam:AddRoleToInstanceProfile": (f"{AUTHORIZATION}list_awsidentityandaccessmanagementiam.html", ("iam:PassRole",)),
    "elasticloadbalancing:CreateLoadBalancer": (
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-api-permissions.html",
        ("elasticloadbalancing:AddTags", "iam:CreateServiceLinkedRole"),
    ),
    "elasticache:CreateReplicationGroup": (
        f"{AUTHORIZATION}list_amazonelasticache.html",
        (
            "ec2:CreateNetworkInterface",
            "ec2:DeleteNetworkInterface",
            "elasticache:AddTagsToResource",
            "iam:CreateServiceLinkedRole",
        ),
    ),
    "elasticache:ModifyReplicationGroup": (
        "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Log_Delivery.html",
        (
            "logs:CreateLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:GetLogDelivery",
            "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies",
        ),
    ),
    # What carries the tags of the provider's default_tags has to be allowed to be tagged.
    "acm:RequestCertificate": (f"{AUTHORIZATION}list_awscertificatemanager.html", ("acm:AddTagsToCertificate",)),
    "cloudwatch:PutMetricAlarm": (f"{AUTHORIZATION}list_amazoncloudwatch.html", ("cloudwatch:TagResource",)),
    "iam:CreateInstanceProfile": (
        f"{AUTHORIZATION}list_awsidentityandaccessmanagementiam.html", ("iam:TagInstanceProfile",),
    ),
    "iam:CreateOpenIDConnectProvider": (
        f"{AUTHORIZATION}list_awsidentityandaccessmanagementiam.html", ("iam:TagOpenIDConnectProvider",),
    ),
    "iam:CreatePolicy": (f"{AUTHORIZATION}list_awsidentityandaccessmanagementiam.html", ("iam:TagPolicy",)),
    "iam:CreateRole": (f"{AUTHORIZATION}list_awsidentityandaccessmanagementiam.html", ("iam:TagRole",)),
    "logs:CreateLogGroup": (f"{AUTHORIZATION}list_amazoncloudwatchlogs.html", ("logs:TagResource",)),
    "sns:CreateTopic": (f"{AUTHORIZATION}list_amazonsns.html", ("sns:TagResource",)),
    # Without the right to search, what isn't there is answered as forbidden.
    "s3:GetObject": ("https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html", ("s3:ListBucket",)),
}  # fmt: skip

# Calls of the provider that the simulator has no answer for, or that only another change brings about.
DEPLOYED = {
    f"{PROVIDER}elasticache": (
        "elasticache:CreateCacheParameterGroup", "elasticache:DescribeCacheParameterGroups",
        "elasticache:DescribeCacheParameters", "elasticache:ModifyCacheParameterGroup",
        "elasticache:DeleteCacheParameterGroup", "elasticache:CreateCacheSubnetGroup",
        "elasticache:DescribeCacheSubnetGroups", "elasticache:ModifyCacheSubnetGroup",
        "elasticache:DeleteCacheSubnetGroup", "elasticache:CreateUserGroup", "elasticache:DescribeUserGroups",
        "elasticache:ModifyUserGroup", "elasticache:DeleteUserGroup", "elasticache:ModifyUser",
        "elasticache:CreateReplicationGroup", "elasticache:DescribeCacheClusters", "elasticache:ModifyReplicationGroup",
        "elasticache:IncreaseReplicaCount", "elasticache:DecreaseReplicaCount",
        "elasticache:DeleteReplicationGroup",
    ),
    # A refresh that is under way is cancelled before the next begins.
    f"{PROVIDER}autoscaling": ("autoscaling:CancelInstanceRefresh",),
    f"{PROVIDER}ec2": ("ec2:DeleteTags", "ec2:ModifyVpcEndpoint", "ec2:ModifySecurityGroupRules"),
    f"{PROVIDER}elbv2": ("elasticloadbalancing:ModifyListener", "elasticloadbalancing:ModifyTargetGroup"),
    f"{PROVIDER}ssm": ("ssm:AddTagsToResource", "ssm:UpdateDocument", "ssm:UpdateDocumentDefaultVersion"),
    f"{PROVIDER}iam": ("iam:UpdateAssumeRolePolicy",),
    # A bucket that is to be removed is emptied first, of every version of its objects; the simulator's stays empty, for
    # its policy demands TLS.
    f"{PROVIDER}s3": ("s3:ListBucketVersions", "s3:DeleteObjectVersion"),
}  # fmt: skip
BOOTSTRAPPED = {
    # The oldest of five versions goes before the sixth is made.
    f"{PROVIDER}iam/policy.go": ("iam:DeletePolicyVersion",),
}

# The calls of Packer's amazon plugin 1.8, read in its sources in the order of its steps, for a build as ours is.
PACKER = "https://github.com/hashicorp/packer-plugin-amazon/blob/v1.8.2/"
BUILT = {
    f"{PACKER}datasource/parameterstore/data.go": ("ssm:GetParameter",),
    f"{PACKER}common/step_pre_validate.go": ("ec2:DescribeRegions", "ec2:DescribeImages"),
    f"{PACKER}common/step_network_info.go": (
        "ec2:DescribeVpcs", "ec2:DescribeSubnets", "ec2:DescribeInstanceTypeOfferings",
    ),
    f"{PACKER}common/step_key_pair.go": ("ec2:CreateKeyPair", "ec2:DeleteKeyPair"),
    f"{PACKER}common/step_security_group.go": (
        "ec2:CreateSecurityGroup", "ec2:DescribeSecurityGroups", "ec2:DeleteSecurityGroup",
    ),
    f"{PACKER}common/step_iam_instance_profile.go": ("iam:GetInstanceProfile",),
    f"{PACKER}common/step_cleanup_volumes.go": ("ec2:DescribeVolumes", "ec2:DeleteVolume"),
    f"{PACKER}common/step_run_source_instance.go": (
        "ec2:RunInstances", "ec2:DescribeInstances", "ec2:TerminateInstances",
    ),
    f"{PACKER}common/ssm/session.go": ("ssm:StartSession", "ssm:TerminateSession", "ec2:DescribeInstanceStatus"),
    f"{PACKER}common/step_stop_ebs_instance.go": ("ec2:StopInstances",),
    f"{PACKER}builder/ebs/step_create_ami.go": (
        "ec2:CreateImage", "ec2:DeregisterImage", "ec2:DeleteSnapshot",
    ),
    f"{PACKER}common/step_create_tags.go": ("ec2:CreateTags",),
    f"{PACKER}common/step_modify_ami_attributes.go": ("ec2:ModifyImageAttribute",),
}  # fmt: skip

# Requests of the rollout that the simulator can't be brought to be sent, and why.
NOT_RECORDED = {
    "logs:FilterLogEvents": "make logs is aws logs tail, which came with version 2 of the command line",
    "ec2:DeregisterImage": "make retire-images takes what is a month old; the simulator's images are of today",
    "ec2:DeleteSnapshot": "as before",
}
TABLES = {"bootstrap": BOOTSTRAPPED, "deploy": DEPLOYED, "image": BUILT}

# The provider asks who it is through IAM where, as in the simulation, it must not ask STS.
ONLY_SIMULATED = {"iam:GetUser"}

# Whoever asks who they are is told. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
ALWAYS_ALLOWED = {"sts:GetCallerIdentity"}

# What machines ask for by themselves: of whom, what, on what, and where that is known from.
_GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/saved-string/simulated"
_STREAMS = ("logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents")
MACHINES = {
    "instance": {
        # ansible/roles/saved_string/files/fetch-keys
        "arn:aws:ssm:us-east-1:123456789012:parameter/saved-string/simulated/api-keys": ("ssm:GetParameter",),
        # https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html asks for both.
        "arn:aws:elasticache:us-east-1:123456789012:replicationgroup:saved-string-simulated": ("elasticache:Connect",),
        "arn:aws:elasticache:us-east-1:123456789012:user:saved-string-simulated-app": ("elasticache:Connect",),
        # https://github.com/aws/amazon-cloudwatch-agent: the group is there already, a stream is made for each instance.
        f"{_GROUP}:log-stream:i-0123456789abcdef0": _STREAMS,
        f"{_GROUP}/metrics:log-stream:i-0123456789abcdef0": _STREAMS,
        # https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/agentlogstocloudwatch/cloudwatchlogspublisher/cloudwatchlogsservice.go
        f"{_GROUP}/sessions:log-stream:anna-0123456789abcdef0": _STREAMS,
        # https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-create-iam-instance-profile.html
        "arn:aws:ec2:us-east-1:123456789012:instance/i-0123456789abcdef0": ("ssm:UpdateInstanceInformation",),
        "*": (
            "logs:DescribeLogGroups", "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel",
            "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
        ),
    },
    "flow-logs": {
        # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html, but for making the group, which is there.
        f"{_GROUP}/flow:log-stream:eni-0123456789abcdef0-all": _STREAMS,
        "*": ("logs:DescribeLogGroups",),
    },
}  # fmt: skip
