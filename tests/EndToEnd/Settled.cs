using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Waits for results where the pipeline keeps them, and reads what must be there then.</summary>
internal static class Settled
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    /// <summary>The ledger's entry of this version, once it has come to a result.</summary>
    public static Task<LedgerEntry> ResultAsync(PipelineClient client, AssetSource source, CancellationToken cancellationToken) =>
        ResultAsync(client, source, Limit, cancellationToken);

    public static Task<LedgerEntry> ResultAsync(
        PipelineClient client,
        AssetSource source,
        TimeSpan limit,
        CancellationToken cancellationToken
    ) =>
        Eventually.HoldsAsync(
            async () =>
                await EntryAsync(client, source, cancellationToken) is { State: not (AssetState.Expected or AssetState.Processing) } entry
                    ? entry
                    : null,
            $"a result of {source.Store}:{source.Key}",
            limit,
            cancellationToken
        );

    public static async Task<AnalysisDocument> AnalysisAsync(PipelineClient client, AssetSource source, CancellationToken cancellationToken)
    {
        LedgerEntry entry = await ResultAsync(client, source, cancellationToken);
        Assert.True(entry.State == AssetState.Processed, $"{source.Key} is {entry.State}: {entry.Failure?.Message}");
        return Assert.IsType<AnalysisDocument>(await client.FindAnalysisAsync(source.AssetId, cancellationToken));
    }

    public static async Task<LedgerEntry?> EntryAsync(PipelineClient client, AssetSource source, CancellationToken cancellationToken)
    {
        IObjectStore store = client.Stores.Single(s => s.Name == source.Store);
        ObjectContent? ledger = await store.ReadAsync(AssetLayout.Ledger(source.AssetId), 1 << 20, cancellationToken);
        return ledger is null ? null : AssetsJson.Read<LedgerDocument>(ledger.Data).Find(source.VersionId);
    }

    /// <summary>Waits until nothing is missing, and checks that the four counts add up in every store.</summary>
    public static async Task<SummaryAnswer> NothingMissingAsync(
        PipelineClient client,
        long expected,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        SummaryAnswer summary = await Eventually.HoldsAsync(
            async () =>
                await client.FetchSummaryAsync(cancellationToken) is { Total: { Missing: 0 } total } answer && total.Expected >= expected
                    ? answer
                    : null,
            $"{expected} assets expected and none missing",
            limit,
            cancellationToken
        );
        Assert.Equal(expected, summary.Total.Expected);
        Assert.All(summary.Stores, store => Assert.Equal(store.Expected, store.Processed + store.Quarantined + store.Missing));
        return summary;
    }

    /// <summary>Exactly one document for each upload stands in its store, and nothing else.</summary>
    public static async Task AnalysedOnceAsync(
        PipelineClient client,
        IReadOnlyList<AssetSource> uploads,
        CancellationToken cancellationToken
    )
    {
        foreach (IObjectStore store in client.Stores)
        {
            List<string> analyses = [];
            await foreach (StoredObject stored in store.ListAsync("analyses/", cancellationToken))
            {
                if (stored.Path.EndsWith("/analysis.json", StringComparison.Ordinal))
                {
                    analyses.Add(stored.Path);
                }
            }
            IEnumerable<string> expected = uploads
                .Where(u => u.Store == store.Name)
                .Select(u => AssetLayout.Analysis(u.AssetId, u.VersionId));
            Assert.Equal(expected.Order(StringComparer.Ordinal), analyses.Order(StringComparer.Ordinal));
        }
        foreach (AssetSource upload in uploads)
        {
            Assert.Equal(AssetState.Processed, (await EntryAsync(client, upload, cancellationToken))!.State);
        }
    }
}
