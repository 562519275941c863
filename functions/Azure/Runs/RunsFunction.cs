using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Runs;

/// <summary>The runs of the durable engine: a list, and one with its whole history.</summary>
public sealed class RunsFunction(TimeProvider time)
{
    private const int MaxPage = 200;
    private const int MaxTokenCharacters = 2_000;

    [Function("ListRuns")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        RunFilter filter = new(request.ReadText("prefix", 100), request.ReadName<OrchestrationRuntimeStatus>("status"));
        int limit = request.ReadNumber("limit", 1, MaxPage, otherwise: 50);
        RunPosition? after = request.ReadText("after", MaxTokenCharacters) is { } token ? RunPosition.Parse(token) : null;
        RunPage page = await new NewestRuns(client, time).ReadPageAsync(filter, limit, after, cancellationToken);
        IReadOnlyList<OrchestrationMetadata> runs = await client.ReadDetailsAsync(page.Runs, cancellationToken);
        return Answers.Json(new ListAnswer<RunAnswer>([.. runs.Select(run => RunAnswer.Of(run))], page.Next?.ToString(), page.Incomplete));
    }

    [Function("ShowRun")]
    public static async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        OrchestrationMetadata run = await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken)
            ?? throw RequestProblem.NotFound($"There is no run '{id}'.");
        RunEvent[] history = [.. (await client.GetOrchestrationHistoryAsync(id, cancellationToken)).Select(RunEvent.Of)];
        return Answers.Json(RunAnswer.Of(run, history));
    }
}
