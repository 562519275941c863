using Serverless.Storage;

namespace Serverless.Ingest.Sources;

/// <summary>Where a listing of a source goes on: in which of its prefixes, and where in that, in the store's own terms.</summary>
/// <param name="Through">The last object of the part after <paramref name="Token"/> that was looked at; null for none of it.</param>
public sealed record SourceCursor(int Prefix = 0, string? Token = null, string? Through = null);

/// <summary>A part of a source's listing.</summary>
/// <param name="Next">Null at the end.</param>
public sealed record SourcePage(IReadOnlyList<StoredObject> Objects, SourceCursor? Next);

/// <summary>How many objects of a source there are.</summary>
/// <param name="Examples">The first that match.</param>
/// <param name="Next">Where counting goes on; null where all were counted.</param>
public sealed record SourceTally(long Seen, long Matched, IReadOnlyList<StoredObject> Examples, SourceCursor? Next);

/// <summary>Lists a source's container part by part. Thread-safe.</summary>
public sealed class SourceListing(AssetStores stores)
{
    private const int PageObjects = 500;
    private const int MaxExamples = 10;

    /// <summary>Each object once, whatever prefixes overlap. What the filter keeps out is among them.</summary>
    /// <exception cref="ContainerException">The container is gone, or refused.</exception>
    public async Task<SourcePage> ListAsync(MediaSource source, SourceCursor cursor, CancellationToken cancellationToken)
    {
        string[] prefixes = [.. source.ListedPrefixes];
        if (cursor.Prefix >= prefixes.Length)
        {
            return new([], null);
        }
        IObjectStore media = stores[source.Store].In(source.Container);
        string path = media.PathOf(source.Container, prefixes[cursor.Prefix]);
        ObjectPage page = await media.ListPageAsync(path, cursor.Token, PageObjects, cancellationToken);
        // One that is no longer there leaves the part to be looked at from its beginning, which does nothing twice.
        int through = page.Objects.Index().FirstOrDefault(one => one.Item.Path == cursor.Through, (Index: -1, Item: null!)).Index;
        SourceCursor? next =
            page.Next is { } token ? cursor with { Token = token, Through = null }
            : cursor.Prefix + 1 < prefixes.Length ? new SourceCursor(cursor.Prefix + 1)
            : null;
        return new([.. page.Objects.Skip(through + 1)], next);
    }

    /// <summary>Goes on until so many were seen, or all.</summary>
    /// <exception cref="ContainerException">The container is gone, or refused.</exception>
    public async Task<SourceTally> CountAsync(MediaSource source, SourceCursor cursor, long limit, CancellationToken cancellationToken)
    {
        long seen = 0,
            matched = 0;
        List<StoredObject> examples = [];
        SourceCursor? at = cursor;
        while (at is not null && seen < limit)
        {
            SourcePage page = await ListAsync(source, at, cancellationToken);
            foreach (StoredObject found in page.Objects)
            {
                seen++;
                if (!TypeFilter.Admits(source.Types, found.Path))
                {
                    continue;
                }
                matched++;
                if (examples.Count < MaxExamples)
                {
                    examples.Add(found);
                }
            }
            at = page.Next;
        }
        return new(seen, matched, examples, at);
    }
}
