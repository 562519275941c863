mock_provider "azurerm" {
  mock_resource "azurerm_resource_group_template_deployment" {
    defaults = {
      output_content = "{\"id\":{\"value\":\"scheduler-id\"},\"endpoint\":{\"value\":\"https://scheduler.test\"}}"
    }
  }
  mock_resource "azurerm_storage_account" {
    defaults = {
      primary_blob_endpoint  = "https://account.blob.test/"
      primary_queue_endpoint = "https://account.queue.test/"
    }
  }
  mock_resource "azurerm_key_vault" {
    defaults = { vault_uri = "https://vault.test/" }
  }
  mock_resource "azurerm_function_app_flex_consumption" {
    defaults = { default_hostname = "app.test" }
  }
}

variables {
  registry         = { id = "registry-id", server = "registry.test" }
  model_registry   = { id = "models-id", blob_endpoint = "https://models.blob.test" }
  image            = "registry.test/gpu-batch@sha256:0000000000000000000000000000000000000000000000000000000000000000"
  package          = "functions-azure-1.0.0.zip"
  alert_emails     = ["operators@example.org"]
  search           = { sku = "standard", replicas = 2, partitions = 1 }
  allowed_networks = ["203.0.113.0/24"]
  access_keys      = { ci = { sha256 = "0000000000000000000000000000000000000000000000000000000000000000", roles = "read,publish" } }
}

run "apply" {
  command = apply
}
