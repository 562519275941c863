using DurableTask.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker.Shims;

namespace Serverless.Unit.Orchestrations.Running;

/// <summary>Names orchestrators and activities, as the Functions app does by attributes.</summary>
internal sealed class OrchestrationRegistry
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = [];
    private readonly Dictionary<string, Func<ActivityInvocation, CancellationToken, Task<string?>>> _activities = [];

    public OrchestrationRegistry AddOrchestrator<T>(string name, Func<TaskOrchestrationContext, Task<T>> code)
    {
        _orchestrators.Add(name, async context => await code(context));
        return this;
    }

    public OrchestrationRegistry AddActivity(string name, Func<ActivityInvocation, CancellationToken, Task<string?>> code)
    {
        _activities.Add(name, code);
        return this;
    }

    public TaskOrchestration CreateOrchestration(string name, ParentOrchestrationInstance? parent)
    {
        Func<TaskOrchestrationContext, Task<object?>> code = _orchestrators[name];
        return DurableTaskShimFactory.Default.CreateOrchestration<object, object>(name, (context, _) => code(context), parent);
    }

    public Task<string?> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken) =>
        _activities[invocation.Name](invocation, cancellationToken);
}
