using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Serverless.Functions.Azure.Graph;
using Serverless.Ingest.Health;
using Serverless.Runs;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Graph;

public sealed class GraphDrawingTests
{
    [Theory]
    [InlineData("""{"type":"httpTrigger","name":"r","methods":["get","post"],"route":"api/runs"}""", "http", "GET, POST /api/runs", false)]
    [InlineData("""{"type":"timerTrigger","name":"t","schedule":"0 */5 * * * *"}""", "timer", "0 */5 * * * *", false)]
    [InlineData("""{"type":"queueTrigger","name":"m","queueName":"gpu-completions"}""", "queue", "gpu-completions", true)]
    [InlineData("""{"type":"activityTrigger","name":"input"}""", "activity", "", false)]
    public void AFunction_IsWhatItsTriggerSays(string binding, string kind, string detail, bool hasSource)
    {
        DefaultFunctionMetadata function = new() { Name = "F", RawBindings = ["""{"type":"durableClient","name":"c"}""", binding] };

        Assert.Equal(new DeclaredFunction("F", kind, detail, hasSource), DeclaredFunction.Of(function));
    }

    [Fact]
    public void FunctionsRunsAndQueues_StandTogether()
    {
        DeclaredFunction[] functions =
        [
            new("IngestAsset", "orchestration", "", false),
            new("AdmitAsset", "activity", "", false),
            new("GpuCompletion", "queue", "gpu-completions", true),
        ];
        RunGraph runs = new(
            new Dictionary<string, RunTally>(StringComparer.OrdinalIgnoreCase)
            {
                ["ingestasset"] = new(5, 1, 2),
                ["OldRun"] = new(1, 0, 0),
            },
            [new("ingestasset", "admitasset", 6, 2), new("OldRun", "OldStep", 1, 1)],
            Untold: 0
        );

        (IReadOnlyList<GraphNode> nodes, IReadOnlyList<RunEdge> edges) = GraphDrawing.Draw(
            functions,
            runs,
            function => function == "GpuCompletion" ? (7, 3) : (0, 0),
            [new Backlog("queue gpu-completions", 4, null, null, "azure", "gpu-completions")]
        );

        Assert.Equal(
            [
                new GraphNode("queue:gpu-completions", "source", "gpu-completions", 7, 3, Waiting: 4),
                new GraphNode("IngestAsset", "orchestration", "POST /api/assets, POST /api/quarantine/{id}/redrive", 5, 1, Open: 2),
                new GraphNode("AdmitAsset", "activity", "", 6, 2),
                new GraphNode("GpuCompletion", "queue", "gpu-completions", 7, 3),
                new GraphNode("OldRun", "orchestration", "", 1, 0, Open: 0, IsGone: true),
                new GraphNode("OldStep", "activity", "", 1, 1, IsGone: true),
            ],
            nodes
        );
        Assert.Equal(
            [
                new RunEdge("queue:gpu-completions", "GpuCompletion", 7, 3),
                new RunEdge("IngestAsset", "AdmitAsset", 6, 2),
                new RunEdge("OldRun", "OldStep", 1, 1),
            ],
            edges
        );
    }
}
