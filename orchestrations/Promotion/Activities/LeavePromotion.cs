using Microsoft.Azure.Functions.Worker;

namespace Serverless.Orchestrations.Promotion;

/// <summary>Gives the turn to the next, whose id it answers. Its key is the promotion: leaving twice changes nothing.</summary>
public sealed class LeavePromotion(PromotionQueue queue)
{
    [Function(nameof(LeavePromotion))]
    public Task<string?> RunAsync([ActivityTrigger] PromotionTarget target, CancellationToken cancellationToken) =>
        queue.LeaveAsync(target, cancellationToken);
}
