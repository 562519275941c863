using System.Collections;
using System.Text.Json;

namespace Serverless.Local.Host.Settings;

/// <summary>The app's settings: the values of local.settings.json, under the process's environment, as environment variables.</summary>
internal static class AppSettings
{
    /// <summary>The variables to set so that both this host and its worker see the settings.</summary>
    public static IReadOnlyDictionary<string, string?> Complete(HostArguments arguments, IDictionary environment)
    {
        IReadOnlyDictionary<string, string> values = arguments.SettingsFile is { } file ? Read(file) : new Dictionary<string, string>();
        HashSet<string> given = [.. environment.Keys.Cast<string>().Select(VariableName)];
        Dictionary<string, string?> variables = new() { ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated" };
        foreach ((string name, string value) in values)
        {
            variables[VariableName(name)] = value;
        }
        foreach (string name in variables.Keys.Where(given.Contains).ToArray())
        {
            variables.Remove(name);
        }
        // Durable Functions has no webhook address without the first, and takes the machine for Linux Consumption by the second.
        variables["WEBSITE_HOSTNAME"] = $"localhost:{arguments.Port}";
        variables["CONTAINER_NAME"] = null;
        variables["AzureWebJobsScriptRoot"] = arguments.AppFolder;
        if (!given.Contains("Durable__SqliteFile"))
        {
            variables.TryAdd("Durable__SqliteFile", Path.Combine(arguments.DataFolder, "durable.db"));
        }
        return variables;
    }

    /// <summary>A setting's name as Linux hosts name its environment variable.</summary>
    public static string VariableName(string setting) => setting.Replace(":", "__", StringComparison.Ordinal);

    public static IReadOnlyDictionary<string, string> Read(string file)
    {
        try
        {
            using FileStream stream = File.OpenRead(file);
            SettingsFile? settings = JsonSerializer.Deserialize<SettingsFile>(stream, Format);
            if (settings is { IsEncrypted: true })
            {
                throw new HostStartException($"{file} is encrypted; decrypt it with: func settings decrypt");
            }
            return settings?.Values ?? [];
        }
        catch (JsonException malformed)
        {
            throw new HostStartException($"{file} is not valid: {malformed.Message}", malformed);
        }
    }

    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private sealed record SettingsFile(bool IsEncrypted, Dictionary<string, string>? Values);
}
