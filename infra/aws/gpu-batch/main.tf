# The heavy worker as jobs of AWS Batch on GPU spot machines. Jobs lie in the bucket below jobs/; each minute a state machine compares
# their number with that of the workers, and starts what is missing. There is none while there are no jobs.

locals {
  worker = "${var.name}-gpu-batch"
  # What one worker takes at once (Worker:JobsAtOnce).
  jobs_at_once = 4
  settings = merge(
    {
      S3__Bucket         = var.bucket_name
      Registry__Store    = "s3"
      Environment__Name  = var.environment
      Worker__JobsAtOnce = tostring(local.jobs_at_once)
    },
    var.events_endpoint == null ? {} : { Events__Endpoint = var.events_endpoint },
  )
  secrets = var.events_endpoint == null ? {} : { Events__SigningKey = var.secret_arn }
}

data "aws_region" "current" {}

resource "aws_cloudwatch_log_group" "main" {
  name              = local.worker
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_launch_template" "main" {
  name                   = local.worker
  update_default_version = true

  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_size           = 100
      volume_type           = "gp3"
      encrypted             = true
      delete_on_termination = true
    }
  }
}

resource "aws_batch_compute_environment" "main" {
  name_prefix = "${local.worker}-"
  type        = "MANAGED"
  state       = "ENABLED"

  compute_resources {
    type                = "SPOT"
    allocation_strategy = "SPOT_PRICE_CAPACITY_OPTIMIZED"
    instance_type       = var.instance_types
    instance_role       = var.instance_profile_arn
    min_vcpus           = 0
    max_vcpus           = var.max_workers * var.vcpus
    subnets             = var.subnet_ids
    security_group_ids  = [var.security_group_id]

    ec2_configuration {
      image_type = "ECS_AL2023_NVIDIA"
    }

    launch_template {
      launch_template_id = aws_launch_template.main.id
      version            = "$Latest"
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_batch_job_queue" "main" {
  name     = local.worker
  state    = "ENABLED"
  priority = 1

  compute_environment_order {
    order               = 1
    compute_environment = aws_batch_compute_environment.main.arn
  }
}

resource "aws_batch_job_definition" "main" {
  name                  = local.worker
  type                  = "container"
  platform_capabilities = ["EC2"]

  container_properties = jsonencode({
    image                  = var.image
    command                = ["--bucket", var.bucket_name, "--data", "/scratch", "--until-empty"]
    jobRoleArn             = var.role_arns["gpu-batch"]
    executionRoleArn       = var.role_arns["gpu-batch-start"]
    user                   = "1654"
    readonlyRootFilesystem = true
    environment            = [for name, value in local.settings : { name = name, value = value }]
    secrets                = [for name, arn in local.secrets : { name = name, valueFrom = arn }]
    resourceRequirements = [
      { type = "VCPU", value = tostring(var.vcpus) },
      { type = "MEMORY", value = tostring(var.memory_mb) },
      { type = "GPU", value = "1" },
    ]
    linuxParameters = {
      initProcessEnabled = true
      tmpfs              = [{ containerPath = "/tmp", size = 4096, mountOptions = ["mode=1777"] }]
    }
    volumes     = [{ name = "scratch", host = { sourcePath = "/scratch" } }]
    mountPoints = [{ sourceVolume = "scratch", containerPath = "/scratch", readOnly = false }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.main.name
        awslogs-region        = data.aws_region.current.region
        awslogs-stream-prefix = "worker"
      }
    }
  })

  # A machine that spot takes back is no fault of the job. A worker that finds its settings wrong ends with 2, and would again.
  retry_strategy {
    attempts = 5
    evaluate_on_exit {
      on_status_reason = "Host EC2*"
      action           = "RETRY"
    }
    evaluate_on_exit {
      on_exit_code = "2"
      action       = "EXIT"
    }
    evaluate_on_exit {
      on_reason = "*"
      action    = "RETRY"
    }
  }

  timeout {
    attempt_duration_seconds = 24 * 60 * 60
  }
}
