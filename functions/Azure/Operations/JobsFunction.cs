using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Runs;
using Serverless.Functions.Azure.Runs.Acts;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Operations.Bulk;

namespace Serverless.Functions.Azure.Operations;

/// <summary>Jobs for gpu-batch: who has which, since when, and giving them up or to somebody else.</summary>
public sealed class JobsFunction(GpuJobs jobs, OpenJobs open, BulkActs acts)
{
    private const int MaxPage = 200;

    [Function("ListJobs")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/jobs")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        (JobAnswer[] found, string? missing) = await ReadAsync(request, cancellationToken);
        string? more = found.Length > limit ? $"There are {found.Length:N0} jobs; these have waited longest." : null;
        return Answers.Json(
            new JobListAnswer(
                [.. found.Take(limit)],
                found.Length,
                found.Count(job => job.IsAwaited),
                string.Join(' ', new[] { more, missing }.OfType<string>()) is { Length: > 0 } incomplete ? incomplete : null
            )
        );
    }

    /// <summary>
    /// Requeues or cancels all jobs that the filter admits and that runs wait for. 202 with the run that does it; 409 where they are not as
    /// many as expected.
    /// </summary>
    [Function("ActOnJobs")]
    public async Task<IResult> ActOnManyAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/jobs/acts")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        request.ReadRequester();
        ActOnJobsRequest wanted = await request.ReadJsonAsync<ActOnJobsRequest>(cancellationToken);
        string reason = ReasonRequest.Demand(wanted.Reason);
        JobAct act = wanted.Act ?? throw RequestProblem.BadRequest("act is missing; allowed are requeue and cancel.");
        int expected = wanted.Expected
            ?? throw RequestProblem.BadRequest("expected is missing; it says how many awaited jobs the list has of this filter.");
        (JobAnswer[] found, _) = await ReadAsync(request, cancellationToken);
        string[] ids = [.. found.Where(job => job.IsAwaited).Select(job => job.Id)];
        BulkActs.CheckExpected(ids.Length, expected);
        return await acts.StartAsync(request, client, (BulkAct)act, ids, reason, cancellationToken);
    }

    private async Task<(JobAnswer[] Jobs, string? Incomplete)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        string? state = request.ReadOneOf("state", JobAnswer.States);
        (JobAnswer[] found, string? incomplete) = await open.ReadAsync(cancellationToken);
        return (state is null ? found : [.. found.Where(job => job.State == state)], incomplete);
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
