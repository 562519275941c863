output "buckets" {
  description = "assets and releases, each with its name and arn."
  value       = { for name, bucket in aws_s3_bucket.main : name => { name = bucket.bucket, arn = bucket.arn } }
}

output "key_arn" {
  value = aws_kms_key.main.arn
}

output "secret_arn" {
  value = aws_secretsmanager_secret.signing_key.arn
}
