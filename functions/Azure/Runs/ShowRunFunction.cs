using System.Globalization;
using DurableTask.Core.History;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Runs;
using Serverless.Serving.Costs;

namespace Serverless.Functions.Azure.Runs;

/// <summary>One run: its state and history, and what of them is too large to be shown unasked.</summary>
public sealed class ShowRunFunction(RunIndex index, PriceOptions prices, TraceOptions traces, TimeProvider time)
{
    private const int MaxEvents = 2_000;
    private const int MaxChildren = 200;

    [Function("ShowRun")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        int limit = request.ReadNumber("limit", 1, MaxEvents, otherwise: 500);
        int after = request.ReadNumber("after", 0, int.MaxValue, otherwise: 0);
        OrchestrationMetadata run = await FindAsync(client, RunId.Read(id), cancellationToken);
        IReadOnlyList<HistoryEvent> history = [.. await client.GetOrchestrationHistoryAsync(run.InstanceId, cancellationToken)];
        RunQuery children = new(
            new RunFilter { Kinds = [RunKind.Orchestration], Parent = run.InstanceId },
            RunSort.Created,
            IsDescending: false,
            MaxChildren
        );
        FoundRuns started = await index.FindAsync(children, cancellationToken);
        RunHistory part = RunHistory.Of(history, after, limit);
        RunAnswer answer = RunAnswer.Of(run, part, [.. started.Runs.Select(child => child.Id)], prices, time.GetUtcNow());
        return Answers.Json(answer with { TraceAddress = traces.AddressOf(part.Trace) });
    }

    /// <summary>As the run store has it, which is JSON unless an app writes its payloads otherwise.</summary>
    [Function("ShowRunPayload")]
    public static async Task<IResult> ShowPayloadAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}/payloads/{payload}")] HttpRequest request,
        string id,
        string payload,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        OrchestrationMetadata run = await FindAsync(client, RunId.Read(id), cancellationToken);
        string? content = payload switch
        {
            "input" => run.SerializedInput,
            "output" => run.SerializedOutput,
            "customStatus" => run.SerializedCustomStatus,
            _ => throw RequestProblem.NotFound($"A run has no payload '{payload}'; it has input, output and customStatus."),
        };
        return content is null
            ? throw RequestProblem.NotFound($"Run '{run.InstanceId}' has no {payload}.")
            : Results.Text(content, "application/json");
    }

    [Function("ShowRunEvent")]
    public static async Task<IResult> ShowEventAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/runs/{id}/events/{position}")] HttpRequest request,
        string id,
        string position,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    )
    {
        OrchestrationMetadata run = await FindAsync(client, RunId.Read(id), cancellationToken);
        IReadOnlyList<HistoryEvent> history = [.. await client.GetOrchestrationHistoryAsync(run.InstanceId, cancellationToken)];
        return int.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < history.Count
            ? Answers.Json(RunEvent.Of(history[at], at, int.MaxValue))
            : throw RequestProblem.NotFound($"Run '{run.InstanceId}' has no event '{position}'; it has 0 to {history.Count - 1}.");
    }

    private static async Task<OrchestrationMetadata> FindAsync(DurableTaskClient client, string id, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken)
        ?? throw RequestProblem.NotFound($"There is no run '{id}'.");
}
