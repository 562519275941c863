terraform {
  required_version = ">= 1.11"
  backend "azurerm" {
    container_name   = "tfstate"
    key              = "media-prod.tfstate"
    use_azuread_auth = true
  }
}

provider "azurerm" {
  features {}
  storage_use_azuread = true
}

module "pipeline" {
  source             = "../pipeline"
  environment        = "prod"
  location           = "swedencentral"
  address_space      = "10.64.32.0/20"
  replication        = "GZRS"
  retention_days     = 35
  log_retention_days = 90
  daily_quota_gb     = 10
  memory_mb          = 4096
  max_instances      = 100
  always_ready       = { http = 2, blob = 1, durable = 1 }
  durable_store      = "storage"
  gpu_profile        = "Consumption-GPU-NC24-A100"
  max_executions     = 8
  extra_settings     = {}
  publishes_models   = false
  registry           = var.registry
  model_registry     = var.model_registry
  search             = var.search
  image              = var.image
  package            = var.package
  alert_emails       = var.alert_emails
  allowed_networks   = var.allowed_networks
  access_keys        = var.access_keys
}

output "address" {
  value = module.pipeline.address
}

output "vault_uri" {
  value = module.pipeline.vault_uri
}
