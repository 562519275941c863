using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Durable.History;

namespace Serverless.Embedded.Runtime.Durable.Replay;

/// <summary>The context that orchestrator code sees; turns its calls into decisions.</summary>
internal sealed class ReplayContext(OrchestrationExecution execution, ExecutionStarted started) : TaskOrchestrationContext
{
    private int _guids;

    public override TaskName Name => started.Name;

    public override string InstanceId => execution.InstanceId;

    public override string Version => started.Version;

    public override ParentOrchestrationInstance? Parent =>
        started.Parent is { } parent ? new ParentOrchestrationInstance(parent.Name, parent.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => execution.Now;

    public override bool IsReplaying => execution.IsReplaying;

    public string? CustomStatus { get; private set; }

    /// <summary>Set once the code asked to continue as new, which takes effect when it returns.</summary>
    public ContinuedAsNew? NextExecution { get; private set; }

    public bool PreservesEvents { get; private set; }

    protected override ILoggerFactory LoggerFactory => execution.Loggers;

    public override T? GetInput<T>() where T : default => execution.Converter.Deserialize<T>(started.Input);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        string? json = Serialize(input, options);
        string version = options?.Version?.Version ?? Version;
        string? output = await RetryLoop.RunAsync(this, options?.Retry, () => DecideAsync(
            name, id => new ActivityScheduled(id, name, version, json, Tags(options))));
        return execution.Converter.Deserialize<TResult>(output)!;
    }

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        string? json = Serialize(input, options);
        string version = options?.Version?.Version ?? execution.DefaultVersion;
        string instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N");
        string? output = await RetryLoop.RunAsync(this, options?.Retry, () => DecideAsync(
            orchestratorName, id => new ChildScheduled(id, orchestratorName, version, instanceId, json, Tags(options))));
        return execution.Converter.Deserialize<TResult>(output)!;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) =>
        DecideAsync("timer", id => new TimerScheduled(id, fireAt.ToUniversalTime()), cancellationToken);

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        execution.ThrowIfOutsideTurn();
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        string? input = await execution.ExternalEvents.WaitAsync(eventName, cancellationToken);
        return execution.Converter.Deserialize<T>(input)!;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        execution.ThrowIfOutsideTurn();
        string? json = execution.Converter.Serialize(payload);
        execution.Decisions.Decide(id => new EventSent(id, instanceId, eventName, json));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        execution.ThrowIfOutsideTurn();
        CustomStatus = execution.Converter.Serialize(customStatus);
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        execution.ThrowIfOutsideTurn();
        NextExecution = new ContinuedAsNew(execution.Converter.Serialize(options.NewInput), options.NewVersion, []);
        PreservesEvents = options.PreserveUnprocessedEvents;
    }

    public override Guid NewGuid()
    {
        execution.ThrowIfOutsideTurn();
        return DeterministicGuid.Create(InstanceId, CurrentUtcDateTime, _guids++);
    }

    private async Task<string?> DecideAsync(string name, Func<int, Decision> decide, CancellationToken cancellation = default)
    {
        execution.ThrowIfOutsideTurn();
        return await execution.Decisions.DecideAsync(name, decide, cancellation);
    }

    private string? Serialize(object? input, TaskOptions? options) =>
        input is TaskOptions && options is null
            ? throw new ArgumentException("Options were given as the input; name the parameter to say which is meant.", nameof(input))
            : execution.Converter.Serialize(input);

    private static Dictionary<string, string>? Tags(TaskOptions? options) => options?.Tags is { Count: > 0 } tags ? new(tags) : null;
}
