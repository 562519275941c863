using System.Text.Json.Serialization;

namespace Serverless.Ingest.Ledgers;

/// <summary>The object <c>ledger/{shard}/{asset}.json</c>: all versions of one asset that are remembered, the newest first.</summary>
/// <param name="Removals">What was removed of it, the latest last; null where nothing was, or nobody said so.</param>
public sealed record LedgerDocument(
    string Asset,
    string Store,
    string Container,
    string Key,
    IReadOnlyList<LedgerEntry> Versions,
    IReadOnlyList<RemovalNote>? Removals = null
)
{
    /// <summary>More than so many removals, and the oldest are forgotten.</summary>
    public const int RememberedRemovals = 20;

    /// <summary>An object overwritten more often than this loses the memory of its oldest versions.</summary>
    public const int RememberedVersions = 50;

    public static LedgerDocument New(AssetSource source) => new(source.AssetId, source.Store, source.Container, source.Key, []);

    public LedgerEntry? Find(string version) => Versions.FirstOrDefault(entry => entry.Version == version);

    /// <summary>
    /// The newest version, unless all that is known of it is that it was overwritten: a late event may tell of an old one.
    /// </summary>
    [JsonIgnore]
    public LedgerEntry? Newest =>
        Versions.FirstOrDefault(entry => entry.State != AssetState.Superseded) ?? (Versions is [LedgerEntry first, ..] ? first : null);

    public AssetSource SourceOf(LedgerEntry entry) => new(Store, Container, Key, entry.StoreVersion);

    /// <summary>
    /// The object was deleted: no version of it is left. What was overwritten before stays so, unless what came after it is unknown here.
    /// </summary>
    /// <param name="note">How it was deleted, noted once.</param>
    public LedgerDocument Vanish(DateTimeOffset now, RemovalNote? note = null)
    {
        LedgerEntry? newest = Newest;
        LedgerEntry[] gone =
        [
            .. Versions.Select(entry =>
                entry.State == AssetState.Superseded && !ReferenceEquals(entry, newest) ? entry : entry.Vanish(now)
            ),
        ];
        return gone.SequenceEqual(Versions) ? this
            : note is null ? this with { Versions = gone }
            : (this with { Versions = gone }).With(note);
    }

    /// <summary>
    /// The same note twice, as an event that comes twice would bring it, is one. Only what was removed before can be back.
    /// </summary>
    public LedgerDocument With(RemovalNote note)
    {
        IReadOnlyList<RemovalNote> before = Removals ?? [];
        bool isKnown = note.VersionId is not null && before.Any(known => known.Kind == note.Kind && known.VersionId == note.VersionId);
        bool isThere = before.LastOrDefault(known => known.Kind != RemovalKind.OldVersion) is null or { Kind: RemovalKind.Returned };
        return isKnown || note.Kind == RemovalKind.Returned && isThere
            ? this
            : this with
            {
                Removals = [.. before.Append(note).TakeLast(RememberedRemovals)],
            };
    }

    /// <summary>
    /// A version that is new to the ledger and current in its store ends those before it that came to no result. The entry itself is always
    /// remembered, however old it is.
    /// </summary>
    public LedgerDocument With(LedgerEntry entry)
    {
        bool arrives = Find(entry.Version) is null && entry.State is (AssetState.Expected or AssetState.Processing);
        IEnumerable<LedgerEntry> others = Versions.Where(known => known.Version != entry.Version);
        if (arrives)
        {
            others = others.Select(known => known.Supersede(entry.Changed));
        }
        IEnumerable<LedgerEntry> remembered = others.OrderByDescending(known => known.Registered).Take(RememberedVersions - 1);
        return this with { Versions = [.. remembered.Append(entry).OrderByDescending(known => known.Registered)] };
    }
}
