using DurableTask.Core.History;
using Grpc.Core;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Operations;

/// <summary>Does what operators ask for, by the official client, and says what cannot be done.</summary>
public static class RunActs
{
    /// <exception cref="RunActException">There is no such run.</exception>
    public static async Task<OrchestrationMetadata> LoadRunAsync(
        this DurableTaskClient client,
        string id,
        CancellationToken cancellationToken
    ) =>
        await client.GetInstanceAsync(id, getInputsAndOutputs: false, cancellationToken)
        ?? throw new RunActException(
            RunActFault.Missing,
            $"There is no orchestration '{id}'; gpu jobs, trials and work of Lambda are listed beside them and have no such acts."
        );

    /// <param name="id">Made up where none is given.</param>
    /// <returns>The id of the run.</returns>
    /// <exception cref="RunActException">A run of this id was started before, ended or not.</exception>
    public static async Task<string> StartRunAsync(
        this DurableTaskClient client,
        KnownOrchestrator orchestrator,
        object input,
        string? id,
        CancellationToken cancellationToken
    )
    {
        if (id is null)
        {
            StartOrchestrationOptions options = new() { Tags = StartTags.Current };
            return await client.ScheduleNewOrchestrationInstanceAsync(orchestrator.Name, input, options, cancellationToken);
        }
        RunActRules.CheckId(id);
        return await client.ScheduleOnceAsync(orchestrator.Name, input, id, cancellationToken)
            ? id
            : throw new RunActException(RunActFault.Conflict, $"A run '{id}' was started before; restart it, or give another id.");
    }

    /// <param name="why">Kept with the run where the engine has a place for it: who asked, and their reason.</param>
    /// <exception cref="RunActException">The run does not take it.</exception>
    public static async Task ActAsync(
        this DurableTaskClient client,
        RunAct act,
        OrchestrationMetadata run,
        string why,
        CancellationToken cancellationToken
    )
    {
        if (RunActRules.FaultOf(act, run) is { } fault)
        {
            throw new RunActException(RunActFault.Conflict, fault);
        }
        string id = run.InstanceId;
        await AskAsync(id, () => act switch
            {
                RunAct.Suspend => client.SuspendInstanceAsync(id, why, cancellationToken),
                RunAct.Resume => client.ResumeInstanceAsync(id, why, cancellationToken),
                RunAct.Terminate => TerminateAsync(client, id, why, cancellationToken),
                RunAct.Restart => client.RestartAsync(id, restartWithNewInstanceId: false, cancellationToken),
                RunAct.Rewind => client.RewindInstanceAsync(id, why, cancellationToken),
                RunAct.Purge => client.PurgeInstanceAsync(id, cancellationToken),
                _ => throw new ArgumentOutOfRangeException(nameof(act), act, "There is no such act."),
            });
    }

    /// <exception cref="RunActException">The run has ended.</exception>
    public static async Task RaiseAsync(
        this DurableTaskClient client,
        OrchestrationMetadata run,
        string eventName,
        object payload,
        CancellationToken cancellationToken
    )
    {
        if (run.IsCompleted)
        {
            throw new RunActException(
                RunActFault.Conflict,
                $"Run '{run.InstanceId}' is {run.RuntimeStatus.ToString().ToLowerInvariant()}; it takes no event any more."
            );
        }
        await AskAsync(run.InstanceId, () => client.RaiseEventAsync(run.InstanceId, eventName, payload, cancellationToken));
    }

    /// <summary>
    /// The engine ends the one run; those that it waits for would go on for nobody, so they end after it, which reads no answer any more.
    /// </summary>
    private static async Task TerminateAsync(DurableTaskClient client, string id, string why, CancellationToken cancellationToken)
    {
        IEnumerable<string> children = ChildrenOf(await client.GetOrchestrationHistoryAsync(id, cancellationToken));
        await client.TerminateInstanceAsync(id, why, cancellationToken);
        foreach (string child in children)
        {
            if (await client.GetInstanceAsync(child, cancellationToken) is { IsCompleted: false })
            {
                try
                {
                    await TerminateAsync(client, child, why, cancellationToken);
                }
                catch (Exception e) when (IsOutOfDate(e) || IsGone(e))
                {
                    // It has ended by itself since, or somebody has purged it.
                }
            }
        }
    }

    /// <summary>Those whose result is not in the history.</summary>
    private static IEnumerable<string> ChildrenOf(IList<HistoryEvent> history)
    {
        HashSet<int> answered =
        [
            .. history.OfType<SubOrchestrationInstanceCompletedEvent>().Select(one => one.TaskScheduledId),
            .. history.OfType<SubOrchestrationInstanceFailedEvent>().Select(one => one.TaskScheduledId),
        ];
        return history
            .OfType<SubOrchestrationInstanceCreatedEvent>()
            .Where(one => !answered.Contains(one.EventId))
            .Select(one => one.InstanceId);
    }

    /// <summary>Whether the engine refused since the run is no longer what it was when it was looked at.</summary>
    private static bool IsOutOfDate(Exception e) =>
        e is InvalidOperationException or RpcException { StatusCode: StatusCode.FailedPrecondition };

    /// <summary>Of some acts the client gives the answer of the engine on as it is.</summary>
    private static bool IsGone(Exception e) => e is ArgumentException or RpcException { StatusCode: StatusCode.NotFound };

    /// <summary>What was looked at before may have changed: of two who restart a run at once the engine lets one.</summary>
    private static async Task AskAsync(string id, Func<Task> ask)
    {
        try
        {
            await ask();
        }
        catch (Exception e) when (IsGone(e))
        {
            throw new RunActException(RunActFault.Missing, $"Run '{id}' is gone: {e.Message}");
        }
        catch (Exception e) when (IsOutOfDate(e))
        {
            throw new RunActException(RunActFault.Conflict, $"Run '{id}' has changed meanwhile: {e.Message}");
        }
    }
}
