# Who may do what: an identity for each part, each with the roles that it needs on the thing that it needs them on.

locals {
  # Of the account of models that all environments share: whoever does not publish to it may only read.
  shared_roles = var.model_registry_id == null ? {} : {
    functions-models = {
      identity = "functions"
      role     = var.publishes_models ? "Storage Blob Data Contributor" : "Storage Blob Data Reader"
      scope    = var.model_registry_id
    }
  }
  roles = merge(local.shared_roles, {
    # The host keeps leases and receipts beside the app's own objects; Durable Functions keeps its history in tables.
    functions-blobs  = { identity = "functions", role = "Storage Blob Data Owner", scope = var.account_id }
    functions-queues = { identity = "functions", role = "Storage Queue Data Contributor", scope = var.account_id }
    functions-tables = { identity = "functions", role = "Storage Table Data Contributor", scope = var.account_id }

    gpu-batch-blobs       = { identity = "gpu-batch", role = "Storage Blob Data Contributor", scope = var.account_id }
    gpu-batch-jobs        = { identity = "gpu-batch", role = "Storage Queue Data Contributor", scope = var.queue_ids["gpu-jobs"] }
    gpu-batch-completions = { identity = "gpu-batch", role = "Storage Queue Data Contributor", scope = var.queue_ids["gpu-completions"] }
    gpu-batch-image       = { identity = "gpu-batch", role = "AcrPull", scope = var.registry_id }

    events-queue        = { identity = "events", role = "Storage Queue Data Message Sender", scope = var.queue_ids["deleted-blobs"] }
    events-dead-letters = { identity = "events", role = "Storage Blob Data Contributor", scope = var.container_ids["event-dead-letters"] }
  })
}

resource "azurerm_user_assigned_identity" "main" {
  for_each            = toset(["functions", "gpu-batch", "events"])
  name                = "${var.name}-${each.key}"
  location            = var.location
  resource_group_name = var.resource_group_name
  tags                = var.tags
}

resource "azurerm_role_assignment" "main" {
  for_each             = local.roles
  principal_id         = azurerm_user_assigned_identity.main[each.value.identity].principal_id
  principal_type       = "ServicePrincipal"
  role_definition_name = each.value.role
  scope                = each.value.scope
}

data "azurerm_client_config" "current" {}

# Secrets are put here by a person or a pipeline, never by Terraform, so that no state holds one.
resource "azurerm_key_vault" "main" {
  name                          = "${var.name}-vault"
  location                      = var.location
  resource_group_name           = var.resource_group_name
  tenant_id                     = data.azurerm_client_config.current.tenant_id
  sku_name                      = "standard"
  rbac_authorization_enabled    = true
  purge_protection_enabled      = true
  soft_delete_retention_days    = 90
  public_network_access_enabled = false
  tags                          = var.tags

  network_acls {
    default_action = "Deny"
    bypass         = "AzureServices"
  }
}

resource "azurerm_private_endpoint" "vault" {
  name                = "${var.name}-vault"
  location            = var.location
  resource_group_name = var.resource_group_name
  subnet_id           = var.subnet_id
  tags                = var.tags

  private_service_connection {
    name                           = "vault"
    private_connection_resource_id = azurerm_key_vault.main.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "vault"
    private_dns_zone_ids = [var.zone_ids["vault"]]
  }
}
