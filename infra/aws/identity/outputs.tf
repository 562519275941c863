output "role_arns" {
  description = "Of functions, gpu-batch, gpu-batch-start, scaling and schedule."
  value       = { for name, role in aws_iam_role.main : name => role.arn }
  # What takes a role finds it with its policy.
  depends_on = [aws_iam_role_policy.main]
}

output "instance_profile_arn" {
  value = aws_iam_instance_profile.instance.arn
}
