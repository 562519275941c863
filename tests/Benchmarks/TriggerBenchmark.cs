using System.Diagnostics;
using System.Text;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Local.Stack;
using Serverless.Storage;

namespace Serverless.Benchmarks;

/// <summary>
/// From the begin of an upload until what it triggers has begun, one upload at a time. On Azure that is when BlobArrived starts the run,
/// by the run's time of creation; on S3 the first that the Lambda function writes, the ledger entry, which it makes after a look at the
/// object. Both times are of this machine's clock.
/// </summary>
internal static class TriggerBenchmark
{
    private const int WarmUp = 5;
    private const int MaxLedgerBytes = 1 << 20;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public static async Task MeasureAsync(BenchReport report, LocalStack stack, int uploads, CancellationToken cancellationToken)
    {
        using PipelineClient client = new(stack);
        await MeasureAsync(
            report,
            "Upload to Azurite until BlobArrived started a run",
            client.Azure,
            uploads,
            source => UploadRuns.FindCreationAsync(client, source, cancellationToken),
            aim: 100,
            cancellationToken
        );
        await MeasureAsync(
            report,
            "Upload to S3 until the Lambda function wrote its begin",
            client.S3,
            uploads,
            source => FindRegistrationAsync(client, source, cancellationToken),
            aim: null,
            cancellationToken
        );
    }

    private static async Task MeasureAsync(
        BenchReport report,
        string what,
        IObjectStore store,
        int uploads,
        Func<AssetSource, Task<DateTimeOffset?>> find,
        double? aim,
        CancellationToken cancellationToken
    )
    {
        Timings triggers = new(),
            puts = new();
        for (int i = -WarmUp; i < uploads; i++)
        {
            string name = $"{i + WarmUp}";
            byte[] content = Encoding.UTF8.GetBytes($"{WordsOf(store, name)}: the ferry to Port Alder sails again, said Maria Keller.");
            DateTimeOffset begun = DateTimeOffset.UtcNow;
            long startedAt = Stopwatch.GetTimestamp();
            AssetSource source = await PipelineClient.UploadAsync(store, $"trigger/{name}", content, cancellationToken);
            TimeSpan put = Stopwatch.GetElapsedTime(startedAt);
            DateTimeOffset triggered = await WaitAsync(source, find, cancellationToken);
            if (i >= 0)
            {
                puts.Add(put);
                triggers.Add(triggered - begun);
            }
        }
        foreach (double share in new[] { 0.5, 0.95 })
        {
            report.Add(
                new Measurement(
                    $"{what}, p{share * 100:0}",
                    triggers.At(share),
                    "ms",
                    "lower",
                    Aim: share == 0.5 ? aim : null,
                    Peer: "of it the upload",
                    PeerValue: puts.At(share),
                    Ratio: triggers.At(share) / puts.At(share)
                )
            );
        }
    }

    /// <summary>Which no other upload has.</summary>
    private static string WordsOf(IObjectStore store, string name) => $"Trigger {store.Name} {name}";

    /// <summary>Returns once all that the upload caused has ended, so that the next one meets an idle system.</summary>
    private static async Task<DateTimeOffset> WaitAsync(
        AssetSource source,
        Func<AssetSource, Task<DateTimeOffset?>> find,
        CancellationToken cancellationToken
    )
    {
        long startedAt = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(startedAt) < Limit)
        {
            await Task.Delay(Look, cancellationToken);
            if (await find(source) is { } triggered)
            {
                return triggered;
            }
        }
        throw new StackException($"{source.Key} was not processed within {Limit}; see the logs in artifacts/host/logs.");
    }

    /// <summary>Null while the asset is not processed, or the app that searches was not told yet, which comes last.</summary>
    private static async Task<DateTimeOffset?> FindRegistrationAsync(
        PipelineClient client,
        AssetSource source,
        CancellationToken cancellationToken
    )
    {
        ObjectContent? ledger = await client.S3.ReadAsync(AssetLayout.Ledger(source.AssetId), MaxLedgerBytes, cancellationToken);
        LedgerEntry? entry = ledger is null ? null : AssetsJson.Read<LedgerDocument>(ledger.Data).Find(source.VersionId);
        if (entry is not { State: AssetState.Processed })
        {
            return null;
        }
        string phrase = Uri.EscapeDataString($"\"{WordsOf(client.S3, Path.GetFileName(source.Key))}\"");
        SearchAnswer found = await client.SearchAsync($"mode=words&limit=1&q={phrase}", cancellationToken);
        return found.Hits.Any(hit => hit.Asset == source.AssetId) ? entry.Registered : null;
    }
}
