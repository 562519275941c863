using Microsoft.Azure.Functions.Worker;

namespace Serverless.Orchestrations.Promotion;

public sealed record SwitchInput(PromotionTarget Target, string By, string Why);

/// <summary>Makes the version the one that serves. Its key is the promotion; answers why it may not, else null.</summary>
public sealed class SwitchAlias(PromotionTraffic traffic)
{
    [Function(nameof(SwitchAlias))]
    public Task<string?> RunAsync([ActivityTrigger] SwitchInput input, CancellationToken cancellationToken) =>
        traffic.MoveAliasAsync(input.Target, input.By, input.Why, cancellationToken);
}
