# Azure AI Search, which takes the place of the engine that is built in where there is more than one process can hold.

resource "azurerm_search_service" "main" {
  name                          = "${var.name}-search"
  location                      = var.location
  resource_group_name           = var.resource_group_name
  sku                           = var.sku
  replica_count                 = var.replicas
  partition_count               = var.partitions
  local_authentication_enabled  = false
  public_network_access_enabled = false
  tags                          = var.tags
}

# The app makes its index, and writes to it. https://learn.microsoft.com/azure/search/search-security-rbac
resource "azurerm_role_assignment" "main" {
  for_each             = toset(["Search Service Contributor", "Search Index Data Contributor"])
  principal_id         = var.identity.principal_id
  principal_type       = "ServicePrincipal"
  role_definition_name = each.key
  scope                = azurerm_search_service.main.id
}

resource "azurerm_private_endpoint" "main" {
  name                = "${var.name}-search"
  location            = var.location
  resource_group_name = var.resource_group_name
  subnet_id           = var.subnet_id
  tags                = var.tags

  private_service_connection {
    name                           = "search"
    private_connection_resource_id = azurerm_search_service.main.id
    subresource_names              = ["searchService"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "search"
    private_dns_zone_ids = [var.zone_ids["search"]]
  }
}
