using Microsoft.Azure.Functions.Worker;

namespace Serverless.Orchestrations.Promotion;

/// <summary>Frees the rollout record once the alias names the version. Its key is the promotion.</summary>
public sealed class ReleaseTraffic(PromotionTraffic traffic)
{
    [Function(nameof(ReleaseTraffic))]
    public Task RunAsync([ActivityTrigger] PromotionTarget target, CancellationToken cancellationToken) =>
        traffic.ReleaseAsync(target, cancellationToken);
}
