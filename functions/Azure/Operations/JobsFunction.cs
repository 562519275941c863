using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Runs;
using Serverless.Functions.Azure.Runs.Acts;
using Serverless.Ingest;
using Serverless.Ingest.Health;
using Serverless.Orchestrations.Operations;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Operations;

/// <summary>Jobs for gpu-batch: who has which, since when, and giving them up or to somebody else.</summary>
public sealed class JobsFunction(GpuJobs jobs, RunIndex runs, AssetStores stores, HealthOptions health, TimeProvider time)
{
    private const int MaxPage = 200;

    private static readonly RunFilter Open = new() { Kinds = [RunKind.Orchestration, RunKind.Job], Statuses = [RunStatus.Running] };

    [Function("ListJobs")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/jobs")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        RunEntry[] open = await runs.MatchAsync(Open, cancellationToken)
            .Where(IsJob)
            .OrderBy(run => run.Updated)
            .ToArrayAsync(cancellationToken);
        var reports = await Task.WhenAll(stores.All.Select(store => new MemberReports(store, time).ReadAsync(cancellationToken)));
        Dictionary<string, ReportedJob> reported = ReportedJob.ByJob(reports.SelectMany(report => report));
        DateTimeOffset now = time.GetUtcNow();
        JobAnswer[] items =
        [
            .. open.Take(limit)
                .Select(run =>
                    run.Kind == RunKind.Job
                        ? JobAnswer.OfBucket(run, reported.GetValueOrDefault(JobAnswer.IdOf(run)), health.MemberLateBy, now)
                        : JobAnswer.Of(run, reported.GetValueOrDefault(run.Id), health.MemberLateBy, now)
                ),
        ];
        string? incomplete = open.Length > limit ? $"There are {open.Length:N0} jobs; these have waited longest." : null;
        return Answers.Json(new ListAnswer<JobAnswer>(items, Next: null, incomplete));
    }

    /// <summary>A job that a run waits for is told of by its run.</summary>
    private static bool IsJob(RunEntry run) =>
        run.Kind == RunKind.Job ? string.IsNullOrEmpty(run.Parent) : run.Stage == GpuJobs.WaitingStage;

    [Function("RequeueJob")]
    public async Task<IResult> RequeueAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/jobs/{id}/requeue")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        await ReadWhyAsync(request, cancellationToken);
        string run = RunId.Read(id);
        await jobs.RequeueAsync(client, run, cancellationToken);
        return Answers.Json(RunActAnswer.Of(run, "requeue"), StatusCodes.Status202Accepted);
    }

    [Function("CancelJob")]
    public async Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/jobs/{id}/cancel")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        string why = await ReadWhyAsync(request, cancellationToken);
        string run = RunId.Read(id);
        await jobs.CancelAsync(client, run, why, cancellationToken);
        return Answers.Json(RunActAnswer.Of(run, "cancel"), StatusCodes.Status202Accepted);
    }

    private static async Task<string> ReadWhyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        string by = request.ReadRequester();
        return $"{by}: {ReasonRequest.Demand((await request.ReadJsonAsync<RunActRequest>(cancellationToken)).Reason)}";
    }
}
