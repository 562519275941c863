using Serverless.Infra.Terraform;

namespace Serverless.Infra.Policies;

/// <summary>What is kept and what travels is encrypted.</summary>
internal static class Encryption
{
    private static readonly (string Type, string Path, string Value)[] Settings =
    [
        ("azurerm_storage_account", "https_traffic_only_enabled", "True"),
        ("azurerm_storage_account", "infrastructure_encryption_enabled", "True"),
        ("azurerm_storage_account", "min_tls_version", "TLS1_2"),
        ("azurerm_function_app_flex_consumption", "https_only", "True"),
        ("azurerm_function_app_flex_consumption", "site_config.0.minimum_tls_version", "1.2"),
        ("azurerm_key_vault", "purge_protection_enabled", "True"),
        ("aws_kms_key", "enable_key_rotation", "True"),
        ("aws_launch_template", "block_device_mappings.0.ebs.0.encrypted", "True"),
    ];

    /// <summary>Attributes that must name one of our keys.</summary>
    private static readonly (string Type, string Path)[] Keys =
    [
        ("aws_sqs_queue", "kms_master_key_id"),
        ("aws_sns_topic", "kms_master_key_id"),
        ("aws_cloudwatch_log_group", "kms_key_id"),
        ("aws_lambda_function", "kms_key_arn"),
        ("aws_backup_vault", "kms_key_arn"),
        ("aws_secretsmanager_secret", "kms_key_id"),
        ("aws_s3_bucket_server_side_encryption_configuration", "rule.0.apply_server_side_encryption_by_default.0.kms_master_key_id"),
    ];

    public static IEnumerable<string> Check(Applied applied)
    {
        HashSet<string> keys = [.. applied.Of("aws_kms_key").Select(key => key.Text("arn"))];
        HashSet<string> encrypted =
        [
            .. applied.Of("aws_s3_bucket_server_side_encryption_configuration").Select(settings => settings.Text("bucket")),
        ];
        return
        [
            .. from rule in Settings
            from resource in applied.Of(rule.Type)
            let found = resource.Text(rule.Path)
            where !found.Equals(rule.Value, StringComparison.OrdinalIgnoreCase)
            select $"{resource.Address}: {rule.Path} is '{found}'; expected is {rule.Value}.",
            .. from rule in Keys
            from resource in applied.Of(rule.Type)
            where !keys.Contains(resource.Text(rule.Path))
            select $"{resource.Address}: {rule.Path} is '{resource.Text(rule.Path)}'; expected is a key of ours.",
            .. from bucket in applied.Of("aws_s3_bucket")
            where !encrypted.Contains(bucket.Id)
            select $"{bucket.Address}: nothing encrypts it by a key of ours.",
        ];
    }
}
