# A role for each part, each with what it does and on what.

data "aws_caller_identity" "current" {}
data "aws_region" "current" {}

locals {
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.region
  prefix  = "arn:aws:%s:${local.region}:${local.account}:%s"

  objects = concat([
    {
      # What the pipeline writes it may replace and delete; uploads too, since an asset may be erased.
      Sid      = "objects"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
      Resource = "${var.bucket_arn}/*"
    },
    { Sid = "listings", Effect = "Allow", Action = ["s3:ListBucket", "s3:ListBucketVersions"], Resource = var.bucket_arn },
    { Sid = "key", Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = var.key_arn },
  ], [for statement in local.media : statement if length(var.media_buckets) > 0])

  # Buckets that may be added as sources.
  media = [
    {
      Sid      = "media"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:DeleteObject"]
      Resource = [for bucket in var.media_buckets : "arn:aws:s3:::${bucket}/*"]
    },
    {
      Sid      = "mediaListings"
      Effect   = "Allow"
      Action   = ["s3:ListBucket", "s3:ListBucketVersions"]
      Resource = [for bucket in var.media_buckets : "arn:aws:s3:::${bucket}"]
    },
  ]
  secret = [{ Sid = "secret", Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = var.secret_arn }]

  roles = {
    functions = {
      service = "lambda.amazonaws.com"
      policy = concat(local.objects, [
        { Sid = "secrets", Effect = "Allow", Action = ["s3:GetObject"], Resource = "${var.releases_arn}/secrets/*" },
        {
          Sid      = "queue"
          Effect   = "Allow"
          Action   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ChangeMessageVisibility"]
          Resource = var.queue_arn
        },
        {
          Sid      = "logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${format(local.prefix, "logs", "log-group:/aws/lambda/${var.name}-objects")}:*"
        },
      ])
    }
    gpu-batch = {
      service = "ecs-tasks.amazonaws.com"
      policy  = local.objects
    }
    # What starts the container: it reads the secret into the environment and writes the log.
    gpu-batch-start = {
      service = "ecs-tasks.amazonaws.com"
      policy = concat(local.secret, [
        { Sid = "key", Effect = "Allow", Action = ["kms:Decrypt"], Resource = var.key_arn },
        {
          Sid      = "image"
          Effect   = "Allow"
          Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
          Resource = var.repository_arn
        },
        # The one action of the registry that is for no repository.
        { Sid = "sign-in", Effect = "Allow", Action = ["ecr:GetAuthorizationToken"], Resource = "*" },
        {
          Sid      = "logs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "${format(local.prefix, "logs", "log-group:${var.name}-gpu-batch")}:*"
        },
      ])
    }
    scaling = {
      service = "states.amazonaws.com"
      policy = [
        { Sid = "backlog", Effect = "Allow", Action = ["s3:ListBucket"], Resource = var.bucket_arn },
        # Lists of jobs are for no queue (docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html).
        { Sid = "workers", Effect = "Allow", Action = ["batch:ListJobs"], Resource = "*" },
        {
          Sid    = "submit"
          Effect = "Allow"
          Action = ["batch:SubmitJob"]
          Resource = [
            format(local.prefix, "batch", "job-queue/${var.name}-gpu-batch"),
            format(local.prefix, "batch", "job-definition/${var.name}-gpu-batch"),
            "${format(local.prefix, "batch", "job-definition/${var.name}-gpu-batch")}:*",
          ]
        },
      ]
    }
    schedule = {
      service = "scheduler.amazonaws.com"
      policy = [{
        Sid      = "start"
        Effect   = "Allow"
        Action   = ["states:StartExecution"]
        Resource = format(local.prefix, "states", "stateMachine:${var.name}-gpu-batch")
      }]
    }
  }
}

resource "aws_iam_role" "main" {
  for_each = local.roles
  name     = "${var.name}-${each.key}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = each.value.service }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy" "main" {
  for_each = local.roles
  name     = each.key
  role     = aws_iam_role.main[each.key].id
  policy   = jsonencode({ Version = "2012-10-17", Statement = each.value.policy })
}

# Of the machines, which join the cluster and nothing else.
resource "aws_iam_role" "instance" {
  name = "${var.name}-gpu-instance"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "instance" {
  role       = aws_iam_role.instance.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}

resource "aws_iam_instance_profile" "instance" {
  name = "${var.name}-gpu-instance"
  role = aws_iam_role.instance.name
}
