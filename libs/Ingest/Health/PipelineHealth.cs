using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Storage;

namespace Serverless.Ingest.Health;

/// <summary>
/// What can be seen from here of the stores, of the uploads that are left, and of the jobs that wait for a worker. Works while stores are
/// away, since that is when it is asked; a look is shared by all who ask while it is fresh. Thread-safe.
/// </summary>
public sealed class PipelineHealth
{
    /// <summary>Nobody uploads to it.</summary>
    private const string ProbePath = $"{AssetLayout.MediaPrefix}.health";

    /// <summary>Reading a ledger costs a listing of it; uploads that are stuck can wait to be told of.</summary>
    private static readonly TimeSpan LedgerEvery = TimeSpan.FromSeconds(30);

    private readonly LedgerViews _views;
    private readonly HealthOptions _options;
    private readonly TimeProvider _time;
    private readonly HealthProbe<StoredObject?>[] _stores;
    private readonly WatchedQueue[] _queues;
    private readonly MemberHealth[] _members;
    private readonly PacedLook<PipelineReport> _report;

    private sealed record WatchedQueue(string Name, string Store, string Queue, HealthProbe<QueueLook?> Probe);

    // Touched by the one look at a time alone.
    private Task _refreshing = Task.CompletedTask;
    private long? _refreshed;

    public PipelineHealth(
        AssetStores stores,
        LedgerViews views,
        HealthOptions options,
        TimeProvider time,
        [FromKeyedServices(AssetLayout.GpuJobsQueue)] AzureWorkQueue? jobs = null,
        [FromKeyedServices(AssetLayout.BucketJobsQueue)] S3WorkQueue? bucketJobs = null
    )
    {
        (_views, _options, _time) = (views, options, time);
        // Nothing is there; what matters is that the store says so.
        _stores = [.. stores.All.Select(store => Probe($"store {store.Name}", token => store.FindAsync(ProbePath, token)))];
        List<WatchedQueue> queues = [];
        if (jobs is not null)
        {
            string name = $"queue {AssetLayout.GpuJobsQueue}";
            queues.Add(new(name, "azure", AssetLayout.GpuJobsQueue, Probe(name, jobs.LookAsync)));
        }
        if (bucketJobs is not null)
        {
            const string name = "jobs of the bucket";
            queues.Add(
                new(name, "s3", AssetLayout.BucketJobsQueue, Probe<QueueLook?>(name, async token => await bucketJobs.LookAsync(token)))
            );
        }
        _queues = [.. queues];
        _members = [.. stores.All.Select(store => new MemberHealth(store, options, time))];
        _report = new(LookAsync, time);
    }

    public Task<PipelineReport> TakeAsync(CancellationToken cancellationToken) => _report.TakeAsync(cancellationToken);

