# The account that holds uploads, what is made of them, models and queues. Other containers are made by the app when it first writes to them.

locals {
  containers = ["media", "releases", "event-dead-letters"]
  queues     = ["gpu-jobs", "gpu-completions", "deleted-blobs", "webhook-events"]
  # Where the Functions host puts what failed maxDequeueCount times. gpu-batch answers such a job as failed instead.
  poison_queues = [for queue in local.queues : "${queue}-poison" if queue != "gpu-jobs"]
}

resource "azurerm_storage_account" "main" {
  name                              = replace("${var.name}media", "-", "")
  location                          = var.location
  resource_group_name               = var.resource_group_name
  account_kind                      = "StorageV2"
  account_tier                      = "Standard"
  account_replication_type          = var.replication
  min_tls_version                   = "TLS1_2"
  https_traffic_only_enabled        = true
  infrastructure_encryption_enabled = true
  shared_access_key_enabled         = false
  default_to_oauth_authentication   = true
  public_network_access_enabled     = false
  allow_nested_items_to_be_public   = false
  cross_tenant_replication_enabled  = false
  # Key types of the account, or its queues are encrypted by a key of the service.
  queue_encryption_key_type = "Account"
  table_encryption_key_type = "Account"
  tags                      = var.tags

  blob_properties {
    versioning_enabled            = true
    change_feed_enabled           = true
    change_feed_retention_in_days = var.retention_days
    delete_retention_policy {
      days = var.retention_days
    }
    # To a point in time; it must be less than what was deleted is kept.
    restore_policy {
      days = var.retention_days - 1
    }
    container_delete_retention_policy {
      days = var.retention_days
    }
    # The console's pages upload by addresses that the app signs; see transfer.js.
    cors_rule {
      allowed_origins    = [var.app_address]
      allowed_methods    = ["GET", "PUT"]
      allowed_headers    = ["content-type", "x-ms-*"]
      exposed_headers    = []
      max_age_in_seconds = 3600
    }
  }

  # Event Grid delivers to a queue of the account as a trusted service.
  network_rules {
    default_action = "Deny"
    bypass         = ["AzureServices"]
  }
}

resource "azurerm_storage_container" "main" {
  for_each              = toset(local.containers)
  name                  = each.key
  storage_account_id    = azurerm_storage_account.main.id
  container_access_type = "private"
}

resource "azurerm_storage_queue" "main" {
  for_each           = toset(concat(local.queues, local.poison_queues))
  name               = each.key
  storage_account_id = azurerm_storage_account.main.id
}

resource "azurerm_storage_management_policy" "main" {
  storage_account_id = azurerm_storage_account.main.id

  rule {
    name    = "old-versions"
    enabled = true
    filters {
      blob_types = ["blockBlob"]
    }
    actions {
      version {
        delete_after_days_since_creation = var.retention_days
      }
    }
  }

  rule {
    name    = "dead-letters"
    enabled = true
    filters {
      blob_types   = ["blockBlob"]
      prefix_match = ["event-dead-letters/"]
    }
    actions {
      base_blob {
        delete_after_days_since_modification_greater_than = 90
      }
    }
  }
}

resource "azurerm_private_endpoint" "main" {
  for_each            = toset(["blob", "queue", "table"])
  name                = "${var.name}-${each.key}"
  location            = var.location
  resource_group_name = var.resource_group_name
  subnet_id           = var.subnet_id
  tags                = var.tags

  private_service_connection {
    name                           = each.key
    private_connection_resource_id = azurerm_storage_account.main.id
    subresource_names              = [each.key]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = each.key
    private_dns_zone_ids = [var.zone_ids[each.key]]
  }
}
