# A network whose storage, vault and search have private addresses only.

locals {
  subnets = {
    functions = cidrsubnet(var.address_space, 4, 0)
    gpu       = cidrsubnet(var.address_space, 4, 1)
    endpoints = cidrsubnet(var.address_space, 4, 2)
  }
  # What each private endpoint's name is looked up in.
  zones = {
    blob   = "privatelink.blob.core.windows.net"
    queue  = "privatelink.queue.core.windows.net"
    table  = "privatelink.table.core.windows.net"
    vault  = "privatelink.vaultcore.azure.net"
    search = "privatelink.search.windows.net"
  }
}

resource "azurerm_virtual_network" "main" {
  name                = "${var.name}-network"
  location            = var.location
  resource_group_name = var.resource_group_name
  address_space       = [var.address_space]
  tags                = var.tags
}

resource "azurerm_network_security_group" "main" {
  for_each            = local.subnets
  name                = "${var.name}-${each.key}"
  location            = var.location
  resource_group_name = var.resource_group_name
  tags                = var.tags

  security_rule {
    name                       = "deny-internet-inbound"
    priority                   = 4096
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_address_prefix      = "Internet"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet" "main" {
  for_each                          = local.subnets
  name                              = each.key
  resource_group_name               = var.resource_group_name
  virtual_network_name              = azurerm_virtual_network.main.name
  address_prefixes                  = [each.value]
  private_endpoint_network_policies = each.key == "endpoints" ? "Enabled" : "Disabled"

  # Flex consumption and environments with workload profiles both run on Container Apps.
  dynamic "delegation" {
    for_each = each.key == "endpoints" ? [] : ["Microsoft.App/environments"]
    content {
      name = "apps"
      service_delegation {
        name    = delegation.value
        actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
      }
    }
  }
}

resource "azurerm_subnet_network_security_group_association" "main" {
  for_each                  = local.subnets
  subnet_id                 = azurerm_subnet.main[each.key].id
  network_security_group_id = azurerm_network_security_group.main[each.key].id
}

resource "azurerm_private_dns_zone" "main" {
  for_each            = local.zones
  name                = each.value
  resource_group_name = var.resource_group_name
  tags                = var.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "main" {
  for_each              = local.zones
  name                  = "${var.name}-${each.key}"
  resource_group_name   = var.resource_group_name
  private_dns_zone_name = azurerm_private_dns_zone.main[each.key].name
  virtual_network_id    = azurerm_virtual_network.main.id
  tags                  = var.tags
}
