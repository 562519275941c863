output "topic_id" {
  value = azurerm_eventgrid_system_topic.main.id
}
