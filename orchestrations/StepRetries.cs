using Microsoft.DurableTask;

namespace Serverless.Orchestrations;

/// <summary>How often a step is tried again that fails because storage is away; the pauses double up to a minute.</summary>
internal static class StepRetries
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    /// <summary>For steps whose run another follows: they outlast six minutes.</summary>
    public static TaskOptions SixMinutes { get; } = Of(10, TimeSpan.FromSeconds(2));

    /// <summary>For steps that somebody waits for: about ten minutes.</summary>
    public static TaskOptions TenMinutes { get; } = Of(15, TimeSpan.FromSeconds(1));

    /// <summary>For what must happen in the end.</summary>
    public static TaskOptions Day { get; } = Of(1_500, TimeSpan.FromSeconds(1));

    private static TaskOptions Of(int times, TimeSpan firstPause) =>
        TaskOptions.FromRetryPolicy(new RetryPolicy(times, firstPause, backoffCoefficient: 2, maxRetryInterval: LongestPause));
}
