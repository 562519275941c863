namespace Serverless.Inference.Serving.Batching;

/// <summary>The bounds of one batcher.</summary>
/// <param name="Unit">What cost counts, for messages: "tokens", "pixels", "elements".</param>
/// <param name="MaxCost">Of one batch, and so of one item.</param>
/// <param name="MaxItems">Of one batch: the graph's batch size where that is fixed.</param>
/// <param name="MaxQueueCost">Of all that waits.</param>
/// <param name="MaxDelay">How long an item waits for company while the model runs another batch.</param>
/// <param name="Runners">Batches that run at a time.</param>
/// <param name="NormalPatience">How far behind high ones normal items queue.</param>
/// <param name="LowPatience">How far behind high ones low items queue.</param>
internal sealed record BatchLimits(
    string Unit,
    long MaxCost,
    int MaxItems,
    long MaxQueueCost,
    TimeSpan MaxDelay,
    int Runners,
    TimeSpan NormalPatience,
    TimeSpan LowPatience
)
{
    /// <summary>Of one run; none by default.</summary>
    public TimeSpan RunDeadline { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>How long the end waits for what runs.</summary>
    public TimeSpan StopWithin { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Patience(RequestPriority priority) =>
        priority switch
        {
            RequestPriority.High => TimeSpan.Zero,
            RequestPriority.Normal => NormalPatience,
            RequestPriority.Low => LowPatience,
            _ => throw new ArgumentOutOfRangeException(nameof(priority), priority, "is not High, Normal or Low"),
        };
}
