using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations;

/// <summary>Names of orchestrators, which the engine takes in any case and keeps as whoever started the run wrote them.</summary>
public static class RunNames
{
    public static bool IsOf(this OrchestrationMetadata run, string orchestrator) =>
        string.Equals(run.Name, orchestrator, StringComparison.OrdinalIgnoreCase);
}
