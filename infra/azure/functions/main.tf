# The Functions app on flex consumption, with some instances always ready.

locals {
  hub = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING"
  # host.json keeps runs in Azure Storage; these settings take their place in it.
  scheduler_settings = {
    AzureFunctionsJobHost__extensions__durableTask__storageProvider__type                 = "azureManaged"
    AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName = local.hub
    (local.hub)                                                                           = one(module.scheduler[*].connection_string)
  }
  settings = {
    AzureWebJobsStorage__accountName = var.account_name
    AzureWebJobsStorage__credential  = "managedidentity"
    AzureWebJobsStorage__clientId    = var.identity.client_id
    AZURE_CLIENT_ID                  = var.identity.client_id
    Storage__Azure__BlobServiceUri   = var.blob_endpoint
    Storage__Azure__QueueServiceUri  = var.queue_endpoint
    Events__SigningKey               = "@Microsoft.KeyVault(SecretUri=${var.vault_uri}secrets/events-signing-key)"
    Environment__Name                = var.environment
    Access__OtherKeys                = var.access_other_keys
  }
  model_registry_settings = {
    Registry__Shared__BlobServiceUri = var.model_registry_endpoint
    Registry__Shared__Publishes      = tostring(var.publishes_models)
  }
  search_settings = {
    Search__Engine   = "AzureAISearch"
    Search__Endpoint = var.search_endpoint
  }
  access_settings = merge([
    for name, key in var.access_keys : {
      "Access__Keys__${name}__Sha256" = key.sha256
      "Access__Keys__${name}__Roles"  = key.roles
    }
  ]...)
}

resource "azurerm_service_plan" "main" {
  name                = "${var.name}-plan"
  location            = var.location
  resource_group_name = var.resource_group_name
  os_type             = "Linux"
  sku_name            = "FC1"
  tags                = var.tags
}

resource "azurerm_function_app_flex_consumption" "main" {
  name                                           = "${var.name}-app"
  location                                       = var.location
  resource_group_name                            = var.resource_group_name
  service_plan_id                                = azurerm_service_plan.main.id
  runtime_name                                   = "dotnet-isolated"
  runtime_version                                = "10.0"
  instance_memory_in_mb                          = var.memory_mb
  maximum_instance_count                         = var.max_instances
  https_only                                     = true
  webdeploy_publish_basic_authentication_enabled = false
  virtual_network_subnet_id                      = var.subnet_id
  storage_container_type                         = "blobContainer"
  storage_container_endpoint                     = "${var.blob_endpoint}releases"
  storage_authentication_type                    = "UserAssignedIdentity"
  storage_user_assigned_identity_id              = var.identity.id
  zip_deploy_file                                = var.package
  tags                                           = var.tags

  app_settings = merge(
    local.settings,
    local.access_settings,
    var.durable_store == "scheduler" ? local.scheduler_settings : {},
    var.model_registry_endpoint == null ? {} : local.model_registry_settings,
    var.search_endpoint == null ? {} : local.search_settings,
    var.extra_settings,
  )

  dynamic "always_ready" {
    for_each = var.always_ready
    content {
      name           = always_ready.key
      instance_count = always_ready.value
    }
  }

  # The vault's references are read with the app's own identity, everything else with the one that is its part's.
  identity {
    type         = "SystemAssigned, UserAssigned"
    identity_ids = [var.identity.id]
  }

  # Events and probes come from Azure's own services; all others from where the environment says.
  site_config {
    application_insights_connection_string = var.insights_connection_string
    minimum_tls_version                    = "1.2"
    scm_minimum_tls_version                = "1.2"
    http2_enabled                          = true
    health_check_path                      = "/api/health"
    health_check_eviction_time_in_min      = 5
    ip_restriction_default_action          = "Deny"
    scm_ip_restriction_default_action      = "Deny"

    dynamic "ip_restriction" {
      for_each = ["AzureEventGrid", "ApplicationInsightsAvailability"]
      content {
        name        = ip_restriction.value
        action      = "Allow"
        priority    = 100 + ip_restriction.key
        service_tag = ip_restriction.value
      }
    }

    dynamic "ip_restriction" {
      for_each = var.allowed_networks
      content {
        name       = "allowed-${ip_restriction.key}"
        action     = "Allow"
        priority   = 200 + ip_restriction.key
        ip_address = ip_restriction.value
      }
    }

    dynamic "scm_ip_restriction" {
      for_each = var.allowed_networks
      content {
        name       = "allowed-${scm_ip_restriction.key}"
        action     = "Allow"
        priority   = 200 + scm_ip_restriction.key
        ip_address = scm_ip_restriction.value
      }
    }
  }
}

resource "azurerm_role_assignment" "vault" {
  principal_id         = azurerm_function_app_flex_consumption.main.identity[0].principal_id
  principal_type       = "ServicePrincipal"
  role_definition_name = "Key Vault Secrets User"
  scope                = var.vault_id
}

module "scheduler" {
  count               = var.durable_store == "scheduler" ? 1 : 0
  source              = "./scheduler"
  name                = var.name
  location            = var.location
  resource_group_name = var.resource_group_name
  identity            = var.identity
}
