using System.Text.Json;
using Serverless.Infra.Terraform;

namespace Serverless.Infra.Policies;

/// <summary>Nothing can be reached from the internet but the app, by those that the environment names.</summary>
internal static class Exposure
{
    private static readonly string[] Everybody = ["*", "Internet", "Any", "0.0.0.0/0", "::/0"];

    /// <summary>What is asked through private endpoints alone, and its parts.</summary>
    private static readonly (string Type, string[] Parts)[] Private =
    [
        ("azurerm_storage_account", ["blob", "queue", "table"]),
        ("azurerm_key_vault", ["vault"]),
        ("azurerm_search_service", ["searchService"]),
    ];

    /// <summary>Attributes by type, and the value that keeps others out.</summary>
    private static readonly (string Type, string Path, string Value)[] Closed =
    [
        ("azurerm_storage_account", "public_network_access_enabled", "False"),
        ("azurerm_storage_account", "allow_nested_items_to_be_public", "False"),
        ("azurerm_storage_account", "shared_access_key_enabled", "False"),
        ("azurerm_storage_account", "network_rules.0.default_action", "Deny"),
        ("azurerm_storage_container", "container_access_type", "private"),
        ("azurerm_key_vault", "public_network_access_enabled", "False"),
        ("azurerm_key_vault", "network_acls.0.default_action", "Deny"),
        ("azurerm_search_service", "public_network_access_enabled", "False"),
        ("azurerm_search_service", "local_authentication_enabled", "False"),
        ("azurerm_container_app_environment", "public_network_access", "Disabled"),
        ("azurerm_container_app_environment", "internal_load_balancer_enabled", "True"),
        ("azurerm_function_app_flex_consumption", "site_config.0.ip_restriction_default_action", "Deny"),
        ("azurerm_function_app_flex_consumption", "site_config.0.scm_ip_restriction_default_action", "Deny"),
        ("azurerm_function_app_flex_consumption", "webdeploy_publish_basic_authentication_enabled", "False"),
        ("aws_s3_bucket_public_access_block", "block_public_acls", "True"),
        ("aws_s3_bucket_public_access_block", "block_public_policy", "True"),
        ("aws_s3_bucket_public_access_block", "ignore_public_acls", "True"),
        ("aws_s3_bucket_public_access_block", "restrict_public_buckets", "True"),
        ("aws_subnet", "map_public_ip_on_launch", "False"),
        ("aws_launch_template", "metadata_options.0.http_tokens", "required"),
    ];

    public static IEnumerable<string> Check(Applied applied) =>
        [.. Open(applied), .. Doors(applied), .. WithoutEndpoint(applied), .. WithoutBlock(applied)];

    private static IEnumerable<string> Open(Applied applied) =>
        from rule in Closed
        from resource in applied.Of(rule.Type)
        let found = resource.Text(rule.Path)
        where !found.Equals(rule.Value, StringComparison.OrdinalIgnoreCase)
        select $"{resource.Address}: {rule.Path} is '{found}'; expected is {rule.Value}.";

    private static IEnumerable<string> Doors(Applied applied) =>
        from resource in applied.Resources
        from rule in resource
            .List("security_rule")
            .Where(rule => Is(rule, "access", "Allow") && Is(rule, "direction", "Inbound"))
            .Concat(resource.List("ingress"))
            .Concat(resource.List("site_config.0.ip_restriction").Where(rule => Is(rule, "action", "Allow")))
            .Concat(resource.List("site_config.0.scm_ip_restriction").Where(rule => Is(rule, "action", "Allow")))
        let source = Everybody.FirstOrDefault(everybody =>
            rule.GetRawText().Contains($":\"{everybody}\"", StringComparison.Ordinal)
            || rule.GetRawText().Contains($"[\"{everybody}\"", StringComparison.Ordinal)
        )
        where source is not null && !(resource.Type.StartsWith("azurerm_network", StringComparison.Ordinal) && IsFromNetwork(rule))
        select $"{resource.Address}: '{source}' may come in.";

    private static IEnumerable<string> WithoutEndpoint(Applied applied)
    {
        HashSet<string> joined =
        [
            .. applied
                .Of("azurerm_private_endpoint")
                .Select(endpoint =>
                    $"{endpoint.Text("private_service_connection.0.private_connection_resource_id")}/"
                    + endpoint.Text("private_service_connection.0.subresource_names.0")
                ),
        ];
        return from rule in Private
            from thing in applied.Of(rule.Type)
            from part in rule.Parts
            where !joined.Contains($"{thing.Id}/{part}")
            select $"{thing.Address}: there is no private endpoint of '{part}'.";
    }

    private static IEnumerable<string> WithoutBlock(Applied applied)
    {
        HashSet<string> blocked = [.. applied.Of("aws_s3_bucket_public_access_block").Select(block => block.Text("bucket"))];
        return applied
            .Of("aws_s3_bucket")
            .Where(bucket => !blocked.Contains(bucket.Id))
            .Select(bucket => $"{bucket.Address}: nothing blocks public access.");
    }

    private static bool IsFromNetwork(JsonElement rule) => Is(rule, "source_address_prefix", "VirtualNetwork");

    private static bool Is(JsonElement rule, string name, string value) =>
        rule.TryGetProperty(name, out JsonElement found) && found.ToString() == value;
}
