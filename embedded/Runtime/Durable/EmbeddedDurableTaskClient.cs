using System.Diagnostics;
using System.Security.Cryptography;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Durable.Dispatch;
using Serverless.Embedded.Runtime.Durable.History;
using Serverless.Embedded.Runtime.Durable.Storage;

namespace Serverless.Embedded.Runtime.Durable;

/// <summary>The client of the engine in this process. What it acknowledges is on disk. Thread-safe.</summary>
internal sealed partial class EmbeddedDurableTaskClient(
    DurableStore store,
    Mailroom mailroom,
    InstanceSignals signals,
    DataConverter converter,
    string defaultVersion,
    TimeProvider time,
    ILoggerFactory loggers)
    : DurableTaskClient("embedded")
{
    private readonly ILogger _log = loggers.CreateLogger<EmbeddedDurableTaskClient>();

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        string id = string.IsNullOrEmpty(options?.InstanceId) ? NewInstanceId() : options.InstanceId;
        string version = options?.Version?.Version ?? defaultVersion;
        IReadOnlyDictionary<string, string>? tags = options?.Tags is { Count: > 0 } some ? some : null;
        ExecutionStarted started = new(orchestratorName.Name, version, converter.Serialize(input), null, tags) { At = Now, TraceParent = Activity.Current?.Id };
        await StartAsync(new NewInstance(id, started, StartTime(options)), DedupeStatuses.Of(options));
        return id;
    }

    public override async Task RaiseEventAsync(
        string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        EventRaised raised = new(eventName, converter.Serialize(eventPayload)) { At = Now };
        if (await SendAsync(instanceId, raised, cancellation) is { } status)
            DurableLog.EventDropped(_log, eventName, instanceId, status);
    }

    public override Task TerminateInstanceAsync(
        string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default) =>
        SendAsync(
            instanceId,
            new TerminationRequested(converter.Serialize(options?.Output), options?.Recursive ?? false) { At = Now },
            cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new Suspended(reason) { At = Now }, cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        SendAsync(instanceId, new Resumed(reason) { At = Now }, cancellation);

    public override async Task<string> RestartAsync(
        string instanceId, bool restartWithNewInstanceId = false, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        InstanceRow row = store.Find(instanceId) ?? throw NotFound(instanceId);
        ExecutionStarted started = new(row.Name, row.Version, row.Input, null, row.Tags) { At = Now, TraceParent = Activity.Current?.Id };
        string id = restartWithNewInstanceId ? NewInstanceId() : instanceId;
        await StartAsync(new NewInstance(id, started, started.At), DedupeStatuses.Unfinished);
        return id;
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, row => row.Status != OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        WaitAsync(instanceId, row => row.IsFinished, getInputsAndOutputs, cancellation);

    public override Task<IList<HistoryEvent>> GetOrchestrationHistoryAsync(string instanceId, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        InstanceRow row = store.Find(instanceId) ?? throw NotFound(instanceId);
        return Task.FromResult(HistoryMapping.Map(instanceId, row.Generation, store.ReadHistory(instanceId)));
    }

    /// <summary>The engine owns what the client uses.</summary>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private DateTime StartTime(StartOrchestrationOptions? options) => options?.StartAt?.UtcDateTime ?? Now;

    private async Task StartAsync(NewInstance instance, IReadOnlySet<OrchestrationRuntimeStatus> refusing)
    {
        (Message? start, OrchestrationRuntimeStatus? refused) = await store.StartAsync(instance, refusing);
        if (refused is { } status)
            throw new OrchestrationAlreadyExistsException(
                $"An orchestration instance '{instance.Id}' with the status {status} already exists.");
        mailroom.Deliver(start!);
    }

    /// <summary>The status of an instance that is finished and therefore takes no event, else null.</summary>
    private async Task<OrchestrationRuntimeStatus?> SendAsync(string instanceId, DurableEvent item, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        (Message? sent, OrchestrationRuntimeStatus? status) = await store.SendAsync(instanceId, item);
        if (sent is null)
            return status ?? throw NotFound(instanceId);
        mailroom.Deliver(sent);
        return null;
    }

    private async Task<OrchestrationMetadata> WaitAsync(
        string instanceId, Func<InstanceRow, bool> isReached, bool withData, CancellationToken cancellation)
    {
        while (true)
        {
            using InstanceSignals.Listener listener = signals.Listen(instanceId);
            InstanceRow row = store.Find(instanceId) ?? throw NotFound(instanceId);
            if (isReached(row))
                return Describe(row, withData);
            await listener.Raised.WaitAsync(cancellation);
        }
    }

    // Unguessable and unique across restarts, which no seeded generator is.
    private static string NewInstanceId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    private static ArgumentException NotFound(string instanceId) => new($"No instance with ID '{instanceId}' was found.", nameof(instanceId));
}
