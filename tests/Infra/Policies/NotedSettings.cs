using Microsoft.Extensions.Configuration;

namespace Serverless.Infra.Policies;

/// <summary>Settings as environment variables give them, that note which of them were asked for.</summary>
internal sealed class NotedSettings : ConfigurationProvider
{
    public NotedSettings(IReadOnlyDictionary<string, string> settings)
    {
        foreach ((string name, string value) in settings)
        {
            Set(name.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), value);
        }
    }

    public HashSet<string> Asked { get; } = new(StringComparer.OrdinalIgnoreCase);

    public override bool TryGet(string key, out string? value)
    {
        Asked.Add(key);
        return base.TryGet(key, out value);
    }
}
