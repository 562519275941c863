using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Serverless.Orchestrations.Promotion;

public sealed record EnterInput(PromotionTarget Target, bool MayWait);

/// <summary>Asks for the turn. Its key is the promotion: who has the turn, or waits for it, keeps it.</summary>
public sealed class EnterPromotion(PromotionGate gate)
{
    [Function(nameof(EnterPromotion))]
    public Task<PromotionTurn> RunAsync(
        [ActivityTrigger] EnterInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken
    ) => gate.EnterAsync(client, input.Target, input.MayWait, cancellationToken);
}
