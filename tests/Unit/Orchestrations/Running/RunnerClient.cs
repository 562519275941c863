using DurableTask.Core;
using DurableTask.Core.Exceptions;
using DurableTask.Core.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using CoreStatus = DurableTask.Core.OrchestrationStatus;

namespace Serverless.Unit.Orchestrations.Running;

/// <summary>What functions see of a runner.</summary>
internal sealed class RunnerClient(OrchestrationRunner runner) : DurableTaskClient("runner")
{
    public override Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName,
        object? input = null,
        StartOrchestrationOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        string id = options?.InstanceId ?? throw new ArgumentException("The runner's instances need ids.", nameof(options));
        return runner.TryBegin(orchestratorName, JsonDataConverter.Default.Serialize(input), id)
            ? Task.FromResult(id)
            : throw new OrchestrationAlreadyExistsException($"Instance '{id}' exists.");
    }

    public override Task RaiseEventAsync(
        string instanceId,
        string eventName,
        object? eventPayload = null,
        CancellationToken cancellationToken = default
    )
    {
        runner.Deliver(instanceId, new EventRaisedEvent(-1, JsonDataConverter.Default.Serialize(eventPayload)) { Name = eventName });
        return Task.CompletedTask;
    }

    public override Task<OrchestrationMetadata?> GetInstanceAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(runner.Read(instanceId, Describe));

    public override Task<OrchestrationMetadata?> GetInstancesAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellationToken = default
    ) => GetInstanceAsync(instanceId, getInputsAndOutputs, cancellationToken);

    public override async Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellationToken = default
    )
    {
        await Recorder.UntilAsync(() => Task.FromResult(runner.Read(instanceId, instance => instance.IsCompleted)));
        return runner.Read(instanceId, Describe)!;
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(
        string instanceId,
        bool getInputsAndOutputs = false,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(runner.Read(instanceId, Describe)!);

    public override Task TerminateInstanceAsync(
        string instanceId,
        TerminateInstanceOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        runner.Terminate(instanceId, JsonDataConverter.Default.Serialize(options?.Output));
        return Task.CompletedTask;
    }

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default)
    {
        runner.Suspend(instanceId, isSuspended: true);
        return Task.CompletedTask;
    }

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellationToken = default)
    {
        runner.Suspend(instanceId, isSuspended: false);
        return Task.CompletedTask;
    }

    /// <summary>Ordered by id, as on Azure Storage.</summary>
    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null)
    {
        OrchestrationMetadata[] found =
        [
            .. runner
                .ReadAll(Describe)
                .Where(run => run.InstanceId.StartsWith(filter?.InstanceIdPrefix ?? "", StringComparison.Ordinal))
                .Where(run => filter?.CreatedFrom is not { } from || run.CreatedAt >= from)
                .Where(run => filter?.CreatedTo is not { } to || run.CreatedAt <= to)
                .Where(run => filter?.Statuses is not { } statuses || statuses.Contains(run.RuntimeStatus))
                .OrderBy(run => run.InstanceId, StringComparer.Ordinal),
        ];
        return Pageable.Create<OrchestrationMetadata>((_, _, _) => Task.FromResult(new Page<OrchestrationMetadata>(found)));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static OrchestrationMetadata Describe(RunningInstance instance) =>
        new(instance.Name, instance.Id)
        {
            DataConverter = JsonDataConverter.Default,
            RuntimeStatus = Enum.Parse<OrchestrationRuntimeStatus>(instance.Status.ToString()),
            CreatedAt = instance.CreatedAt,
            LastUpdatedAt = instance.ChangedAt,
            SerializedInput = instance.Input,
            SerializedCustomStatus = instance.CustomStatus,
            SerializedOutput = instance.End?.Result,
            FailureDetails = instance.End?.FailureDetails is { } failure
                ? new TaskFailureDetails(failure.ErrorType, failure.ErrorMessage, failure.StackTrace, null, null)
                : null,
        };
}
