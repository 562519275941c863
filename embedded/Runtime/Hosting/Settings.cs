using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>Resolves <c>%Setting%</c> in trigger texts and the settings that hold connection strings.</summary>
internal sealed partial class Settings(IConfiguration configuration, ICollection<string> problems)
{
    public const string DefaultConnection = "AzureWebJobsStorage";

    /// <summary>The text with each <c>%Name%</c> replaced; a setting that is absent becomes a problem of <paramref name="place"/>.</summary>
    public string Resolve(string text, string place) => Reference().Replace(text, match =>
    {
        if (configuration[Key(match.Groups[1].Value)] is { } value)
            return value;
        problems.Add($"{place}: '{text}' names the setting '{match.Groups[1].Value}', which is not set");
        return match.Value;
    });

    /// <summary>The connection string behind a binding's <c>Connection</c>; empty, with a problem noted, where there is none.</summary>
    public string ConnectionString(string? connection, string place)
    {
        var name = string.IsNullOrEmpty(connection) ? DefaultConnection : Resolve(connection, place);
        var value = configuration[Key(name)] ?? configuration[$"AzureWebJobs{Key(name)}"] ?? configuration.GetConnectionString(name);
        if (!string.IsNullOrWhiteSpace(value))
            return value;
        problems.Add($"{place}: the setting '{name}' holds no storage connection string (UseDevelopmentStorage=true serves for a local Azurite)");
        return "";
    }

    private static string Key(string name) => name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Reference();
}
