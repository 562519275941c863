using Serverless.Ingest.Health;
using Serverless.Orchestrations.Operations;
using Serverless.Runs;

namespace Serverless.Functions.Azure.Graph;

/// <summary>Puts declared functions, runs, calls and queues together.</summary>
internal static class GraphDrawing
{
    private const string Orchestration = "orchestration";
    private const string Activity = "activity";

    public static (IReadOnlyList<GraphNode> Nodes, IReadOnlyList<RunEdge> Edges) Draw(
        IReadOnlyList<DeclaredFunction> functions,
        RunGraph runs,
        Func<string, (int Calls, int Failed)> callsOf,
        IReadOnlyList<Backlog> queues
    )
    {
        // The engine takes names in any case; the app's own is shown.
        Dictionary<string, string> names = functions.ToDictionary(one => one.Name, one => one.Name, StringComparer.OrdinalIgnoreCase);
        RunEdge[] called =
        [
            .. runs.Edges.Select(edge =>
                edge with
                {
                    From = names.GetValueOrDefault(edge.From, edge.From),
                    To = names.GetValueOrDefault(edge.To, edge.To),
                }
            ),
        ];
        ILookup<string, RunEdge> callsTo = called.ToLookup(edge => edge.To);
        GraphNode[] declared = [.. functions.Select(one => NodeOf(one.Name, one.Kind, one.Detail, runs, callsTo, callsOf))];
        GraphNode[] gone =
        [
            .. called
                .SelectMany(edge => new[] { edge.From, edge.To })
                .Concat(runs.Runs.Keys)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(name => !names.ContainsKey(name))
                .Select(name =>
                    NodeOf(name, runs.Runs.ContainsKey(name) ? Orchestration : Activity, "", runs, callsTo, callsOf) with
                    {
                        IsGone = true,
                    }
                ),
        ];
        Dictionary<string, long> waiting = queues.ToDictionary(queue => $"queue:{queue.Queue}", queue => queue.Items);
        RunEdge[] listened =
        [
            .. functions
                .Where(one => one.HasSource)
                .Select(one => new RunEdge($"{one.Kind}:{one.Detail}", one.Name, callsOf(one.Name).Calls, callsOf(one.Name).Failed)),
        ];
        GraphNode[] sources =
        [
            .. listened
                .Select(edge => edge.From)
                .Concat(waiting.Keys)
                .Distinct()
                .Select(id =>
                {
                    RunEdge[] taken = [.. listened.Where(edge => edge.From == id)];
                    return new GraphNode(
                        id,
                        "source",
                        id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..],
                        taken.Sum(edge => edge.Count),
                        taken.Sum(edge => edge.Failed),
                        Waiting: waiting.TryGetValue(id, out long items) ? items : null
                    );
                }),
        ];
        return ([.. sources, .. declared, .. gone], [.. listened, .. called]);
    }

    private static GraphNode NodeOf(
        string name,
        string kind,
        string detail,
        RunGraph runs,
        ILookup<string, RunEdge> callsTo,
        Func<string, (int Calls, int Failed)> callsOf
    )
    {
        switch (kind)
        {
            case Orchestration:
                RunTally tally = runs.Runs.GetValueOrDefault(name) ?? new RunTally(0, 0, 0);
                string starters = string.Join(", ", KnownOrchestrator.Find(name)?.StartedBy ?? []);
                return new GraphNode(name, kind, starters, tally.Count, tally.Failed, tally.Open);
            case Activity:
                return new GraphNode(name, kind, detail, callsTo[name].Sum(edge => edge.Count), callsTo[name].Sum(edge => edge.Failed));
            default:
                (int calls, int failed) = callsOf(name);
                return new GraphNode(name, kind, detail, calls, failed);
        }
    }
}
