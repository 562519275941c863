# The heavy worker as a job of Container Apps: executions by the length of gpu-jobs, none while it is empty.

locals {
  profile = "gpu"
  # What one execution takes at once (Worker:JobsAtOnce).
  jobs_at_once = 4
  settings = {
    AZURE_CLIENT_ID                 = var.identity.client_id
    Storage__Azure__BlobServiceUri  = var.blob_endpoint
    Storage__Azure__QueueServiceUri = var.queue_endpoint
    Environment__Name               = var.environment
    Worker__JobsAtOnce              = tostring(local.jobs_at_once)
  }
}

resource "azurerm_container_app_environment" "main" {
  name                           = "${var.name}-gpu"
  location                       = var.location
  resource_group_name            = var.resource_group_name
  infrastructure_subnet_id       = var.subnet_id
  internal_load_balancer_enabled = true
  public_network_access          = "Disabled"
  logs_destination               = "log-analytics"
  log_analytics_workspace_id     = var.workspace_id
  tags                           = var.tags

  workload_profile {
    name                  = local.profile
    workload_profile_type = var.gpu_profile
  }
}

resource "azurerm_container_app_job" "main" {
  name                         = "${var.name}-gpu-batch"
  location                     = var.location
  resource_group_name          = var.resource_group_name
  container_app_environment_id = azurerm_container_app_environment.main.id
  workload_profile_name        = local.profile
  replica_timeout_in_seconds   = 24 * 60 * 60
  replica_retry_limit          = 1
  tags                         = var.tags

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity.id]
  }

  registry {
    server   = var.registry_server
    identity = var.identity.id
  }

  event_trigger_config {
    parallelism              = 1
    replica_completion_count = 1

    scale {
      min_executions              = 0
      max_executions              = var.max_executions
      polling_interval_in_seconds = 30

      # https://keda.sh/docs/latest/scalers/azure-storage-queue/
      rules {
        name             = "backlog"
        custom_rule_type = "azure-queue"
        identity_id      = var.identity.id
        metadata = {
          accountName = var.account_name
          queueName   = "gpu-jobs"
          queueLength = tostring(local.jobs_at_once)
        }
      }
    }
  }

  template {
    container {
      name   = "gpu-batch"
      image  = var.image
      args   = ["--until-empty"]
      cpu    = var.cpu
      memory = var.memory

      dynamic "env" {
        for_each = local.settings
        content {
          name  = env.key
          value = env.value
        }
      }
    }
  }
}
