output "job_queue_arn" {
  value = aws_batch_job_queue.main.arn
}

output "state_machine_arn" {
  value = aws_sfn_state_machine.main.arn
}
