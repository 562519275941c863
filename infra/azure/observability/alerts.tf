# What nobody sees from inside the app, as alerts of Azure Monitor. Each names the runbook, of those the app serves, that says what to do.

locals {
  metrics = {
    app-errors = {
      scope     = var.app_id, namespace = "Microsoft.Web/sites", metric = "Http5xx", aggregation = "Total", operator = "GreaterThan"
      threshold = 20, window = "PT5M", severity = 1, runbook = "errorShare"
    }
    app-slow = {
      scope     = var.app_id, namespace = "Microsoft.Web/sites", metric = "HttpResponseTime", aggregation = "Average", operator = "GreaterThan"
      threshold = 5, window = "PT15M", severity = 2, runbook = "latency"
    }
    storage-away = {
      scope     = var.account_id, namespace = "Microsoft.Storage/storageAccounts", metric = "Availability", aggregation = "Average"
      operator  = "LessThan"
      threshold = 99, window = "PT15M", severity = 1, runbook = "health"
    }
    events-dead = {
      scope     = var.topic_id, namespace = "Microsoft.EventGrid/systemTopics", metric = "DeadLetteredCount", aggregation = "Total"
      operator  = "GreaterThan"
      threshold = 0, window = "PT15M", severity = 2, runbook = "missingAssets"
    }
    events-late = {
      scope     = var.topic_id, namespace = "Microsoft.EventGrid/systemTopics", metric = "DeliveryAttemptFailCount", aggregation = "Total"
      operator  = "GreaterThan"
      threshold = 50, window = "PT30M", severity = 3, runbook = "missingAssets"
    }
  }
  queries = {
    messages-poison = {
      scope = azurerm_application_insights.main.id, runbook = "incident", severity = 2
      query = "traces | where message startswith 'Message has reached MaxDequeueCount'"
    }
    runs-failed = {
      scope = azurerm_application_insights.main.id, runbook = "stuckRun", severity = 3
      query = "traces | where customDimensions.prop__state == 'Failed' and customDimensions.prop__functionType == 'Orchestrator'"
    }
    worker-failed = {
      scope = azurerm_log_analytics_workspace.main.id, runbook = "backlogAge", severity = 2
      query = "ContainerAppSystemLogs_CL | where Reason_s in ('BackoffLimitExceeded', 'ImagePullFailure', 'DeadlineExceeded')"
    }
  }
  runbooks = "${var.app_address}/api/runbooks"
}

resource "azurerm_monitor_action_group" "main" {
  name                = "${var.name}-alerts"
  resource_group_name = var.resource_group_name
  short_name          = "pipeline"
  tags                = var.tags

  dynamic "email_receiver" {
    for_each = var.emails
    content {
      name                    = "email-${email_receiver.key}"
      email_address           = email_receiver.value
      use_common_alert_schema = true
    }
  }
}

resource "azurerm_monitor_metric_alert" "main" {
  for_each            = local.metrics
  name                = "${var.name}-${each.key}"
  resource_group_name = var.resource_group_name
  scopes              = [each.value.scope]
  description         = "Runbook: ${local.runbooks}/${each.value.runbook}"
  severity            = each.value.severity
  frequency           = "PT5M"
  window_size         = each.value.window
  tags                = var.tags

  criteria {
    metric_namespace = each.value.namespace
    metric_name      = each.value.metric
    aggregation      = each.value.aggregation
    operator         = each.value.operator
    threshold        = each.value.threshold
  }

  action {
    action_group_id = azurerm_monitor_action_group.main.id
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "main" {
  for_each             = local.queries
  name                 = "${var.name}-${each.key}"
  location             = var.location
  resource_group_name  = var.resource_group_name
  scopes               = [each.value.scope]
  description          = "Runbook: ${local.runbooks}/${each.value.runbook}"
  severity             = each.value.severity
  evaluation_frequency = "PT5M"
  window_duration      = "PT15M"
  # The tables are there once something was written to them.
  skip_query_validation = true
  tags                  = var.tags

  criteria {
    query                   = each.value.query
    time_aggregation_method = "Count"
    operator                = "GreaterThan"
    threshold               = 0
  }

  action {
    action_groups = [azurerm_monitor_action_group.main.id]
  }
}

# The app answers 200 whatever it finds; a probe from outside reads what it says.
resource "azurerm_application_insights_standard_web_test" "health" {
  name                    = "${var.name}-health"
  location                = var.location
  resource_group_name     = var.resource_group_name
  application_insights_id = azurerm_application_insights.main.id
  frequency               = 300
  timeout                 = 30
  enabled                 = true
  retry_enabled           = true
  geo_locations           = ["emea-nl-ams-azr", "emea-gb-db3-azr", "us-va-ash-azr"]
  tags                    = var.tags

  request {
    url = "${var.app_address}/api/health"
  }

  validation_rules {
    expected_status_code = 200
    content {
      content_match      = "\"status\":\"healthy\""
      pass_if_text_found = true
    }
  }
}

resource "azurerm_monitor_metric_alert" "health" {
  name                = "${var.name}-health"
  resource_group_name = var.resource_group_name
  scopes              = [azurerm_application_insights_standard_web_test.health.id, azurerm_application_insights.main.id]
  description         = "Runbook: ${local.runbooks}/health"
  severity            = 1
  frequency           = "PT5M"
  window_size         = "PT15M"
  tags                = var.tags

  application_insights_web_test_location_availability_criteria {
    web_test_id           = azurerm_application_insights_standard_web_test.health.id
    component_id          = azurerm_application_insights.main.id
    failed_location_count = 2
  }

  action {
    action_group_id = azurerm_monitor_action_group.main.id
  }
}

resource "azurerm_monitor_diagnostic_setting" "main" {
  for_each                   = { queues = "${var.account_id}/queueServices/default", blobs = "${var.account_id}/blobServices/default" }
  name                       = "${var.name}-${each.key}"
  target_resource_id         = each.value
  log_analytics_workspace_id = azurerm_log_analytics_workspace.main.id

  enabled_log {
    category = "StorageDelete"
  }

  enabled_metric {
    category = "Transaction"
  }
}
