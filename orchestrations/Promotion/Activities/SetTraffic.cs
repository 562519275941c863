using Microsoft.Azure.Functions.Worker;

namespace Serverless.Orchestrations.Promotion;

/// <param name="Weight">The part of the callers that meets the version.</param>
/// <param name="Mirrored">The part of the requests of which it gets a copy.</param>
public sealed record TrafficInput(PromotionTarget Target, double Weight, double Mirrored);

/// <summary>Divides the traffic. Its key is the promotion and the weights; answers why it may not, else null.</summary>
public sealed class SetTraffic(PromotionTraffic traffic)
{
    [Function(nameof(SetTraffic))]
    public Task<string?> RunAsync([ActivityTrigger] TrafficInput input, CancellationToken cancellationToken) =>
        traffic.SetAsync(input.Target, input.Weight, input.Mirrored, cancellationToken);
}
