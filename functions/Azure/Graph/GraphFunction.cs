using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Runs;
using Serverless.Ingest.Health;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Graph;

/// <summary>
/// The functions of the app as the worker declares them to the host, and who called whom in a time. The runs tell that themselves: each
/// writes into the index, with its turns, what its history has, and has a tag of the function that started it.
/// </summary>
public sealed class GraphFunction(
    IFunctionMetadataProvider metadata,
    RunIndex runs,
    RunFill fill,
    FunctionTally tally,
    PipelineHealth health,
    TimeProvider time
)
{
    [Function("ShowGraph")]
    public async Task<IResult> ShowAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/graph")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        RunFilter filter = request.ReadRunFilter(time.GetUtcNow()) with { Kinds = [RunKind.Orchestration] };
        DateTimeOffset from = filter.From ?? DateTimeOffset.MinValue;
        DateTimeOffset to = filter.To ?? time.GetUtcNow();
        RunGraph graph = await runs.DrawAsync(filter, cancellationToken);
        (IReadOnlyList<GraphNode> nodes, IReadOnlyList<RunEdge> edges) = GraphDrawing.Draw(
            await ReadFunctionsAsync(),
            graph,
            function => tally.Sum(function, from, to),
            await health.LookAtQueuesAsync(cancellationToken)
        );
        return Answers.Json(new GraphAnswer(filter.From, to, tally.Since, nodes, edges, await IncompleteAsync(graph, cancellationToken)));
    }

    private async Task<IReadOnlyList<DeclaredFunction>> ReadFunctionsAsync() =>
        [
            .. (await metadata.GetFunctionMetadataAsync(AppContext.BaseDirectory))
                .Select(DeclaredFunction.Of)
                .OfType<DeclaredFunction>()
                .OrderBy(one => one.Name, StringComparer.Ordinal),
        ];

    private async Task<string?> IncompleteAsync(RunGraph graph, CancellationToken cancellationToken)
    {
        string? untold =
            graph.Untold > 0
                ? $"Of {graph.Untold:N0} runs that have ended the index does not know what they asked for: they are older than it, or were "
                    + "ended from outside."
                : null;
        string?[] reasons = [runs.Incomplete, await fill.DescribeAsync(cancellationToken), untold];
        return string.Join(' ', reasons.OfType<string>()) is { Length: > 0 } why ? why : null;
    }
}
