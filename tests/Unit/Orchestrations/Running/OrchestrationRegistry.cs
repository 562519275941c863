using DurableTask.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Worker.Shims;

namespace Serverless.Unit.Orchestrations.Running;

/// <summary>Names orchestrators and activities, as the Functions app does by attributes.</summary>
internal sealed class OrchestrationRegistry
{
    private readonly Dictionary<string, Func<ParentOrchestrationInstance?, TaskOrchestration>> _orchestrators = [];
    private readonly Dictionary<string, Func<ActivityInvocation, CancellationToken, Task<string?>>> _activities = [];

    public OrchestrationRegistry AddOrchestrator<TIn, TOut>(string name, Func<TaskOrchestrationContext, TIn, Task<TOut>> code)
    {
        _orchestrators.Add(name, parent =>
            DurableTaskShimFactory.Default.CreateOrchestration<TIn, TOut>(
                name,
                async (context, input) => await code(context, input!),
                parent
            )
        );
        return this;
    }

    public OrchestrationRegistry AddActivity(string name, Func<ActivityInvocation, CancellationToken, Task<string?>> code)
    {
        _activities.Add(name, code);
        return this;
    }

    public TaskOrchestration CreateOrchestration(string name, ParentOrchestrationInstance? parent) => _orchestrators[name](parent);

    public Task<string?> RunAsync(ActivityInvocation invocation, CancellationToken cancellationToken) =>
        _activities[invocation.Name](invocation, cancellationToken);
}
