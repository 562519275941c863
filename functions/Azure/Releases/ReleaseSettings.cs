using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace Serverless.Functions.Azure.Releases;

/// <summary>The settings of the app that lie in sections, by name, as they may be shown: of a secret only that it is set.</summary>
internal static partial class ReleaseSettings
{
    public const string Secret = "(secret)";

    private static readonly string[] Alone = ["AzureWebJobsStorage"];

    /// <summary>Tells a worker of its host, anew at each start.</summary>
    private const string OfWorker = "Functions";

    public static SortedDictionary<string, string> Of(IConfiguration settings)
    {
        SortedDictionary<string, string> shown = new(StringComparer.Ordinal);
        // What has no section is the machine's or the host's: PATH, HOME, FUNCTIONS_WORKER_RUNTIME.
        foreach (IConfigurationSection section in settings.GetChildren().Where(IsOurs))
        {
            foreach ((string name, string? value) in section.AsEnumerable())
            {
                if (value is not null)
                {
                    shown[name] = IsSecret(name, value) ? Secret : value;
                }
            }
        }
        return shown;
    }

    private static bool IsOurs(IConfigurationSection section) =>
        section.Value is null ? section.Key != OfWorker : Alone.Contains(section.Key);

    /// <summary>A reference to a secret is none.</summary>
    private static bool IsSecret(string name, string value) =>
        !value.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal) && (SecretName().IsMatch(name) || SecretValue().IsMatch(value));

    [GeneratedRegex("Secret|Password|Token|Credential|ConnectionString|AzureWebJobsStorage|(Key|Sha256)$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    /// <summary>Parts of connection strings and signed addresses, and a password in an address.</summary>
    [GeneratedRegex("AccountKey=|SharedAccess|[?&]sig=|://[^/@]*:[^/@]*@", RegexOptions.IgnoreCase)]
    private static partial Regex SecretValue();
}
