using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>The app's host.json, with the environment's <c>AzureFunctionsJobHost__…</c> overrides applied, as in the official host.</summary>
internal sealed class HostFile(string? directory, IConfiguration settings)
{
    private const string Name = "host.json";

    /// <summary>Where host.json lies; null where the app has none.</summary>
    public string? Directory { get; } = directory;

    public string RoutePrefix => (settings["extensions:http:routePrefix"] ?? "api").Trim('/');

    public IConfiguration Logging => settings.GetSection("logging");

    public IConfiguration Section(string path) => settings.GetSection(path);

    /// <summary>Looks in the content root, in the folders above it, and beside the program.</summary>
    public static HostFile Load(string contentRoot)
    {
        var directory = Above(contentRoot).Append(AppContext.BaseDirectory).FirstOrDefault(place => File.Exists(Path.Combine(place, Name)));
        var builder = new ConfigurationBuilder();
        if (directory is not null)
            builder.AddJsonFile(Path.Combine(directory, Name), optional: false, reloadOnChange: false);
        builder.AddEnvironmentVariables("AzureFunctionsJobHost__");
        try
        {
            return new HostFile(directory, builder.Build());
        }
        catch (InvalidDataException malformed)
        {
            throw new HostStartException($"{Path.Combine(directory!, Name)} is not valid JSON: {malformed.InnerException?.Message ?? malformed.Message}");
        }
    }

    /// <summary>The time one invocation may take; null for no limit. Default 30 minutes, as on a dedicated plan.</summary>
    public TimeSpan? FunctionTimeout(ICollection<string> problems)
    {
        if (settings["functionTimeout"] is not { } text)
            return TimeSpan.FromMinutes(30);
        if (text == "-1")
            return null;
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero)
            return timeout;
        problems.Add($"{Name}: functionTimeout is '{text}'; allowed is a positive duration such as 00:10:00, or -1 for none");
        return null;
    }

    private static IEnumerable<string> Above(string directory)
    {
        for (var place = new DirectoryInfo(directory); place is not null; place = place.Parent)
            yield return place.FullName;
    }
}
