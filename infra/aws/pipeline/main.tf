# The whole of one environment, made of a module for each noun.

locals {
  name = "${var.name}-${var.environment}"
}

module "network" {
  source        = "../network"
  name          = local.name
  address_space = var.address_space
}

module "storage" {
  source         = "../storage"
  name           = local.name
  retention_days = var.retention_days
  app_address    = var.app_address
}

module "backup" {
  source         = "../backup"
  name           = local.name
  bucket_arn     = module.storage.buckets["assets"].arn
  key_arn        = module.storage.key_arn
  retention_days = var.retention_days
  copy_vault_arn = var.backup_copy_vault_arn
}

module "events" {
  source                   = "../events"
  name                     = local.name
  bucket                   = module.storage.buckets["assets"]
  key_arn                  = module.storage.key_arn
  function_timeout_seconds = var.timeout_seconds
}

module "identity" {
  source         = "../identity"
  name           = local.name
  bucket_arn     = module.storage.buckets["assets"].arn
  key_arn        = module.storage.key_arn
  secret_arn     = module.storage.secret_arn
  releases_arn   = module.storage.buckets["releases"].arn
  queue_arn      = module.events.queue_arn
  repository_arn = var.repository_arn
  media_buckets  = var.media_buckets
}

module "functions" {
  source               = "../functions"
  name                 = local.name
  environment          = var.environment
  role_arn             = module.identity.role_arns["functions"]
  key_arn              = module.storage.key_arn
  queue_arn            = module.events.queue_arn
  bucket_name          = module.storage.buckets["assets"].name
  releases_bucket_name = module.storage.buckets["releases"].name
  package              = var.package
  events_endpoint      = "${var.app_address}/api/events"
  memory_mb            = var.memory_mb
  ephemeral_mb         = var.ephemeral_mb
  timeout_seconds      = var.timeout_seconds
  max_concurrency      = var.max_concurrency
  log_retention_days   = var.log_retention_days
  extra_settings       = var.extra_settings
}

module "gpu_batch" {
  source               = "../gpu-batch"
  name                 = local.name
  environment          = var.environment
  image                = var.image
  role_arns            = module.identity.role_arns
  instance_profile_arn = module.identity.instance_profile_arn
  key_arn              = module.storage.key_arn
  secret_arn           = module.storage.secret_arn
  bucket_name          = module.storage.buckets["assets"].name
  events_endpoint      = "${var.app_address}/api/events"
  subnet_ids           = module.network.subnet_ids
  security_group_id    = module.network.security_group_id
  instance_types       = var.instance_types
  max_workers          = var.max_workers
  log_retention_days   = var.log_retention_days
}

module "observability" {
  source             = "../observability"
  name               = local.name
  emails             = var.alert_emails
  runbooks           = "${var.app_address}/api/runbooks"
  key_arn            = module.storage.key_arn
  function_name      = module.functions.name
  queue_name         = module.events.queue_name
  dead_queue_name    = module.events.dead_queue_name
  job_queue_arn      = module.gpu_batch.job_queue_arn
  state_machine_arn  = module.gpu_batch.state_machine_arn
  log_retention_days = var.log_retention_days
}
