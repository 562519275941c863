using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Captures;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Serving.Work;

namespace Serverless.Serving;

/// <summary>An answered request that another version is to answer too. Owns the work.</summary>
internal sealed record ShadowJob(IPredictionWork Work, CaptureRecord Served, WorkOutcome Outcome, int Shadow);

/// <summary>
/// Has shadow versions answer what was answered already, one after another and behind all callers, and captures how the two answers
/// compare. Bounded by number and bytes: what does not fit is dropped and counted. Thread-safe; runs with the host.
/// </summary>
public sealed class ShadowTraffic(
    ModelServer models,
    CaptureWriter captures,
    PredictionOptions options,
    PredictionMeter meter,
    FaultStatus statusOf,
    TimeProvider time,
    ILogger<ShadowTraffic> log
) : BackgroundService
{
    /// <summary>
    /// An answer that was just handed over is still on its way to its caller: for so long the processors are left to that.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private readonly Channel<ShadowJob> _jobs = Channel.CreateBounded<ShadowJob>(
        new BoundedChannelOptions(options.MaxPendingMirrors) { SingleReader = true }
    );
    private long _pendingBytes;

    /// <summary>Takes microseconds, whatever the shadow does.</summary>
    internal void Add(ShadowJob job)
    {
        long bytes = job.Work.Bytes;
        bool fits = Interlocked.Add(ref _pendingBytes, bytes) <= options.MaxPendingMirrorBytes;
        if (fits && _jobs.Writer.TryWrite(job))
        {
            return;
        }
        Drop(job, bytes);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (ShadowJob job in _jobs.Reader.ReadAllAsync(stoppingToken))
            {
                using IPredictionWork work = job.Work;
                TimeSpan left = job.Served.Time + Pause - time.GetUtcNow();
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, time, stoppingToken);
                }
                await CompareAsync(job, stoppingToken);
                Interlocked.Add(ref _pendingBytes, -work.Bytes);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            _jobs.Writer.TryComplete();
            while (_jobs.Reader.TryRead(out ShadowJob? job))
            {
                Drop(job, job.Work.Bytes);
            }
        }
    }

    private void Drop(ShadowJob job, long bytes)
    {
        Interlocked.Add(ref _pendingBytes, -bytes);
        job.Work.Dispose();
        meter.Mirrored(job.Served, job.Shadow, "dropped");
    }

    private async Task CompareAsync(ShadowJob job, CancellationToken stoppingToken)
    {
        WorkOutcome? outcome = null;
        string? fault = null;
        long started = time.GetTimestamp();
        try
        {
            outcome = await AnswerAsync(job, stoppingToken);
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            fault = Predictor.NameOf(e, statusOf(e));
            log.ShadowFailed(job.Served.Model, job.Shadow, fault, e.Message);
        }

        captures.TryWrite(ComparisonOf(job, outcome, fault, time.GetElapsedTime(started)));
        meter.Mirrored(job.Served, job.Shadow, fault is null ? "compared" : "failed");
    }

    private async Task<WorkOutcome> AnswerAsync(ShadowJob job, CancellationToken stoppingToken)
    {
        using CancellationTokenSource limit = new(options.MirrorDeadline, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stoppingToken);
        try
        {
            using ModelLease lease = await models.AcquireAsync(new ModelVersion(job.Served.Model, job.Shadow), either.Token);
            return await job.Work.RunAsync(
                lease.Model,
                new RequestTerms(RequestPriority.Low, time.GetUtcNow() + options.MirrorDeadline),
                either.Token
            );
        }
        catch (OperationCanceledException e) when (limit.IsCancellationRequested && !stoppingToken.IsCancellationRequested)
        {
            throw new ServingException(
                ServingFault.DeadlinePassed,
                $"Shadow {job.Served.Model}/{job.Shadow} took longer than {options.MirrorDeadline}.",
                e
            );
        }
    }

    /// <summary>Of the two the newcomer is the candidate: the shadow, or where the canary answered the canary itself.</summary>
    private CaptureRecord ComparisonOf(ShadowJob job, WorkOutcome? mirrored, string? fault, TimeSpan elapsed)
    {
        bool isServedTheCandidate = job.Served.Arm == "canary";
        (WorkOutcome? candidate, WorkOutcome? reference) = isServedTheCandidate ? (job.Outcome, mirrored) : (mirrored, job.Outcome);
        OutputComparison? comparison = candidate is null || reference is null ? null : OutputComparison.Of(candidate.View, reference.View);
        return job.Served with
        {
            Kind = CaptureKind.Comparison,
            Time = time.GetUtcNow(),
            Version = isServedTheCandidate ? job.Served.Version : job.Shadow,
            Status = 0,
            Times = null,
            Output = null,
            Comparison = new ComparisonSummary(
                isServedTheCandidate ? job.Shadow : job.Served.Version,
                comparison?.Agrees,
                comparison?.TopOverlap,
                comparison?.ScoreShift,
                comparison?.Cosine,
                WorkTime(candidate, elapsed),
                WorkTime(reference, elapsed),
                isServedTheCandidate ? null : fault,
                isServedTheCandidate ? fault : null,
                candidate?.View.Summarise(withVector: false),
                reference?.View.Summarise(withVector: false)
            ),
        };
    }

    /// <summary>Without the queue, in which the shadow waits behind all callers.</summary>
    private static double WorkTime(WorkOutcome? outcome, TimeSpan elapsed) =>
        Math.Round((outcome is { Times: var times } ? times.Input + times.Infer + times.Output : elapsed).TotalMilliseconds, 4);
}
