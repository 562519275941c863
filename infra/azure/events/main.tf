# What happens to blobs below media/ reaches the app: creations by the blobs webhook, deletions and changes of the tier by the queue
# deleted-blobs. Those of the containers of added sources go there too once they are subscribed to; without that the reconcile finds them.

locals {
  media_subject = "/blobServices/default/containers/media/"
  dead_letters  = "event-dead-letters"
  max_attempts  = 30
  max_minutes   = 1440
}

resource "azurerm_eventgrid_system_topic" "main" {
  name                = "${var.name}-blobs"
  location            = var.location
  resource_group_name = var.resource_group_name
  topic_type          = "Microsoft.Storage.StorageAccounts"
  source_resource_id  = var.account_id
  tags                = var.tags

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity.id]
  }
}

resource "azurerm_eventgrid_system_topic_event_subscription" "deleted" {
  name                  = "deleted"
  resource_group_name   = var.resource_group_name
  system_topic          = azurerm_eventgrid_system_topic.main.name
  event_delivery_schema = "EventGridSchema"
  included_event_types  = ["Microsoft.Storage.BlobDeleted", "Microsoft.Storage.BlobTierChanged"]

  subject_filter {
    subject_begins_with = local.media_subject
  }

  storage_queue_endpoint {
    storage_account_id                    = var.account_id
    queue_name                            = "deleted-blobs"
    queue_message_time_to_live_in_seconds = -1
  }

  delivery_identity {
    type                   = "UserAssigned"
    user_assigned_identity = var.identity.id
  }

  storage_blob_dead_letter_destination {
    storage_account_id          = var.account_id
    storage_blob_container_name = local.dead_letters
  }

  dead_letter_identity {
    type                   = "UserAssigned"
    user_assigned_identity = var.identity.id
  }

  retry_policy {
    max_delivery_attempts = local.max_attempts
    event_time_to_live    = local.max_minutes
  }
}

# As a template, so that the key of the webhook is looked up where it is kept and stands in no state. The webhook answers only once the app is
# deployed.
resource "azurerm_resource_group_template_deployment" "arrived" {
  count               = var.app_is_deployed ? 1 : 0
  name                = "${var.name}-arrived"
  resource_group_name = var.resource_group_name
  deployment_mode     = "Incremental"
  template_content = jsonencode({
    "$schema"      = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    contentVersion = "1.0.0.0"
    resources = [{
      type       = "Microsoft.EventGrid/systemTopics/eventSubscriptions"
      apiVersion = "2025-02-15"
      name       = "${azurerm_eventgrid_system_topic.main.name}/arrived"
      properties = {
        eventDeliverySchema = "EventGridSchema"
        filter = {
          includedEventTypes = ["Microsoft.Storage.BlobCreated"]
          subjectBeginsWith  = local.media_subject
        }
        destination = {
          endpointType = "WebHook"
          properties = {
            endpointUrl = join("", [
              "[concat('${var.app_address}/runtime/webhooks/blobs?functionName=Host.Functions.BlobArrived&code=', ",
              "listKeys(resourceId('Microsoft.Web/sites/host', '${var.app_name}', 'default'), '2024-04-01').systemKeys.blobs_extension)]",
            ])
          }
        }
        retryPolicy = {
          maxDeliveryAttempts      = local.max_attempts
          eventTimeToLiveInMinutes = local.max_minutes
        }
        deadLetterWithResourceIdentity = {
          identity = { type = "UserAssigned", userAssignedIdentity = var.identity.id }
          deadLetterDestination = {
            endpointType = "StorageBlob"
            properties   = { resourceId = var.account_id, blobContainerName = local.dead_letters }
          }
        }
      }
    }]
  })
}
