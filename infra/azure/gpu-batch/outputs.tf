output "job_id" {
  value = azurerm_container_app_job.main.id
}
