using System.Text.Json;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Ingest.Ledgers;
using Serverless.Media;
using Serverless.Storage;

namespace Serverless.GpuBatch;

/// <summary>
/// The jobs that run at once. Long ones never take the last place, so that a short one finds it free, however many long ones wait before
/// it. What ended with its process before has them all to itself. Not thread-safe: the intake loop alone uses it.
/// </summary>
internal sealed class JobSlots(WorkerOptions options, TimeProvider time)
{
    private readonly Dictionary<Task, JobInHand> _running = [];
    private Task? _alone;
    private DateTimeOffset _longBarredUntil;

    public int Count => _running.Count;

    public int Free => _alone is null ? options.JobsAtOnce - _running.Count : 0;

    public Task All => Task.WhenAll(_running.Keys);

    public Task<Task> Any => Task.WhenAny(_running.Keys);

    /// <summary>A copy, for who reports it from another thread.</summary>
    public IReadOnlyList<JobInHand> InHand => [.. _running.Values];

    /// <summary>One place is for long ones too where there is only one.</summary>
    public bool HasRoomFor(bool isLong) =>
        Free > 0 && (!isLong || (LongInHand < Math.Max(1, options.JobsAtOnce - 1) && time.GetUtcNow() >= _longBarredUntil));

    /// <summary>
    /// Whether what is to be alone may wait here for those in hand: not for long ones, since no other job begins meanwhile. No further long
    /// one begins for the length of a lease then, so that its turn comes.
    /// </summary>
    public bool HasRoomForOneAlone()
    {
        if (LongInHand == 0)
        {
            return Free > 0;
        }
        _longBarredUntil = time.GetUtcNow() + options.Lease;
        return false;
    }

    private int LongInHand => _running.Values.Count(one => one.Lane == JobLane.Long);

    public void Add(Task job, JobInHand which, bool isAlone = false)
    {
        _running.Add(job, which);
        if (isAlone)
        {
            (_alone, _longBarredUntil) = (job, default);
        }
    }

    public void ForgetEnded()
    {
        foreach (Task ended in _running.Keys.Where(job => job.IsCompleted).ToList())
        {
            _running.Remove(ended);
            _alone = ended == _alone ? null : _alone;
        }
    }

    /// <summary>A film, or a text that takes minutes; what is no job at all is none.</summary>
    public bool IsLong(WorkItem item) =>
        Read(item) is { Request: { } request } && (request.Kind == MediaKind.Video || request.Length > options.LongTextBytes);

    /// <summary>
    /// Of those that were in hand together when a worker ended nobody knows which of them it was: after the second time each is tried
    /// alone, so that the others are not given up with it.
    /// </summary>
    public static bool MustBeAlone(WorkItem item) =>
        Read(item) is { } job && item.Attempt - 1 - job.HandBacks - job.Faults >= LedgerEntry.MostEndsBesideOthers;

    /// <summary>The same item after an attempt that ended with a fault, and its worker lives on.</summary>
    public static WorkItem Faulted(WorkItem item) =>
        Read(item) is { } job ? item with { Body = AssetsJson.Write(job with { Faults = job.Faults + 1 }) } : item;

    /// <summary>The same item for another hand-out, which does not count as an attempt.</summary>
    public static WorkItem HandedBack(WorkItem item) =>
        Read(item) is { } job ? item with { Body = AssetsJson.Write(job with { HandBacks = job.HandBacks + 1 }) } : item;

    /// <summary>Null of what is no job at all.</summary>
    public static string? JobIdOf(WorkItem item) => Read(item)?.JobId;

    private static GpuJobMessage? Read(WorkItem item)
    {
        try
        {
            return AssetsJson.Read<GpuJobMessage>(item.Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
