# The Lambda function that ingests what the bucket's notifications tell of.

locals {
  function    = "${var.name}-objects"
  signing_key = "secrets/events-signing-key"
  settings = merge(
    {
      S3__Bucket              = var.bucket_name
      Registry__Store         = "s3"
      Registry__MaxCacheBytes = tostring(floor(var.ephemeral_mb * 1024 * 1024 / 4 * 3))
      Environment__Name       = var.environment
    },
    # The function reads the object when it starts; a person or a pipeline puts it there, never Terraform, so that no state holds it.
    var.events_endpoint == null ? {} : {
      Events__Endpoint            = var.events_endpoint
      Secrets__Events__SigningKey = "s3://${var.releases_bucket_name}/${local.signing_key}"
    },
    var.extra_settings,
  )
}

resource "aws_s3_object" "package" {
  bucket      = var.releases_bucket_name
  key         = "functions-aws/${basename(var.package)}"
  source      = var.package
  source_hash = fileexists(var.package) ? filemd5(var.package) : null
}

resource "aws_cloudwatch_log_group" "main" {
  name              = "/aws/lambda/${local.function}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_lambda_function" "main" {
  function_name     = local.function
  role              = var.role_arn
  runtime           = "provided.al2023"
  handler           = "bootstrap"
  architectures     = ["x86_64"]
  s3_bucket         = aws_s3_object.package.bucket
  s3_key            = aws_s3_object.package.key
  s3_object_version = aws_s3_object.package.version_id
  memory_size       = var.memory_mb
  timeout           = var.timeout_seconds
  kms_key_arn       = var.key_arn

  # Verified copies of models lie there.
  ephemeral_storage {
    size = var.ephemeral_mb
  }

  environment {
    variables = local.settings
  }

  tracing_config {
    mode = "Active"
  }

  depends_on = [aws_cloudwatch_log_group.main]
}

# Messages of a batch succeed and fail one by one.
resource "aws_lambda_event_source_mapping" "changes" {
  function_name                      = aws_lambda_function.main.arn
  event_source_arn                   = var.queue_arn
  batch_size                         = 10
  maximum_batching_window_in_seconds = 1
  function_response_types            = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.max_concurrency
  }
}
