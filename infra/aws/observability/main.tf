# What nobody sees from inside the app, as alarms of CloudWatch. Each names the runbook, of those the app serves, that says what to do.

locals {
  alarms = {
    function-errors = {
      namespace  = "AWS/Lambda", metric = "Errors", dimensions = { FunctionName = var.function_name }
      statistic  = "Sum"
      threshold  = 5
      comparison = "GreaterThanThreshold", runbook = "incident"
    }
    function-throttled = {
      namespace  = "AWS/Lambda", metric = "Throttles", dimensions = { FunctionName = var.function_name }
      statistic  = "Sum"
      threshold  = 20
      comparison = "GreaterThanThreshold", runbook = "backlogAge"
    }
    messages-dead = {
      namespace  = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", dimensions = { QueueName = var.dead_queue_name }
      statistic  = "Maximum"
      threshold  = 0
      comparison = "GreaterThanThreshold", runbook = "missingAssets"
    }
    messages-wait = {
      namespace  = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", dimensions = { QueueName = var.queue_name }
      statistic  = "Maximum"
      threshold  = 900
      comparison = "GreaterThanThreshold", runbook = "missingAssets"
    }
    scaling-failed = {
      namespace  = "AWS/States", metric = "ExecutionsFailed", dimensions = { StateMachineArn = var.state_machine_arn }
      statistic  = "Sum"
      threshold  = 2
      comparison = "GreaterThanThreshold", runbook = "backlogAge"
    }
    worker-failed = {
      namespace  = "AWS/Events", metric = "MatchedEvents", dimensions = { RuleName = aws_cloudwatch_event_rule.failed.name }
      statistic  = "Sum"
      threshold  = 0
      comparison = "GreaterThanThreshold", runbook = "backlogAge"
    }
  }
}

resource "aws_sns_topic" "main" {
  name              = "${var.name}-alerts"
  kms_master_key_id = var.key_arn
}

resource "aws_sns_topic_subscription" "main" {
  for_each  = toset(var.emails)
  topic_arn = aws_sns_topic.main.arn
  protocol  = "email"
  endpoint  = each.key
}

# Batch has no metric of jobs that failed for good: their events are counted.
resource "aws_cloudwatch_event_rule" "failed" {
  name        = "${var.name}-gpu-batch-failed"
  description = "Workers whose last attempt failed"
  event_pattern = jsonencode({
    source      = ["aws.batch"]
    detail-type = ["Batch Job State Change"]
    detail      = { jobQueue = [var.job_queue_arn], status = ["FAILED"] }
  })
}

resource "aws_cloudwatch_event_target" "failed" {
  rule = aws_cloudwatch_event_rule.failed.name
  arn  = aws_cloudwatch_log_group.failed.arn
}

resource "aws_cloudwatch_log_group" "failed" {
  name              = "/aws/events/${var.name}-gpu-batch-failed"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.key_arn
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each            = local.alarms
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "Runbook: ${var.runbooks}/${each.value.runbook}"
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.comparison
  threshold           = each.value.threshold
  period              = 300
  evaluation_periods  = 2
  datapoints_to_alarm = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.main.arn]
  ok_actions          = [aws_sns_topic.main.arn]
}
