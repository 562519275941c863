# The whole of one environment, made of a module for each noun.

locals {
  name = "${var.name}-${var.environment}"
  tags = { application = var.name, environment = var.environment }
}

resource "azurerm_resource_group" "main" {
  name     = local.name
  location = var.location
  tags     = local.tags
}

module "network" {
  source              = "../network"
  name                = local.name
  location            = var.location
  resource_group_name = azurerm_resource_group.main.name
  tags                = local.tags
  address_space       = var.address_space
}

module "storage" {
  source = "../storage"
  # Known before the app is made, which needs the account.
  app_address         = "https://${local.name}-app.azurewebsites.net"
  name                = local.name
  location            = var.location
  resource_group_name = azurerm_resource_group.main.name
  tags                = local.tags
  replication         = var.replication
  retention_days      = var.retention_days
  subnet_id           = module.network.subnet_ids["endpoints"]
  zone_ids            = module.network.zone_ids
}

module "identity" {
  source              = "../identity"
  name                = local.name
  location            = var.location
  resource_group_name = azurerm_resource_group.main.name
  tags                = local.tags
  account_id          = module.storage.account_id
  queue_ids           = module.storage.queue_ids
  container_ids       = module.storage.container_ids
  registry_id         = var.registry.id
  model_registry_id   = try(var.model_registry.id, null)
  publishes_models    = var.publishes_models
  subnet_id           = module.network.subnet_ids["endpoints"]
  zone_ids            = module.network.zone_ids
}

module "observability" {
  source              = "../observability"
  name                = local.name
  location            = var.location
  resource_group_name = azurerm_resource_group.main.name
  tags                = local.tags
  log_retention_days  = var.log_retention_days
  daily_quota_gb      = var.daily_quota_gb
  emails              = var.alert_emails
  account_id          = module.storage.account_id
  app_id              = module.functions.app_id
  app_address         = module.functions.address
  topic_id            = module.events.topic_id
}

module "search" {
  count               = var.search == null ? 0 : 1
  source              = "../search"
  name                = local.name
  location            = var.location
  resource_group_name = azurerm_resource_group.main.name
  tags                = local.tags
  sku                 = var.search.sku
  replicas            = var.search.replicas
  partitions          = var.search.partitions
  identity            = module.identity.identities["functions"]
  subnet_id           = module.network.subnet_ids["endpoints"]
  zone_ids            = module.network.zone_ids
}

module "functions" {
  source                     = "../functions"
  name                       = local.name
  location                   = var.location
  resource_group_name        = azurerm_resource_group.main.name
  tags                       = local.tags
  environment                = var.environment
  identity                   = module.identity.identities["functions"]
  account_name               = module.storage.account_name
  blob_endpoint              = module.storage.blob_endpoint
  queue_endpoint             = module.storage.queue_endpoint
  vault_id                   = module.identity.vault_id
  vault_uri                  = module.identity.vault_uri
  subnet_id                  = module.network.subnet_ids["functions"]
  insights_connection_string = module.observability.insights_connection_string
  package                    = var.package
  memory_mb                  = var.memory_mb
  max_instances              = var.max_instances
  always_ready               = var.always_ready
  allowed_networks           = var.allowed_networks
  access_keys                = var.access_keys
  durable_store              = var.durable_store
  model_registry_endpoint    = try(var.model_registry.blob_endpoint, null)
  publishes_models           = var.publishes_models
  search_endpoint            = one(module.search[*].endpoint)
  extra_settings             = var.extra_settings
}

module "events" {
  source              = "../events"
  name                = local.name
  location            = var.location
  resource_group_name = azurerm_resource_group.main.name
  tags                = local.tags
  account_id          = module.storage.account_id
  identity            = module.identity.identities["events"]
  app_name            = module.functions.app_name
  app_address         = module.functions.address
  app_is_deployed     = var.package != null
}

module "gpu_batch" {
  source              = "../gpu-batch"
  name                = local.name
  location            = var.location
  resource_group_name = azurerm_resource_group.main.name
  tags                = local.tags
  environment         = var.environment
  identity            = module.identity.identities["gpu-batch"]
  account_name        = module.storage.account_name
  blob_endpoint       = module.storage.blob_endpoint
  queue_endpoint      = module.storage.queue_endpoint
  subnet_id           = module.network.subnet_ids["gpu"]
  workspace_id        = module.observability.workspace_id
  registry_server     = var.registry.server
  image               = var.image
  gpu_profile         = var.gpu_profile
  max_executions      = var.max_executions
}
