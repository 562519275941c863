using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Ingest.Sources;

/// <summary>
/// What became of a source's objects, as far as the ledger knows them:
/// <c>Expected = Processed + Quarantined + Missing</c>. What a sync has yet to look at is in its own progress.
/// </summary>
/// <param name="Missing">Without a result.</param>
/// <param name="Processing">How many of the missing are being worked on.</param>
/// <param name="Deleted">Gone from the container.</param>
public sealed record SourceCounts(
    long Expected = 0,
    long Processed = 0,
    long Quarantined = 0,
    long Missing = 0,
    long Processing = 0,
    long Deleted = 0
);

/// <summary>Counts the ledger's rows in memory by source; an object that two sources cover counts for both. Thread-safe.</summary>
public sealed class SourceCounting(LedgerViews views, SourceBook book, TimeProvider time)
{
    private readonly PacedLook<IReadOnlyDictionary<(string Store, string Name), SourceCounts>> _counts = new(
        async cancellationToken =>
        {
            await views.RefreshPacedAsync(cancellationToken);
            Listed<MediaSource> sources = await book.ListAsync(cancellationToken);
            return sources.Items.ToDictionary(source => (source.Store, source.Name), source => Count(views[source.Store], source));
        },
        time
    );

    /// <summary>By store and name; what was true a moment ago.</summary>
    public Task<IReadOnlyDictionary<(string Store, string Name), SourceCounts>> CountAsync(CancellationToken cancellationToken) =>
        _counts.TakeAsync(cancellationToken);

    private static SourceCounts Count(LedgerView view, MediaSource source)
    {
        long processed = 0,
            quarantined = 0,
            expected = 0,
            processing = 0,
            deleted = 0;
        foreach (LedgerRow row in view.NewestFirst().Where(row => source.Covers(row.Container, row.Key)))
        {
            switch (row.State)
            {
                case AssetState.Processed:
                    processed++;
                    break;
                case AssetState.Quarantined:
                    quarantined++;
                    break;
                case AssetState.Processing:
                    processing++;
                    break;
                case AssetState.Gone:
                    deleted++;
                    break;
                case AssetState.Expected:
                    expected++;
                    break;
            }
        }
        long missing = expected + processing;
        return new SourceCounts(processed + quarantined + missing, processed, quarantined, missing, processing, deleted);
    }
}
