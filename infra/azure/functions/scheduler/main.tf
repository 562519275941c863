# Durable Task Scheduler, for which the provider has no resources yet: as a template of Azure Resource Manager.

locals {
  scheduler = "${var.name}-scheduler"
  hub       = "ingest"
  deployed  = jsondecode(azurerm_resource_group_template_deployment.main.output_content)
}

resource "azurerm_resource_group_template_deployment" "main" {
  name                = local.scheduler
  resource_group_name = var.resource_group_name
  deployment_mode     = "Incremental"
  template_content = jsonencode({
    "$schema"      = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
    contentVersion = "1.0.0.0"
    resources = [
      {
        type       = "Microsoft.DurableTask/schedulers"
        apiVersion = "2025-11-01"
        name       = local.scheduler
        location   = var.location
        # Its door is an identity's token; instances have no address of their own that could be listed.
        properties = { ipAllowlist = ["0.0.0.0/0"], sku = { name = "Consumption" } }
      },
      {
        type       = "Microsoft.DurableTask/schedulers/taskHubs"
        apiVersion = "2025-11-01"
        name       = "${local.scheduler}/${local.hub}"
        dependsOn  = ["[resourceId('Microsoft.DurableTask/schedulers', '${local.scheduler}')]"]
        properties = {}
      },
    ]
    outputs = {
      id       = { type = "string", value = "[resourceId('Microsoft.DurableTask/schedulers', '${local.scheduler}')]" }
      endpoint = { type = "string", value = "[reference('${local.scheduler}').endpoint]" }
    }
  })
}

# https://learn.microsoft.com/azure/azure-functions/durable/durable-task-scheduler/durable-task-scheduler-identity
resource "azurerm_role_assignment" "main" {
  principal_id         = var.identity.principal_id
  principal_type       = "ServicePrincipal"
  role_definition_name = "Durable Task Data Contributor"
  scope                = local.deployed.id.value
}

output "connection_string" {
  description = "Holds no secret: whoever connects has a token of its identity."
  value = join(";", [
    "Endpoint=${local.deployed.endpoint.value}",
    "Authentication=ManagedIdentity",
    "ClientID=${var.identity.client_id}",
    "TaskHub=${local.hub}",
  ])
}
