using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Orchestrations;

/// <summary>Hands the app's orchestrators and activities to the durable engine.</summary>
internal static class DurableFunctions
{
    /// <summary>The name under which a function is called, and null for one of another kind.</summary>
    public static string? NameOf(FunctionModel function) => function.Trigger switch
    {
        OrchestrationTriggerAttribute trigger => trigger.Orchestration ?? function.Name,
        ActivityTriggerAttribute trigger => trigger.Activity ?? function.Name,
        _ => null,
    };

    /// <summary>Notes names that two orchestrators or two activities share.</summary>
    public static void Check(IEnumerable<FunctionModel> functions, ICollection<string> problems)
    {
        var twins = functions.Where(function => NameOf(function) is not null)
            .GroupBy(function => (function.Plan.Type, Name: NameOf(function)!.ToUpperInvariant()))
            .Where(group => group.Count() > 1);
        foreach (var group in twins)
            problems.Add($"{group.Key.Type} '{NameOf(group.First())}' is declared by several functions: {string.Join(", ", group)}");
    }

    /// <summary>Each task hub has a file of its own.</summary>
    public static string DatabasePath(string directory, string? hub, Settings settings, ICollection<string> problems)
    {
        var name = hub is null ? "durable" : settings.Resolve(hub, "host.json, extensions.durableTask.hubName");
        if (!name.All(char.IsAsciiLetterOrDigit) || name.Length is < 3 or > 45)
            problems.Add($"host.json, extensions.durableTask.hubName is '{name}'; allowed are 3 to 45 letters and digits");
        return Path.Combine(directory, $"{name}.db");
    }

    public static DurableRegistry Registry(IEnumerable<FunctionModel> functions, FunctionRunner runner)
    {
        var registry = new DurableRegistry();
        foreach (var function in functions)
            if (function.Trigger is OrchestrationTriggerAttribute)
                registry.AddOrchestrator(NameOf(function)!, context => OrchestrateAsync(function, runner, context));
            else if (function.Trigger is ActivityTriggerAttribute)
                registry.AddActivity(NameOf(function)!, (invocation, cancellation) => ActAsync(function, runner, invocation, cancellation));
        return registry;
    }

    private static Task<object?> OrchestrateAsync(FunctionModel function, FunctionRunner runner, TaskOrchestrationContext context) =>
        runner.RunOrchestratorAsync(function, new TriggerEvent($"orchestration {context.InstanceId}", context, Data(context.InstanceId)));

    private static async Task<string?> ActAsync(
        FunctionModel function, FunctionRunner runner, ActivityInvocation invocation, CancellationToken cancellationToken)
    {
        string? output = null;
        await runner.RunAsync(
            function,
            new TriggerEvent($"activity {invocation.TaskId} of {invocation.InstanceId}", invocation, Data(invocation.InstanceId))
            {
                TraceParent = invocation.TraceParent,
                Complete = context =>
                {
                    output = JsonDataConverter.Default.Serialize(context.Result);
                    return Task.CompletedTask;
                },
            },
            cancellationToken);
        return output;
    }

    private static ImmutableDictionary<string, object?> Data(string instanceId) =>
        ImmutableDictionary.Create<string, object?>(StringComparer.OrdinalIgnoreCase).Add(ActivityTriggerKind.InstanceId, instanceId);
}
