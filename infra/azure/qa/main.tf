terraform {
  required_version = ">= 1.11"
  backend "azurerm" {
    container_name   = "tfstate"
    key              = "media-qa.tfstate"
    use_azuread_auth = true
  }
}

provider "azurerm" {
  features {}
  storage_use_azuread = true
}

module "pipeline" {
  source             = "../pipeline"
  environment        = "qa"
  location           = "swedencentral"
  address_space      = "10.64.16.0/20"
  replication        = "ZRS"
  retention_days     = 14
  log_retention_days = 30
  daily_quota_gb     = 2
  memory_mb          = 4096
  max_instances      = 40
  always_ready       = { http = 1 }
  durable_store      = "storage"
  gpu_profile        = "Consumption-GPU-NC8as-T4"
  max_executions     = 2
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
