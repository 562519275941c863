using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Serverless.Local.Host.Settings;

/// <summary>host.json under the environment: <c>AzureFunctionsJobHost__…</c> variables override single values of it.</summary>
internal static class HostFile
{
    public const string Section = "AzureFunctionsJobHost";

    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);

    /// <summary>Reads host.json as the section that the WebJobs SDK is told to read its options from.</summary>
    public static IConfigurationRoot Load(string appFolder)
    {
        string file = Path.Combine(appFolder, "host.json");
        if (!File.Exists(file))
        {
            throw new HostStartException($"{appFolder} holds no host.json; is it what 'dotnet publish' of a Functions app made?");
        }
        try
        {
            IConfiguration json = new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build();
            if (json["version"] != "2.0")
            {
                throw new HostStartException($"{file} has version '{json["version"]}'; set it to \"2.0\".");
            }
            IEnumerable<KeyValuePair<string, string?>> values = json.AsEnumerable()
                .Where(pair => pair.Value is not null)
                .Select(pair => KeyValuePair.Create($"{Section}:{pair.Key}", pair.Value))
                .Append(new("AzureWebJobsConfigurationSection", Section));
            return new ConfigurationBuilder().AddInMemoryCollection(values).AddEnvironmentVariables().Build();
        }
        catch (InvalidDataException malformed)
        {
            throw new HostStartException($"{file} is not valid JSON: {malformed.InnerException?.Message ?? malformed.Message}", malformed);
        }
    }

    /// <summary>The time that one invocation may take: 30 minutes unless host.json says otherwise; null for no limit.</summary>
    public static TimeSpan? FunctionTimeout(IConfiguration configuration)
    {
        string? text = configuration[$"{Section}:functionTimeout"];
        if (string.IsNullOrEmpty(text))
        {
            return DefaultTimeout;
        }
        if (text is "-1")
        {
            return null;
        }
        return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan timeout) && timeout > TimeSpan.Zero
            ? timeout
            : throw new HostStartException($"host.json: functionTimeout is '{text}'; write a duration such as 00:10:00, or -1 for none.");
    }
}
