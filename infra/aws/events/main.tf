# What happens to objects below media/ reaches the Lambda function by a queue; what fails five times, a second queue keeps.

data "aws_caller_identity" "current" {}

locals {
  max_attempts  = 5
  fourteen_days = 14 * 24 * 60 * 60
}

resource "aws_sqs_queue" "dead" {
  name                      = "${var.name}-object-changes-dead"
  message_retention_seconds = local.fourteen_days
  kms_master_key_id         = var.key_arn
}

resource "aws_sqs_queue" "changes" {
  name                      = "${var.name}-object-changes"
  message_retention_seconds = local.fourteen_days
  # Six times the function's time-out (docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
  visibility_timeout_seconds = 6 * var.function_timeout_seconds
  kms_master_key_id          = var.key_arn
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead.arn
    maxReceiveCount     = local.max_attempts
  })
}

resource "aws_sqs_queue_redrive_allow_policy" "dead" {
  queue_url = aws_sqs_queue.dead.url
  redrive_allow_policy = jsonencode({
    redrivePermission = "byQueue"
    sourceQueueArns   = [aws_sqs_queue.changes.arn]
  })
}

resource "aws_sqs_queue_policy" "changes" {
  queue_url = aws_sqs_queue.changes.url
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "bucket"
      Effect    = "Allow"
      Principal = { Service = "s3.amazonaws.com" }
      Action    = "sqs:SendMessage"
      Resource  = aws_sqs_queue.changes.arn
      Condition = {
        ArnEquals    = { "aws:SourceArn" = var.bucket.arn }
        StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
      }
    }]
  })
}

resource "aws_s3_bucket_notification" "main" {
  bucket = var.bucket.name
  # AWS Backup follows the bucket by them, and would be cut off by a notification without.
  eventbridge = true

  queue {
    id            = "media"
    queue_arn     = aws_sqs_queue.changes.arn
    events        = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*", "s3:LifecycleExpiration:*", "s3:ObjectRestore:Completed"]
    filter_prefix = "media/"
  }

  depends_on = [aws_sqs_queue_policy.changes]
}
