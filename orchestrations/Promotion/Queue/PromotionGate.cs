using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// The queue's door. A promotion that ended without leaving, since somebody terminated its run, neither keeps its turn nor what it did to
/// the traffic.
/// </summary>
public sealed class PromotionGate(PromotionQueue queue, PromotionTraffic traffic, TimeProvider time)
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
            if (turn.Verdict == TurnVerdict.Go || !await IsGoneAsync(client, turn, cancellationToken))
            {
                return turn;
            }
            PromotionTarget gone = target with { Promotion = turn.Holder };
            await traffic.ReleaseAsync(gone, cancellationToken);
            await queue.LeaveAsync(gone, cancellationToken);
        }
    }

    private async Task<bool> IsGoneAsync(DurableTaskClient client, PromotionTurn turn, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(turn.Holder, cancellationToken) is { } run
            ? run.IsCompleted
            : time.GetUtcNow() - turn.Since > StartsWithin;
}
