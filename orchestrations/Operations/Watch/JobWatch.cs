using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Audit;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Orchestrations.Ingest;
using Serverless.Storage;

namespace Serverless.Orchestrations.Operations.Watch;

/// <summary>
/// Jobs for gpu-batch that nobody works on: in no queue, and in no hand of a worker that reports. Their runs would send them again after
/// six hours; this does it after minutes. A worker that meets a job twice answers from what is written, so that one too many does no harm.
/// For one look at a time.
/// </summary>
public sealed class JobWatch(
    [FromKeyedServices(AssetLayout.GpuJobsQueue)] AzureWorkQueue queue,
    AuditLog audit,
    RunWatchOptions options,
    TimeProvider time
)
{
    private const int Done = 202;

    private readonly Dictionary<string, DateTimeOffset> _missingSince = [];
    private readonly Dictionary<string, DateTimeOffset> _sent = [];
    private HashSet<string> _inHand = [];
    private QueueLook? _look;

    /// <summary>What holds for all jobs of a look.</summary>
    public async Task BeginAsync(IReadOnlyList<ReportedMember> members, CancellationToken cancellationToken)
    {
        Forget(_sent);
        Forget(_missingSince);
        _look = await queue.LookAsync(cancellationToken);
        _inHand = [.. members.SelectMany(member => member.Jobs ?? []).Select(job => job.JobId).OfType<string>()];
    }

    internal async Task<RunFinding?> FindAsync(OrchestrationMetadata run, RunStanding standing, CancellationToken cancellationToken)
    {
        GpuJobMessage job = standing.Job!;
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset sent = _sent.TryGetValue(job.JobId, out DateTimeOffset again) && again > standing.Since ? again : standing.Since;
        // The oldest that waits may be this one, or one before it.
        if (_inHand.Contains(job.JobId) || _look is null || _look.WaitingSince <= sent + options.JobHeartbeatLimit)
        {
            _missingSince.Remove(job.JobId);
            return null;
        }
        // A worker that has just taken it has not reported it yet.
        _missingSince.TryAdd(job.JobId, now);
        if (now - _missingSince[job.JobId] < options.JobHeartbeatLimit / 2 || now - sent < options.JobHeartbeatLimit)
        {
            return null;
        }
        string found =
            $"Run '{run.InstanceId}' waits for a worker since {standing.Since:u}; its job is in no queue and no worker reports it";
        await SendAsync(run.InstanceId, job, found, cancellationToken);
        return new RunFinding(RunFinding.LostRule, run.Name, run.InstanceId, $"{found}. It was sent again at {now:u}.");
    }

    /// <summary>By then its run has sent it again itself.</summary>
    private void Forget(Dictionary<string, DateTimeOffset> jobs)
    {
        DateTimeOffset before = time.GetUtcNow() - IngestAsset.AnswerWithin;
        foreach (string job in jobs.Where(one => one.Value < before).Select(one => one.Key).ToArray())
        {
            jobs.Remove(job);
        }
    }

    private async Task SendAsync(string run, GpuJobMessage job, string why, CancellationToken cancellationToken)
    {
        long begun = await audit.BeginAsync(
            "RequeueJob",
            $"/api/runs/{Uri.EscapeDataString(run)}",
            RunNudge.By,
            RunNudge.By,
            why,
            cancellationToken
        );
        await queue.SendAsync(job.JobId, AssetsJson.Write(job), cancellationToken);
        _sent[job.JobId] = time.GetUtcNow();
        _missingSince.Remove(job.JobId);
        await audit.EndAsync(begun, Done, cancellationToken);
    }
}
