using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Serverless.Ingest;
using Serverless.Ingest.Analyzers;
using Serverless.Ingest.Models;
using Serverless.Ingest.Videos;
using Serverless.Media;
using Serverless.Runs;
using Serverless.Storage;

namespace Serverless.GpuBatch;

/// <summary>One job from its hand-out to its answer. Whatever happens, it ends completed, released, or in another worker's hands.</summary>
internal sealed class JobRunner(
    VideoAnalyzer videos,
    AssetAnalysis texts,
    AnalysisModels models,
    JobAnswers answers,
    WorkRecorder work,
    WorkerOptions options,
    GpuBatchMeter meter,
    TimeProvider time,
    ILogger<JobRunner> log
)
{
    /// <summary>After so long a job whose model nothing serves yet is looked at again.</summary>
    private static readonly TimeSpan ServedPause = TimeSpan.FromSeconds(5);

    private static readonly ActivitySource Source = new("Serverless.GpuBatch");

    /// <param name="abandon">Fires when the process must end: the job is handed back.</param>
    /// <param name="others">What must have ended before it begins.</param>
    public async Task RunAsync(IWorkQueue queue, WorkItem item, CancellationToken abandon, Task? others = null)
    {
        using MeasuredJob measured = meter.JobTaken();
        await using JobLease lease = new(queue, item, options.Lease, time);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(abandon, lease.Lost);
        GpuJobMessage? job = Read(item);
        measured.Kind = job?.Request.Kind;
        try
        {
            if (others is not null)
            {
                log.JobAlone(item.Id, item.Attempt);
                await others.WaitAsync(stop.Token);
            }
            if (job is not null && await models.FindUnservedAsync(job.Request.Kind, stop.Token) is { } waiting)
            {
                log.JobWaits(item.Id, waiting.Failure!.Message);
                measured.Outcome = JobOutcome.Waiting;
                await ReleaseAsync(queue, JobSlots.HandedBack(await lease.EndAsync()), ServedPause);
                return;
            }
            if (job is not null)
            {
                measured.Outcome =
                    await RunAsync(job, item, stop.Token) == AnalysisStatus.Refused ? JobOutcome.Refused : JobOutcome.Analysed;
            }
            else
            {
                measured.Outcome = JobOutcome.Dropped;
            }
            if (!await queue.CompleteAsync(await lease.EndAsync(), CancellationToken.None))
            {
                LeaseLost(item, measured);
            }
        }
        catch (FencedOffException e)
        {
            measured.Outcome = JobOutcome.FencedOff;
            log.FencedOff(item.Id, e.Message);
        }
        catch (OperationCanceledException) when (lease.Lost.IsCancellationRequested)
        {
            LeaseLost(item, measured);
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            measured.Outcome = JobOutcome.HandedBack;
            log.HandedBack(item.Id, item.Attempt);
            await ReleaseAsync(queue, JobSlots.HandedBack(await lease.EndAsync()), TimeSpan.Zero);
        }
        catch (Exception e)
        {
            measured.Outcome = JobOutcome.Failed;
            log.JobFailed(e, item.Id, item.Attempt);
            TimeSpan pause = TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, item.Attempt)));
            await ReleaseAsync(queue, JobSlots.Faulted(await lease.EndAsync()), pause);
        }
    }

    private void LeaseLost(WorkItem item, MeasuredJob measured)
    {
        measured.Outcome = JobOutcome.LeaseLost;
        log.LeaseLost(item.Id, item.Attempt);
    }

    private async Task<AnalysisStatus> RunAsync(GpuJobMessage job, WorkItem item, CancellationToken cancellationToken)
    {
        using Activity? activity = Source
            .StartActivity("gpu-batch job", ActivityKind.Consumer, job.TraceParent ?? "")
            ?.SetTag("job.attempt", item.Attempt);
        TimeSpan queued = time.GetUtcNow() - job.Enqueued;
        log.JobTaken(job.JobId, job.Request.Kind, job.Request.Length, item.Attempt);
        long started = time.GetTimestamp();
        AssetSource source = job.Request.Source;
        AnalysisOutcome outcome = await work.RecordAsync(
            new RecordedWork(
                RunKind.Job,
                $"Analyse{job.Request.Kind}",
                job.JobId,
                RunTag.ValueOfAsset(source.Store, source.Container, source.Key),
                item.Attempt,
                job.InstanceId
            ),
            async () =>
            {
                int begun = item.Attempt - job.HandBacks;
                GpuJobMessage counted = job with { Request = job.Request with { Attempt = AttemptOf(job, begun) } };
                AnalysisOutcome found = await AnalyseAsync(counted, item, begun, queued, cancellationToken);
                await answers.AnswerAsync(counted, found, cancellationToken);
                return found;
            },
            found => found.Status.ToString().ToLowerInvariant(),
            found => found.Spent is { } spent ? new RunSpent(spent.ProcessorSeconds, spent.GpuSeconds) : null
        );
        activity?.SetTag("job.status", outcome.Status.ToString());
        log.JobAnswered(job.JobId, outcome.Status, time.GetElapsedTime(started).TotalMilliseconds);
        return outcome.Status;
    }

    /// <summary>Counted on from what the sender began; the one that only refuses begins nothing.</summary>
    private int AttemptOf(GpuJobMessage job, int begun) => job.Request.Attempt + Math.Min(begun, options.MaxAttempts) - 1;

    private async Task<AnalysisOutcome> AnalyseAsync(
        GpuJobMessage job,
        WorkItem item,
        int begun,
        TimeSpan queued,
        CancellationToken cancellationToken
    )
    {
        if (begun > options.MaxAttempts)
        {
            return AnalysisOutcome.Refuse(
                FailureKind.Exhausted,
                $"Its analysis was begun {options.MaxAttempts} times, and the worker's process ended each time."
            );
        }
        try
        {
            return job.Request.Kind switch
            {
                MediaKind.Video => await videos.AnalyseAsync(job.Request, new JobClaim(item.Id, item.Attempt), queued, cancellationToken),
                MediaKind.Text => await texts.AnalyseAsync(job.Request, asJob: true, queued, cancellationToken),
                _ => AnalysisOutcome.Refuse(FailureKind.Unsupported, $"Found a job for {job.Request.Kind}; allowed are Video and Text."),
            };
        }
        catch (Exception e) when (e is not FencedOffException && !cancellationToken.IsCancellationRequested && begun >= options.MaxAttempts)
        {
            log.JobFailed(e, item.Id, item.Attempt);
            return AnalysisOutcome.Refuse(FailureKind.Exhausted, $"Analysis failed {begun} times, last with: {e.Message}");
        }
    }

    /// <summary>Null for what is no job at all: nobody waits for an answer, and no other worker would read it better.</summary>
    private GpuJobMessage? Read(WorkItem item)
    {
        try
        {
            GpuJobMessage job = AssetsJson.Read<GpuJobMessage>(item.Body);
            if (job is { JobId: not null, Request.Source: not null })
            {
                return job;
            }
            log.NoJob(item.Id, "JobId or Request is missing");
        }
        catch (JsonException e)
        {
            log.NoJob(item.Id, e.Message);
        }

        return null;
    }

    /// <summary>When the store does not answer, the lease runs out by itself.</summary>
    private async Task ReleaseAsync(IWorkQueue queue, WorkItem item, TimeSpan delay)
    {
        try
        {
            using CancellationTokenSource limit = new(TimeSpan.FromSeconds(3), time);
            await queue.ReleaseAsync(item, delay, limit.Token);
        }
        catch (Exception e)
        {
            log.NotReleased(item.Id, e.Message);
        }
    }
}
