using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>The app's configuration, weakest source first: appsettings.json, local.settings.json, environment, command line.</summary>
internal static class AppSettings
{
    public static void Add(IConfigurationBuilder configuration, string contentRoot, string environment, HostFile host, string[] args)
    {
        configuration.AddJsonFile(Path.Combine(contentRoot, "appsettings.json"), optional: true, reloadOnChange: false);
        configuration.AddJsonFile(Path.Combine(contentRoot, $"appsettings.{environment}.json"), optional: true, reloadOnChange: false);
        configuration.AddInMemoryCollection(LocalSettings(Path.Combine(host.Directory ?? contentRoot, "local.settings.json")));
        configuration.AddEnvironmentVariables("AZURE_FUNCTIONS_");
        configuration.AddEnvironmentVariables();
        configuration.AddCommandLine(args);
    }

    /// <summary>The file's <c>Values</c> and <c>ConnectionStrings</c>, which the Core Tools turn into environment variables.</summary>
    private static Dictionary<string, string?> LocalSettings(string path)
    {
        if (!File.Exists(path))
            return [];
        try
        {
            var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
            using var document = JsonDocument.Parse(File.ReadAllBytes(path), options);
            return Section(document, "Values", "").Concat(Section(document, "ConnectionStrings", "ConnectionStrings:")).ToDictionary();
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            throw new HostStartException($"{path} is not valid: {malformed.Message}");
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Section(JsonDocument document, string name, string prefix) =>
        document.RootElement.TryGetProperty(name, out var section)
            ? section.EnumerateObject().Select(value =>
                KeyValuePair.Create(prefix + value.Name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)value.Value.ToString()))
            : [];
}
