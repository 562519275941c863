mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { region = "eu-north-1" }
  }
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
}

variables {
  app_address    = "https://app.test"
  repository_arn = "arn:aws:ecr:eu-north-1:111122223333:repository/gpu-batch"
  image          = "registry.test/gpu-batch@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  package        = "functions-aws-1.0.0.zip"
  alert_emails   = ["operators@example.org"]
}

run "apply" {
  command = apply
}
