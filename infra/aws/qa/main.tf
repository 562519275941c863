terraform {
  required_version = ">= 1.11"
  backend "s3" {
    key          = "media-qa.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  default_tags {
    tags = { application = "media", environment = "qa" }
  }
}

module "pipeline" {
  source                = "../pipeline"
  environment           = "qa"
  address_space         = "10.80.16.0/20"
  retention_days        = 14
  log_retention_days    = 30
  memory_mb             = 3538
  ephemeral_mb          = 10240
  timeout_seconds       = 300
  max_concurrency       = 10
  instance_types        = ["g4dn.xlarge", "g5.xlarge"]
  max_workers           = 2
  extra_settings        = {}
  media_buckets         = []
  app_address           = var.app_address
  repository_arn        = var.repository_arn
  image                 = var.image
  package               = var.package
  alert_emails          = var.alert_emails
  backup_copy_vault_arn = var.backup_copy_vault_arn
}
