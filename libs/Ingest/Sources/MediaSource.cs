using System.Text.Json.Serialization;
using Serverless.Storage;

namespace Serverless.Ingest.Sources;

public enum SourceState
{
    /// <summary>What is found in it is begun.</summary>
    Active,

    /// <summary>Nothing is begun; what was deleted is still followed.</summary>
    Paused,

    /// <summary>It is not looked at any more.</summary>
    Removed,
}

/// <summary>
/// A container or bucket whose objects are uploads; the object <c>sources/{name}.json</c> of the store that it is in. An asset is named by
/// its object and not by its source, so that two sources which cover one object have one asset.
/// </summary>
/// <param name="Prefixes">Keys that begin with one of them belong to it; the empty one is the whole.</param>
/// <param name="Types">Kinds and extensions, see <see cref="TypeFilter"/>; none are all.</param>
/// <param name="RatePerSecond">Objects that a sync begins a second at most.</param>
/// <param name="Version">Counts the changes.</param>
/// <param name="Sync">Number of the sync that was last asked for; 0 of what needs none.</param>
/// <param name="Synced">When one has come to its end; until then the reconcile begins nothing.</param>
/// <param name="Erases">Of a removed one: whether what was made of its assets goes along.</param>
/// <param name="Erased">When all of that was gone.</param>
public sealed record MediaSource(
    string Name,
    string Store,
    string Container,
    IReadOnlyList<string> Prefixes,
    IReadOnlyList<string> Types,
    int RatePerSecond,
    SourceState State,
    string By,
    DateTimeOffset Created,
    string ChangedBy,
    DateTimeOffset Changed,
    int Version,
    int Sync = 0,
    DateTimeOffset? Synced = null,
    bool Erases = false,
    DateTimeOffset? Erased = null
)
{
    public const string BuiltInName = "media";

    /// <summary>Set up with the deployment, and not a document.</summary>
    [JsonIgnore]
    public bool IsBuiltIn => Name == BuiltInName;

    /// <summary>Whether a new object in it is begun by who finds it.</summary>
    [JsonIgnore]
    public bool BeginsNew => State == SourceState.Active && Synced is not null;

    /// <summary>Those that no other of them begins with: together their listings have each object once.</summary>
    [JsonIgnore]
    public IEnumerable<string> ListedPrefixes =>
        Prefixes.Where(prefix => !Prefixes.Any(other => other != prefix && prefix.StartsWith(other, StringComparison.Ordinal)));

    public bool Covers(string container, string key) =>
        container == Container && Prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal)) && TypeFilter.Admits(Types, key);

    /// <summary>Whether both may cover one object, whatever their filters.</summary>
    public bool Overlaps(MediaSource other) =>
        Store == other.Store
        && Container == other.Container
        && Prefixes.Any(prefix =>
            other.Prefixes.Any(one => one.StartsWith(prefix, StringComparison.Ordinal) || prefix.StartsWith(one, StringComparison.Ordinal))
        );

    /// <summary>The one that a store has by its settings: media/.</summary>
    public static MediaSource BuiltInOf(IObjectStore store)
    {
        (string container, string key) = store.Locate($"{AssetLayout.MediaPrefix}x");
        return new MediaSource(
            BuiltInName,
            store.Name,
            container,
            [key[..^1]],
            [],
            RatePerSecond: 0,
            SourceState.Active,
            By: "",
            default,
            ChangedBy: "",
            default,
            Version: 0,
            Synced: default(DateTimeOffset)
        );
    }
}
