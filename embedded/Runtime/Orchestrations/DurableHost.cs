using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Orchestrations;

/// <summary>Runs the app's orchestrators and activities on the durable engine, from before the first trigger fires to after the last.</summary>
internal sealed class DurableHost : IHostedService
{
    private readonly FunctionRunner _runner;
    private readonly IServiceProvider _services;
    private readonly DurableEngine _engine;

    public DurableHost(
        IReadOnlyList<FunctionModel> functions,
        FunctionRunner runner,
        DurableEngineOptions options,
        IServiceProvider services,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        _runner = runner;
        _services = services;
        _engine = new DurableEngine(options, Register(functions), time, loggers);
    }

    public DurableTaskClient Client => _engine.Client;

    public Task StartAsync(CancellationToken cancellationToken) => _engine.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => _engine.StopAsync(cancellationToken);

    private DurableRegistry Register(IReadOnlyList<FunctionModel> functions)
    {
        var registry = new DurableRegistry();
        foreach (var function in functions)
        {
            if (function.Trigger is OrchestrationTriggerAttribute orchestration)
                registry.AddOrchestrator(orchestration.Orchestration ?? function.Name, Orchestrator(function));
            if (function.Trigger is ActivityTriggerAttribute activity)
                registry.AddActivity(activity.Activity ?? function.Name, Activity(function));
        }
        return registry;
    }

    /// <summary>Without a scope, a time limit or a line in the log: an orchestrator may live for days and be replayed at any time.</summary>
    private OrchestratorFunction Orchestrator(FunctionModel function)
    {
        var call = new FunctionCall(function);
        return async orchestration =>
        {
            var trigger = new TriggerEvent("a turn", orchestration, new Dictionary<string, object?>());
            var context = new InvocationContext(function, trigger, orchestration.InstanceId, 0, _services, CancellationToken.None);
            await call.RunAsync(context);
            return context.Result;
        };
    }

    private ActivityFunction Activity(FunctionModel function) => async (invocation, cancellationToken) =>
    {
        string? output = null;
        var data = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase) { [ActivityTriggerKind.InstanceId] = invocation.InstanceId };
        var trigger = new TriggerEvent($"activity {invocation.TaskId} of {invocation.InstanceId}", invocation, data)
        {
            Complete = context =>
            {
                output = JsonDataConverter.Default.Serialize(context.Result);
                return Task.CompletedTask;
            },
        };
        await _runner.RunAsync(function, trigger, cancellationToken);
        return output;
    };
}
