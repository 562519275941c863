using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// The queue's door. A promotion that ended without leaving, since somebody terminated its run, neither keeps its turn nor what it did to
/// the traffic; one that is suspended keeps its turn alone.
/// </summary>
public sealed class PromotionGate(PromotionQueue queue, PromotionTraffic traffic, PublishStep steps, TimeProvider time)
{
    /// <summary>
    /// Between taking the turn and the first sight of the run a host may crash; whoever asked will ask again within this.
    /// </summary>
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(1);

    public async Task<PromotionTurn> EnterAsync(
        DurableTaskClient client,
        PromotionTarget target,
        bool mayWait,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            PromotionTurn turn = await queue.EnterAsync(target, mayWait, cancellationToken);
            if (turn.Verdict == TurnVerdict.Go || !await TryRemoveAsync(client, target, turn, cancellationToken))
            {
                return turn;
            }
        }
    }

    /// <summary>
    /// Removes all that ended without leaving, whether or not another one comes, calls whoever waits for their turn, and gives callers back
    /// whom a canary meets that nobody watches.
    /// </summary>
    public async Task SweepAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        foreach ((PromotionTarget owner, bool hasCanary) in await traffic.ListOwnersAsync(cancellationToken))
        {
            OrchestrationMetadata? run = await client.GetInstanceAsync(owner.Promotion, getInputsAndOutputs: hasCanary, cancellationToken);
            // A step that was still at work may have divided the callers after its promotion had left.
            if (run is not { IsCompleted: false } || (hasCanary && await IsSuspendedAsync(client, run, cancellationToken)))
            {
                await traffic.ReleaseAsync(owner, cancellationToken);
            }
        }
        foreach (PromotionTarget holder in await queue.ListHoldersAsync(cancellationToken))
        {
            PromotionTurn? turn = await queue.FindTurnAsync(holder, cancellationToken);
            bool isNext = false;
            while (turn is not null && await TryRemoveAsync(client, holder, turn, cancellationToken))
            {
                turn = await queue.FindTurnAsync(holder, cancellationToken);
                isNext = true;
            }
            if (isNext && turn is not null && await client.GetInstanceAsync(turn.Holder, cancellationToken) is { IsCompleted: false })
            {
                await client.RaiseEventAsync(turn.Holder, PromotionRun.TurnEvent, true, cancellationToken);
            }
        }
    }

    /// <summary>The promotion itself, or the run that watches its canary.</summary>
    private static async Task<bool> IsSuspendedAsync(
        DurableTaskClient client,
        OrchestrationMetadata run,
        CancellationToken cancellationToken
    )
    {
        const OrchestrationRuntimeStatus Suspended = OrchestrationRuntimeStatus.Suspended;
        return run.RuntimeStatus == Suspended
            || (
                PromotionEnd.StatusOf(run) is { } status
                && await client.GetInstanceAsync(PromotionRun.WatchIdOf(run.InstanceId, status.Stage), cancellationToken)
                    is { RuntimeStatus: Suspended }
            );
    }

    /// <summary>False where whoever has the turn is at work.</summary>
    private async Task<bool> TryRemoveAsync(
        DurableTaskClient client,
        PromotionTarget target,
        PromotionTurn turn,
        CancellationToken cancellationToken
    )
    {
        OrchestrationMetadata? run = await client.GetInstanceAsync(turn.Holder, getInputsAndOutputs: true, cancellationToken);
        if (run is null ? time.GetUtcNow() - turn.Since <= StartsWithin : !run.IsCompleted)
        {
            return false;
        }
        PromotionTarget gone = target with { Promotion = turn.Holder };
        await traffic.ReleaseAsync(gone, cancellationToken);
        if (run is not null && PromotionEnd.Of(run) is { } end && run.ReadInputAs<PromotionInput>() is { } input)
        {
            gone = gone with { Version = input.Version, Before = PromotionEnd.StatusOf(run)?.Before };
            StepOutcome told = new(gone, PublishStep.Ended, end.Verdict, end.Reason, input.RequestedBy, end.Findings);
            await steps.RunAsync(told, cancellationToken);
        }
        await queue.LeaveAsync(gone, cancellationToken);
        return true;
    }
}
