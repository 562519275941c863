using Microsoft.Azure.Functions.Worker;

namespace Serverless.Orchestrations.Promotion;

/// <summary>
/// Undoes a promotion: callers first, then the alias, which would otherwise bring the canary back to life. Its key is the promotion.
/// </summary>
public sealed class RestoreTraffic(PromotionTraffic traffic)
{
    [Function(nameof(RestoreTraffic))]
    public async Task RunAsync([ActivityTrigger] PromotionTarget target, CancellationToken cancellationToken)
    {
        await traffic.ReleaseAsync(target, cancellationToken);
        await traffic.RestoreAliasAsync(target, cancellationToken);
    }
}