    /// <summary>
    /// The queues alone, anew at each call: what a worker that stopped leaves behind, in one or two requests a queue, and where jobs wait a
    /// look at what workers hold. A queue that does not answer is left out.
    /// </summary>
    public async Task<IReadOnlyList<Backlog>> LookAtQueuesAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        var looks = await Task.WhenAll(_queues.Select(queue => queue.Probe.TakeAsync(cancellationToken)));
        bool areWaiting = looks.Any(look => look.Found is { WaitingSince: not null });
        WorkerHands? hands = areWaiting
            ? WorkerHands.Sum((await Task.WhenAll(_members.Select(store => store.TakeAsync(cancellationToken)))).Select(one => one.Hands))
            : null;
        return
        [
            .. _queues
                .Zip(looks)
                .Where(one => one.Second.Found is not null)
                .Select(one => BacklogOf(one.First, one.Second.Found!, hands, now)),
        ];
    }

    private async Task<PipelineReport> LookAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        Task<HealthFinding?>[] stores = [.. _stores.Select(store => store.FaultAsync(cancellationToken))];
        Task<(HealthFinding? Fault, QueueLook? Found)>[] queues = [.. _queues.Select(queue => queue.Probe.TakeAsync(cancellationToken))];
        var members = _members.Select(store => store.TakeAsync(cancellationToken)).ToArray();
        await RefreshAsync(cancellationToken);
        List<HealthFinding> findings = [.. (await Task.WhenAll(stores)).OfType<HealthFinding>()];
        List<Backlog> backlogs = [.. _views.All.Select(view => BacklogOf(view, now, findings))];
        MemberStanding[] reported = await Task.WhenAll(members);
        WorkerHands? hands = WorkerHands.Sum(reported.Select(store => store.Hands));
        foreach ((WatchedQueue queue, var look) in _queues.Zip(await Task.WhenAll(queues)))
        {
            if (look.Fault is not null)
            {
                findings.Add(look.Fault);
            }
            else if (look.Found is { } found)
            {
                Backlog backlog = BacklogOf(queue, found, hands, now);
                backlogs.Add(backlog);
                findings.AddRange(FaultOf(queue, found, backlog));
            }
        }
        findings.AddRange(reported.SelectMany(store => store.Findings));
        return new PipelineReport(findings, backlogs, [.. reported.SelectMany(store => store.Live)], now);
    }

    /// <summary>A ledger that takes longer to read is judged by what was read before; a store that is away is told of anyway.</summary>
    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        if (_refreshing.IsCompleted && (_refreshed is not { } last || _time.GetElapsedTime(last) > LedgerEvery))
        {
            _refreshed = _time.GetTimestamp();
            _refreshing = _views.RefreshPacedAsync(CancellationToken.None);
        }
        await _refreshing.WaitAsync(_options.AnswerWithin, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Backlog BacklogOf(LedgerView view, DateTimeOffset now, List<HealthFinding> findings)
    {
        LedgerRow[] left = [.. view.NewestFirst().Where(row => row.State is AssetState.Expected or AssetState.Processing)];
        TimeSpan? oldest = left.Length == 0 ? null : now - left[^1].Entry.Changed;
        LedgerRow[] stuck = [.. left.Where(row => row.Kind != MediaKind.Video && now - row.Entry.Changed > _options.StuckAfter)];
        if (stuck.Length > 0)
        {
            findings.Add(
                new HealthFinding(
                    $"uploads of store {view.Store}",
                    $"{stuck.Length} have come to no result, asset {stuck[^1].Asset} for {Seconds(now - stuck[^1].Entry.Changed)}",
                    $"a result within {Seconds(_options.StuckAfter)} (Health:StuckAfter)"
                )
            );
        }
        string[] faults = [.. view.Faults];
        if (faults.Length > 0)
        {
            findings.Add(
                new HealthFinding(
                    $"ledger of store {view.Store}",
                    $"{faults.Length} documents cannot be read: {faults[0]}",
                    "a document of each asset as it was written"
                )
            );
        }
        int inHand = left.Count(row => row.State == AssetState.Processing);
        return new Backlog($"uploads of store {view.Store}", left.Length, inHand, oldest?.TotalSeconds, view.Store, Backlog.Uploads);
    }

    private IEnumerable<HealthFinding> FaultOf(WatchedQueue queue, QueueLook look, Backlog backlog)
    {
        TimeSpan oldest = TimeSpan.FromSeconds(backlog.OldestSeconds ?? 0);
        if (backlog.IsIdle && oldest > _options.WorkerWithin)
        {
            yield return new HealthFinding(
                queue.Name,
                $"{look.Waiting} jobs wait, one for {Seconds(oldest)}, and none is worked on",
                $"a worker that takes one within {Seconds(_options.WorkerWithin)} (Health:WorkerWithin)"
            );
        }
        else if (oldest > _options.StuckAfter)
        {
            yield return new HealthFinding(
                queue.Name,
                $"{look.Waiting} jobs wait, one for {Seconds(oldest)}",
                $"as many workers as take each within {Seconds(_options.StuckAfter)} (Health:StuckAfter)"
            );
        }
    }

    private static Backlog BacklogOf(WatchedQueue queue, QueueLook look, WorkerHands? hands, DateTimeOffset now) =>
        new(
            queue.Name,
            look.Waiting + (look.Taken ?? 0),
            WorkerHands.InHand(look.Taken, hands),
            (now - look.WaitingSince)?.TotalSeconds,
            queue.Store,
            queue.Queue
        );

    private HealthProbe<T> Probe<T>(string thing, Func<CancellationToken, Task<T>> ask) => new(thing, ask, _options, _time);

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s");
}
