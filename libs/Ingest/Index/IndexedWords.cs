using Microsoft.Extensions.Logging;
using Serverless.Ingest.Ledgers;
using Serverless.Vectors;
using Serverless.Words;

namespace Serverless.Ingest.Index;

/// <summary>
/// The words of every asset, on this machine: fed by each analysis that is indexed, and by the ledger with what this process missed. No
/// fault of it holds up an asset, since all of it can be read again. Thread-safe.
/// </summary>
public sealed class IndexedWords(
    WordIndex index,
    AnalysedWords analyses,
    LedgerViews views,
    WordOptions options,
    TimeProvider time,
    ILogger<IndexedWords> log
)
{
    public WordIndex Index => index;

    /// <summary>Whether the ledger has been compared with once since the index was begun: until then words may miss old assets.</summary>
    public bool IsCaughtUp { get; private set; }

    public bool Knows(string asset, string version) => index.Knows(asset, version);

    public bool Holds(string asset) => index.Holds(asset);

    /// <summary>Reads one or two objects of the analysis. False where it could not be read, or has none.</summary>
    public async Task<bool> AddAsync(AssetSource source, DateTimeOffset modified, CancellationToken cancellationToken)
    {
        try
        {
            if (await analyses.ReadAsync(source, modified, cancellationToken) is not { } words)
            {
                return false;
            }
            index.Apply(words);
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.WordsNotIndexed(source.AssetId, e);
            return false;
        }
    }

    public void Remove(string asset, string version, DateTimeOffset at)
    {
        try
        {
            index.Apply(AssetWords.Tombstone(asset, version, at));
        }
        catch (Exception e)
        {
            log.WordsNotIndexed(asset, e);
        }
    }

    /// <summary>Also takes the words out of the files, which otherwise hold them until they are merged.</summary>
    public void Erase(string asset, DateTimeOffset at)
    {
        Remove(asset, "", at);
        try
        {
            index.Purge();
        }
        catch (Exception e)
        {
            log.WordsNotIndexed(asset, e);
        }
    }

    /// <summary>
    /// Adds what the ledger says is processed and this index lacks, and removes what it says is gone. Lists the ledger; reads one object
    /// for each picture or film and two for each text that is missing, a few at once: from an empty index about 5 ms an asset and reader.
    /// </summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset asOf = time.GetUtcNow();
        IReadOnlyList<string> held = index.HeldAssets();
        await views.RefreshAsync(cancellationToken);
        int added = 0;
        await Parallel.ForEachAsync(
            views
                .NewestFirst()
                .Where(row =>
                    row.State == AssetState.Processed && !index.Knows(row.Asset, row.Entry.Version, Math.Max(1, row.Entry.Revision))
                ),
            new ParallelOptions { MaxDegreeOfParallelism = options.CatchUpReads, CancellationToken = cancellationToken },
            async (row, token) =>
            {
                DateTimeOffset modified = row.Entry.Registered.AddTicks(Math.Max(1, row.Entry.Revision) - 1);
                if (await AddAsync(row.Source, modified, token))
                {
                    Interlocked.Increment(ref added);
                }
            }
        );
        int gone = 0;
        foreach (string asset in held)
        {
            switch (views.Find(asset))
            {
                case null or { State: AssetState.Gone }:
                    // As of before the look: what was uploaded anew since is later, and stays.
                    Remove(asset, views.Find(asset)?.Entry.Version ?? "", asOf);
                    gone++;
                    break;
                case { State: AssetState.Quarantined } row:
                    Remove(asset, "", Withdrawal.AsOf(row.Entry));
                    gone++;
                    break;
            }
        }
        IsCaughtUp = true;
        if (added + gone > 0)
        {
            log.WordsCaughtUp(added, gone);
        }
    }

    /// <summary>
    /// Adds and removes what others' vectors tell of, as far as it is news: of each asset that came one document of the ledger is read, and
    /// its analysis. What cannot be found there yet comes with the next look at the ledger.
    /// </summary>
    public Task FollowAsync(IReadOnlyList<VectorVersion> news, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            news.Where(one => index.IsNews(one.Asset, one.Version, one.Modified, one.IsGone)),
            new ParallelOptions { MaxDegreeOfParallelism = options.CatchUpReads, CancellationToken = cancellationToken },
            async (one, token) =>
            {
                if (one.IsGone)
                {
                    Remove(one.Asset, one.Version, one.Modified);
                }
                else if (await FindAsync(one, token) is { } source)
                {
                    await AddAsync(source, one.Modified, token);
                }
            }
        );

    private async Task<AssetSource?> FindAsync(VectorVersion version, CancellationToken cancellationToken)
    {
        try
        {
            LedgerRow? row = await views.ReadAsync(version.Asset, cancellationToken);
            return row?.Entry.Version == version.Version ? row.Source : null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            log.WordsNotIndexed(version.Asset, e);
            return null;
        }
    }

    /// <summary>Begins anew after a fault of the files.</summary>
    public void Restart(string fault)
    {
        IsCaughtUp = false;
        index.Restart(fault);
    }
}
