using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Runs;

/// <summary>The runs of the durable engine: a list, and one with its whole history.</summary>
public sealed class RunsFunction
{
    private const int MaxPage = 200;
    private const int MaxTokenCharacters = 2_000;

    [Function("ListRuns")]
    public static async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        OrchestrationRuntimeStatus? status = request.ReadName<OrchestrationRuntimeStatus>("status");
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        OrchestrationQuery query = new()
        {
            PageSize = limit,
            FetchInputsAndOutputs = true, // the custom status comes only with them
            ContinuationToken = request.ReadText("after", MaxTokenCharacters),
            Statuses = status is { } only ? [only] : null,
            InstanceIdPrefix = request.ReadText("prefix", 100),
        };
        await foreach (Page<OrchestrationMetadata> page in client.GetAllInstancesAsync(query).AsPages().WithCancellation(cancellationToken))
            return Answers.Json(new ListAnswer<RunAnswer>([.. page.Values.Select(run => RunAnswer.Of(run))], page.ContinuationToken));
        return Answers.Json(new ListAnswer<RunAnswer>([], null));
    }

    [Function("ShowRun")]
    public static async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        OrchestrationMetadata run = await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken)
            ?? throw RequestProblem.NotFound($"There is no run '{id}'.");
        RunEvent[] history = [.. (await client.GetOrchestrationHistoryAsync(id, cancellationToken)).Select(RunEvent.Of)];
        return Answers.Json(RunAnswer.Of(run, history));
    }
}
