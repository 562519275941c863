using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Runs;
using Serverless.Functions.Azure.Runs.Acts;
using Serverless.Ingest.Health;
using Serverless.Orchestrations.Operations;
using Serverless.Runs;
using Serverless.Storage;

namespace Serverless.Functions.Azure.Operations;

/// <summary>Jobs for gpu-batch: who has which, since when, and giving them up or to somebody else.</summary>
public sealed class JobsFunction(GpuJobs jobs, RunIndex runs, AzureObjectStore store, HealthOptions health, TimeProvider time)
{
    private const int MaxPage = 200;

    private static readonly RunFilter Open = new() { Kinds = [RunKind.Orchestration], Statuses = [RunStatus.Running] };

    [Function("ListJobs")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/jobs")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        List<RunEntry> waiting = [];
        await foreach (RunEntry run in runs.MatchAsync(Open, cancellationToken))
        {
            if (run.Stage == GpuJobs.WaitingStage)
            {
                waiting.Add(run);
            }
        }
        var reported = ReportedJob.ByJob(await new MemberReports(store, time).ReadAsync(cancellationToken));
        DateTimeOffset now = time.GetUtcNow();
        JobAnswer[] items =
        [
            .. waiting
                .OrderBy(run => run.Updated)
                .Take(limit)
                .Select(run => JobAnswer.Of(run, reported.GetValueOrDefault(run.Id), health.MemberLateBy, now)),
        ];
        string? incomplete = waiting.Count > limit ? $"{waiting.Count:N0} runs wait for a job; these have waited longest." : null;
        return Answers.Json(new ListAnswer<JobAnswer>(items, Next: null, incomplete));
    }

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
