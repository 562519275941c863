using System.Text.Json;
using Serverless.Infra.Terraform;

namespace Serverless.Infra.Policies;

/// <summary>The pages of the app, and those of no other, may put uploads into the stores of media.</summary>
internal static class BrowserUploads
{
    private const string Assets = "assets";

    public static IEnumerable<string> Check(Applied applied) =>
        [
            .. from account in applied.Of("azurerm_storage_account")
            where applied.Of("azurerm_eventgrid_system_topic").Any(topic => topic.Text("source_resource_id") == account.Id)
            from finding in Check(account, account.List("blob_properties.0.cors_rule"), "x-ms-*")
            select finding,
            .. from bucket in applied.Of("aws_s3_bucket")
            where bucket.Address.Contains($"\"{Assets}\"", StringComparison.Ordinal)
            let rules = applied.Of("aws_s3_bucket_cors_configuration").Where(rules => rules.Text("bucket") == bucket.Id)
            from finding in Check(bucket, rules.SelectMany(one => one.List("cors_rule")), "x-amz-meta-*")
            select finding,
        ];

    private static IEnumerable<string> Check(Resource store, IEnumerable<JsonElement> rules, string header)
    {
        JsonElement[] all = [.. rules];
        if (!all.Any(rule => Has(rule, "allowed_methods", "PUT") && Has(rule, "allowed_headers", header)))
        {
            yield return $"{store.Address}: no rule of origins (CORS) lets pages of the app PUT with {header}.";
        }
        foreach (string origin in all.SelectMany(rule => Values(rule, "allowed_origins")).Where(origin => !IsOneAddress(origin)))
        {
            yield return $"{store.Address}: the allowed origin '{origin}' is not the address of one app.";
        }
    }

    private static bool Has(JsonElement rule, string name, string value) => Values(rule, name).Contains(value);

    private static IEnumerable<string> Values(JsonElement rule, string name) =>
        rule.GetProperty(name).EnumerateArray().Select(one => $"{one}");

    private static bool IsOneAddress(string origin) =>
        origin.StartsWith("https://", StringComparison.Ordinal) && !origin.Contains('*', StringComparison.Ordinal);
}
