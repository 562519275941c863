# The bucket of uploads as of any minute of the last weeks, and each night's copy, also in another region where a vault there is named.

locals {
  # The longest that AWS Backup keeps points in time (docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html).
  days = min(var.retention_days, 35)
}

resource "aws_backup_vault" "main" {
  name        = var.name
  kms_key_arn = var.key_arn
}

resource "aws_backup_plan" "main" {
  name = var.name

  rule {
    rule_name                = "points-in-time"
    target_vault_name        = aws_backup_vault.main.name
    enable_continuous_backup = true
    lifecycle {
      delete_after = local.days
    }
  }

  rule {
    rule_name         = "nightly"
    target_vault_name = aws_backup_vault.main.name
    schedule          = "cron(0 3 * * ? *)"
    lifecycle {
      delete_after = local.days
    }

    dynamic "copy_action" {
      for_each = var.copy_vault_arn == null ? [] : [var.copy_vault_arn]
      content {
        destination_vault_arn = copy_action.value
        lifecycle {
          delete_after = local.days
        }
      }
    }
  }
}

resource "aws_backup_selection" "main" {
  name         = "assets"
  plan_id      = aws_backup_plan.main.id
  iam_role_arn = aws_iam_role.backup.arn
  resources    = [var.bucket_arn]
}

resource "aws_iam_role" "backup" {
  name = "${var.name}-backup"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "backup.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}

resource "aws_iam_role_policy_attachment" "backup" {
  for_each   = toset(["Backup", "Restore"])
  role       = aws_iam_role.backup.name
  policy_arn = "arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3${each.key}"
}
