using System.Text.RegularExpressions;
using Serverless.Infra.Terraform;

namespace Serverless.Infra.Policies;

/// <summary>No value of a secret stands in a state: settings refer to where it is kept.</summary>
internal static partial class Secrets
{
    /// <summary>Types whose state holds the value of a secret.</summary>
    private static readonly string[] Holders =
    [
        "azurerm_key_vault_secret",
        "aws_secretsmanager_secret_version",
        "aws_ssm_parameter",
        "aws_iam_access_key",
    ];

    private static readonly string[] References = ["@Microsoft.KeyVault(", "s3://"];

    private static readonly (string Type, string Map)[] Environments =
    [
        ("azurerm_function_app_flex_consumption", "app_settings"),
        ("aws_lambda_function", "environment.0.variables"),
    ];

    public static IEnumerable<string> Check(Applied applied) =>
        [
            .. applied
                .Resources.Where(resource => Holders.Contains(resource.Type))
                .Select(resource => $"{resource.Address}: its state holds the value of a secret."),
            .. from environment in Environments
            from resource in applied.Of(environment.Type)
            from setting in resource.Map(environment.Map)
            where IsSecret().IsMatch(setting.Key)
            where !References.Any(reference => setting.Value.StartsWith(reference, StringComparison.Ordinal))
            select $"{resource.Address}: the setting {setting.Key} is no reference to a secret.",
        ];

    [GeneratedRegex("(?<!Public)(Key|Secret|Password|Token|AccountKey|ConnectionString)$", RegexOptions.IgnoreCase)]
    private static partial Regex IsSecret();
}
