using Microsoft.Extensions.Configuration;

namespace Serverless.Registry;

/// <summary>
/// A deployment that is one environment names it once, as <c>Environment:Name</c>; without it one process serves all of the registry's.
/// </summary>
public static class EnvironmentSettings
{
    private const string Name = "Environment:Name";

    private static readonly string[] OfOne = ["Roles:Environment", "Predictions:Environment"];
    private static readonly string[] OfMany = ["Registry:Environments", "Drift:Environments"];

    /// <summary>Sets every other setting that names environments to the one that is served. To be called before any is read.</summary>
    /// <exception cref="ArgumentException">One of them names another environment already.</exception>
    public static void ServeOneEnvironment(this IConfiguration settings)
    {
        if (settings[Name] is not { Length: > 0 } name)
        {
            return;
        }
        string[] faults =
        [
            .. OfOne
                .Select(key => (Key: key, Value: settings[key]))
                .Concat(OfMany.SelectMany(key => settings.GetSection(key).GetChildren().Select(child => (Key: key, Value: child.Value))))
                .Where(found => !string.IsNullOrEmpty(found.Value) && found.Value != name)
                .Select(found => $"{found.Key} has '{found.Value}'"),
        ];
        if (faults.Length > 0)
        {
            throw new ArgumentException(
                $"{Name} is '{name}', and {string.Join(", ", faults)}; allowed is '{name}' or nothing.",
                nameof(settings)
            );
        }
        foreach (string key in OfOne.Concat(OfMany.Select(list => $"{list}:0")))
        {
            settings[key] = name;
        }
    }
}
