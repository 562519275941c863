using System.Collections.Concurrent;
using System.Globalization;
using Amazon.Lambda.Core;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Ingest.Sources;
using Serverless.Ingest.Steps;
using Serverless.Runs;

namespace Serverless.Functions.Aws;

/// <summary>
/// Objects were created in the bucket or removed from it → each is ingested, or what was made of it goes along. Messages of a batch succeed
/// and fail one by one: SQS delivers again only those that failed. Lives as long as the process.
/// </summary>
internal sealed class ObjectChangedHandler(
    DirectIngest ingest,
    AssetStores stores,
    SourceBook sources,
    WorkRecorder work,
    ILambdaSerializer serializer,
    ILogger<ObjectChangedHandler> log
)
{
    private const string StoreName = "s3";
    private const string WorkName = "IngestObject";
    private const int ParallelMessages = 4;

    /// <summary>Work stops this long before the platform would end it, so that the answer still gets out.</summary>
    private static readonly TimeSpan AnswerMargin = TimeSpan.FromSeconds(2);

    public async Task<SQSBatchResponse> HandleAsync(SQSEvent batch, ILambdaContext context)
    {
        using CancellationTokenSource deadline = new(Max(context.RemainingTime - AnswerMargin, TimeSpan.Zero));
        // A message may come several times in one batch; it has failed if one of its copies has.
        ConcurrentDictionary<string, byte> failed = new(StringComparer.Ordinal);
        await Parallel.ForEachAsync(batch.Records, new ParallelOptions { MaxDegreeOfParallelism = ParallelMessages }, async (message, _) =>
        {
            try
            {
                await HandleAsync(message, deadline.Token);
            }
            catch (Exception e)
            {
                failed.TryAdd(message.MessageId, default);
                log.MessageFailed(e, message.MessageId);
            }
        });
        return new SQSBatchResponse([.. failed.Keys.Select(id => new SQSBatchResponse.BatchItemFailure { ItemIdentifier = id })]);
    }

    private async Task HandleAsync(SQSEvent.SQSMessage message, CancellationToken cancellationToken)
    {
        int attempt = int.Parse(message.Attributes["ApproximateReceiveCount"], CultureInfo.InvariantCulture);
        List<Exception> faults = [];
        foreach (ChangedObject changed in ObjectNotification.Read(message.Body, serializer))
        {
            try
            {
                if (await ConcernsAsync(changed, cancellationToken))
                {
                    await HandleAsync(changed, attempt, cancellationToken);
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                faults.Add(e); // of this record alone: those behind it are others' objects
            }
        }
        if (faults.Count > 0)
        {
            throw new AggregateException($"{faults.Count} records of message {message.MessageId} failed.", faults);
        }
    }

    /// <summary>
    /// Whether it is an upload, or of a source that was added and is not paused; a removal is followed while it is paused too.
    /// </summary>
    /// <exception cref="InvalidDataException">No source is of its bucket.</exception>
    private async Task<bool> ConcernsAsync(ChangedObject changed, CancellationToken cancellationToken)
    {
        MediaSource own = MediaSource.BuiltInOf(stores[StoreName]);
        if (changed.Bucket == own.Container)
        {
            return own.Covers(changed.Bucket, changed.Key);
        }
        SourceCoverage coverage = await sources.LoadRecentCoverageAsync(StoreName, cancellationToken);
        if (coverage.All.All(source => source.Container != changed.Bucket))
        {
            throw new InvalidDataException(
                $"A record is of bucket '{changed.Bucket}'; expected is bucket '{own.Container}' (S3:Bucket) or one that a source is of."
            );
        }
        return coverage.All.Any(source =>
            source.Covers(changed.Bucket, changed.Key) && (changed.ETag is null || source.State == SourceState.Active)
        );
    }

    private async Task HandleAsync(ChangedObject changed, int attempt, CancellationToken cancellationToken)
    {
        AssetSource source = new(StoreName, changed.Bucket, changed.Key, changed.ETag ?? "");
        if (changed.ETag is null)
        {
            bool forgotten = await ingest.ForgetAsync(source.Store, source.Container, source.Key, cancellationToken, changed.Removal);
            log.ObjectRemoved(source.AssetId, forgotten);
            return;
        }
        string asset = RunTag.ValueOfAsset(source.Store, source.Container, source.Key);
        IngestedAsset ingested = await work.RecordAsync(
            new RecordedWork(RunKind.Lambda, WorkName, source.InstanceId(), asset, attempt),
            () =>
                changed.IsRestored
                    ? ingest.IngestRestoredAsync(source, attempt, cancellationToken)
                    : ingest.IngestAsync(source, attempt, cancellationToken),
            done => OutcomeOf(done.State),
            done => done.Spent is { } spent ? new RunSpent(spent.ProcessorSeconds, spent.GpuSeconds) : null
        );
        log.ObjectCreated(source.InstanceId(), ingested.State.ToString(), attempt);
    }

    private static string OutcomeOf(AssetState state) => state == AssetState.Processing ? "handed on" : state.ToString().ToLowerInvariant();

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
