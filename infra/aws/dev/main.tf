terraform {
  required_version = ">= 1.11"
  backend "s3" {
    key          = "media-dev.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  default_tags {
    tags = { application = "media", environment = "dev" }
  }
}

module "pipeline" {
  source                = "../pipeline"
  environment           = "dev"
  address_space         = "10.80.0.0/20"
  retention_days        = 7
  log_retention_days    = 30
  memory_mb             = 1769
  ephemeral_mb          = 4096
  timeout_seconds       = 300
  max_concurrency       = 4
  instance_types        = ["g4dn.xlarge"]
  max_workers           = 1
  extra_settings        = {}
  media_buckets         = []
  app_address           = var.app_address
  repository_arn        = var.repository_arn
  image                 = var.image
  package               = var.package
  alert_emails          = var.alert_emails
  backup_copy_vault_arn = var.backup_copy_vault_arn
}
