output "queue_arn" {
  value = aws_sqs_queue.changes.arn
}

output "queue_name" {
  value = aws_sqs_queue.changes.name
}

output "dead_queue_name" {
  value = aws_sqs_queue.dead.name
}
