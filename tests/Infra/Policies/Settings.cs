using System.Text.Json;
using Serverless.Infra.Terraform;

namespace Serverless.Infra.Policies;

/// <summary>The settings that a program finds in its environment.</summary>
internal static class Settings
{
    public static IReadOnlyDictionary<string, string> OfFunctions(Applied applied) =>
        applied.Of("azurerm_function_app_flex_consumption").Single().Map("app_settings");

    public static IReadOnlyDictionary<string, string> OfLambda(Applied applied) =>
        applied.Of("aws_lambda_function").Single().Map("environment.0.variables");

    /// <summary>Of the worker, on either cloud.</summary>
    public static IReadOnlyDictionary<string, string> OfWorker(Applied applied) =>
        applied.Of("azurerm_container_app_job").SingleOrDefault() is { } job
            ? Pairs(job.List("template.0.container.0.env"), "value")
            : Pairs(OfContainer(applied, "environment"), "value")
                .Concat(Pairs(OfContainer(applied, "secrets"), "valueFrom"))
                .ToDictionary();

    private static IEnumerable<JsonElement> OfContainer(Applied applied, string list) =>
        JsonDocument
            .Parse(applied.Of("aws_batch_job_definition").Single().Text("container_properties"))
            .RootElement.GetProperty(list)
            .EnumerateArray();

    private static Dictionary<string, string> Pairs(IEnumerable<JsonElement> entries, string value) =>
        entries.ToDictionary(entry => entry.GetProperty("name").ToString(), entry => entry.GetProperty(value).ToString());
}
