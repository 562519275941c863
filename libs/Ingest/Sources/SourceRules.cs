using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Serverless.Storage;

namespace Serverless.Ingest.Sources;

/// <summary>
/// What a source may be: a name, and a container or bucket of an account that the deployment is configured for, never an address or a key.
/// </summary>
public static partial class SourceRules
{
    public const int MaxSources = 100;
    public const int MaxPrefixes = 20;
    public const int MaxPrefixCharacters = 512;
    public const int MaxTypes = 20;
    public const int MaxRatePerSecond = 1_000;
    public const int DefaultRatePerSecond = 10;

    private const int MaxExcerpt = 80;

    /// <summary>Containers that the pipeline itself writes to: what is in them is no upload.</summary>
    private static readonly FrozenSet<string> Own = new[]
    {
        "alerts",
        "analyses",
        "audit",
        "captures",
        "contents",
        "differences",
        "drift",
        "erasures",
        "event-dead-letters",
        "experiments",
        "exports",
        "export-runs",
        "feedback",
        "fleet",
        "golden",
        "index",
        "jobs",
        "keys",
        "ledger",
        "members",
        "objectives",
        "operations",
        "outbox",
        "promotions",
        "quarantine",
        "registry",
        "releases",
        "rollouts",
        "runs",
        "sources",
        "trials",
        "uploads",
        "validation",
        "views",
        "webhooks",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Of the Functions host and of Durable Functions (learn.microsoft.com, "Azure Storage provider").</summary>
    private static readonly string[] PlatformPrefixes = ["azure-webjobs-", "app-package-", "scm-releases"];
    private static readonly string[] PlatformSuffixes = ["-leases", "-applease", "-largemessages"];

    /// <summary>Whether the pipeline, or what runs it, keeps its own things in this container of an Azure account.</summary>
    public static bool IsOwn(string container) =>
        Own.Contains(container)
        || PlatformPrefixes.Any(prefix => container.StartsWith(prefix, StringComparison.Ordinal))
        || PlatformSuffixes.Any(suffix => container.EndsWith(suffix, StringComparison.Ordinal));

    /// <exception cref="SourceException">Says what is wrong with the first thing that is.</exception>
    public static void Check(MediaSource source, AssetStores stores)
    {
        CheckName(source.Name);
        IObjectStore store = StoreOf(source.Store, stores);
        CheckContainer(store, source.Container);
        CheckPrefixes(source.Prefixes);
        CheckTypes(source.Types);
        if (source.RatePerSecond is < 1 or > MaxRatePerSecond)
        {
            throw Invalid($"ratePerSecond is {source.RatePerSecond}; allowed are 1 to {MaxRatePerSecond} objects a second.");
        }
    }

    public static IObjectStore StoreOf(string store, AssetStores stores) =>
        stores.Has(store)
            ? stores[store]
            : throw Invalid(
                $"store is '{Excerpt(store)}'; allowed are {string.Join(" and ", stores.All.Select(known => known.Name).Order())}."
            );

    /// <summary>Whether it may be part of a path.</summary>
    internal static bool IsName(string name) => Name().IsMatch(name);

    private static void CheckName(string name)
    {
        if (!Name().IsMatch(name))
        {
            throw Invalid(
                $"name is '{Excerpt(name)}' of {name.Length} characters; allowed are 1 to 40 lower-case letters, digits and hyphens within."
            );
        }
        if (name == MediaSource.BuiltInName)
        {
            throw Invalid($"name is '{name}', which is the source that each store has by its settings.");
        }
    }

    private static void CheckContainer(IObjectStore store, string container)
    {
        if (
            !Container().IsMatch(container)
            || container.Contains("--", StringComparison.Ordinal)
            || container.Contains("..", StringComparison.Ordinal)
        )
        {
            throw Invalid(
                $"container is '{Excerpt(container)}' of {container.Length} characters; allowed are names of containers and buckets: "
                    + "3 to 63 lower-case letters, digits, and hyphens or dots within."
            );
        }
        string built = store.Locate($"{AssetLayout.MediaPrefix}x").Container;
        bool isShared = store.Locate($"{AssetLayout.LedgerPrefix}x").Container == built; // one bucket holds uploads and results
        if (isShared ? container == built : IsOwn(container))
        {
            throw Invalid($"container is '{container}', in which the pipeline keeps what it made; allowed are those of others.");
        }
    }

    private static void CheckPrefixes(IReadOnlyList<string> prefixes)
    {
        if (prefixes.Count is 0 or > MaxPrefixes)
        {
            throw Invalid($"prefixes has {prefixes.Count} entries; allowed are 1 to {MaxPrefixes}, an empty one for the whole container.");
        }
        for (int i = 0; i < prefixes.Count; i++)
        {
            if (FaultOf(prefixes[i]) is { } fault)
            {
                throw Invalid($"prefixes[{i}] {fault}");
            }
        }
        if (prefixes.Distinct(StringComparer.Ordinal).Count() < prefixes.Count)
        {
            throw Invalid("prefixes has an entry twice; allowed is each once.");
        }
    }

    private static string? FaultOf(string prefix) =>
        prefix.Length > MaxPrefixCharacters ? $"has {prefix.Length} characters; allowed are {MaxPrefixCharacters}."
        : prefix.Any(char.IsControl) ? $"is '{Excerpt(prefix)}', which holds a control character; allowed are printable ones."
        : prefix.StartsWith('/') ? $"is '{Excerpt(prefix)}', which begins with '/'; allowed are beginnings of keys such as 'news/'."
        : prefix.Contains('\\') ? $"is '{Excerpt(prefix)}', which holds a backslash; folders are separated by '/'."
        : prefix.Split('/').Any(segment => segment is "." or "..") ? $"is '{Excerpt(prefix)}', which holds a folder '.' or '..'."
        : null;

    private static void CheckTypes(IReadOnlyList<string> types)
    {
        if (types.Count > MaxTypes)
        {
            throw Invalid($"types has {types.Count} entries; allowed are {MaxTypes}, and none for all.");
        }
        for (int i = 0; i < types.Count; i++)
        {
            if (TypeFilter.Fault(types[i]) is { } fault)
            {
                throw Invalid($"types[{i}] {fault}");
            }
        }
    }

    /// <summary>What a caller sent, short and printable.</summary>
    internal static string Excerpt(string text)
    {
        string printable = string.Concat(text.Take(MaxExcerpt).Select(c => char.IsControl(c) ? '?' : c));
        return text.Length > MaxExcerpt ? $"{printable}…" : printable;
    }

    private static SourceException Invalid(string message) => new(SourceFault.Invalid, message);

    [GeneratedRegex("^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\\z")]
    private static partial Regex Name();

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\\z")]
    private static partial Regex Container();
}
