using Microsoft.DurableTask;

namespace Serverless.Embedded.Runtime.Durable;

/// <summary>Runs one orchestrator from its beginning; called again for every replay, so it must be deterministic.</summary>
internal delegate Task<object?> OrchestratorFunction(TaskOrchestrationContext context);

/// <summary>Runs one activity and returns its output as JSON. What it throws becomes the activity's failure.</summary>
internal delegate Task<string?> ActivityFunction(ActivityInvocation invocation, CancellationToken cancellation);

/// <summary>One attempt at an activity. The same invocation may come again after a crash.</summary>
internal sealed record ActivityInvocation(string InstanceId, string Name, string Version, int TaskId, string? Input, string? TraceParent = null);

/// <summary>The orchestrators and activities that an engine can run. Filled before the engine starts, read from any thread after.</summary>
internal sealed class DurableRegistry
{
    private readonly Dictionary<string, OrchestratorFunction> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ActivityFunction> _activities = new(StringComparer.OrdinalIgnoreCase);

    public DurableRegistry AddOrchestrator(string name, OrchestratorFunction orchestrator)
    {
        if (!_orchestrators.TryAdd(name, orchestrator))
            throw new ArgumentException($"An orchestrator named '{name}' is registered already.", nameof(name));
        return this;
    }

    public DurableRegistry AddActivity(string name, ActivityFunction activity)
    {
        if (!_activities.TryAdd(name, activity))
            throw new ArgumentException($"An activity named '{name}' is registered already.", nameof(name));
        return this;
    }

    public OrchestratorFunction? FindOrchestrator(string name) => _orchestrators.GetValueOrDefault(name);

    public ActivityFunction? FindActivity(string name) => _activities.GetValueOrDefault(name);
}
