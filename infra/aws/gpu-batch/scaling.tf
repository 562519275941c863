# Each minute: as many workers as the backlog needs, fewer those that are there.

locals {
  active = ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"]
  machine = {
    QueryLanguage = "JSONata"
    StartAt       = "Backlog"
    States = {
      Backlog = {
        Type      = "Task"
        Resource  = "arn:aws:states:::aws-sdk:s3:listObjectsV2"
        Arguments = { Bucket = var.bucket_name, Prefix = "jobs/", MaxKeys = local.jobs_at_once * var.max_workers }
        Assign    = { wanted = "{% $ceil($states.result.KeyCount / ${local.jobs_at_once}) %}" }
        Next      = "IsEmpty"
      }
      IsEmpty = {
        Type    = "Choice"
        Choices = [{ Condition = "{% $wanted = 0 %}", Next = "Enough" }]
        Default = "Workers"
      }
      Workers = {
        Type  = "Map"
        Items = local.active
        ItemProcessor = {
          StartAt = "Count"
          States = {
            Count = {
              Type      = "Task"
              Resource  = "arn:aws:states:::aws-sdk:batch:listJobs"
              Arguments = { JobQueue = aws_batch_job_queue.main.arn, JobStatus = "{% $states.input %}" }
              Output    = "{% $count($states.result.JobSummaryList) %}"
              End       = true
            }
          }
        }
        Assign = { missing = "{% $wanted - $sum($states.result) %}" }
        Next   = "AreMissing"
      }
      AreMissing = {
        Type    = "Choice"
        Choices = [{ Condition = "{% $missing > 0 %}", Next = "Start" }]
        Default = "Enough"
      }
      Start = {
        Type  = "Map"
        Items = "{% [1..$missing] %}"
        ItemProcessor = {
          StartAt = "Submit"
          States = {
            Submit = {
              Type      = "Task"
              Resource  = "arn:aws:states:::batch:submitJob"
              Arguments = { JobName = "gpu-batch", JobQueue = aws_batch_job_queue.main.arn, JobDefinition = local.definition }
              End       = true
            }
          }
        }
        End = true
      }
      Enough = { Type = "Succeed" }
    }
  }
  # The newest revision.
  definition = aws_batch_job_definition.main.name
}

resource "aws_sfn_state_machine" "main" {
  name       = local.worker
  role_arn   = var.role_arns["scaling"]
  type       = "STANDARD"
  definition = jsonencode(local.machine)

  encryption_configuration {
    type = "AWS_OWNED_KEY"
  }
}

resource "aws_scheduler_schedule" "main" {
  name                = local.worker
  schedule_expression = "rate(1 minute)"


  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.main.arn
    role_arn = var.role_arns["schedule"]

    # The next minute asks again.
    retry_policy {
      maximum_event_age_in_seconds = 60
      maximum_retry_attempts       = 0
    }
  }
}
