using System.Globalization;
using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Serverless.Embedded.Runtime.Functions;

/// <summary>How often and when a failed invocation is tried again inside the host. A count of -1 has no end.</summary>
internal sealed record RetryPlan(int MaxRetryCount, TimeSpan FirstDelay, TimeSpan MaxDelay)
{
    /// <summary>The wait before the given retry, counted from 1: doubling from the first delay up to the longest.</summary>
    public TimeSpan DelayBefore(int retry) =>
        TimeSpan.FromTicks((long)Math.Min(MaxDelay.Ticks, FirstDelay.Ticks * Math.Pow(2, retry - 1)));

    public static RetryPlan? Read(string function, MethodInfo method, TriggerBindingAttribute trigger, ICollection<string> problems)
    {
        if (method.GetCustomAttribute<RetryAttribute>() is not { } attribute)
            return null;
        var capabilities = trigger.GetType().GetCustomAttribute<BindingCapabilitiesAttribute>()?.Capabilities ?? [];
        if (!capabilities.Contains(KnownBindingCapabilities.FunctionLevelRetry))
            problems.Add($"function '{function}': {attribute.GetType().Name} is not supported by {trigger.GetType().Name}; a timer trigger supports it");
        return attribute switch
        {
            FixedDelayRetryAttribute fixedDelay => Fixed(fixedDelay),
            ExponentialBackoffRetryAttribute exponential => new RetryPlan(
                exponential.MaxRetryCount, Duration(exponential.MinimumInterval), Duration(exponential.MaximumInterval)),
            _ => null,
        };

        RetryPlan Fixed(FixedDelayRetryAttribute fixedDelay)
        {
            var delay = Duration(fixedDelay.DelayInterval);
            return new RetryPlan(fixedDelay.MaxRetryCount, delay, delay);
        }

        TimeSpan Duration(string text)
        {
            if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) && duration >= TimeSpan.Zero)
                return duration;
            problems.Add($"function '{function}': the retry interval '{text}' is not a duration such as 00:00:10");
            return TimeSpan.Zero;
        }
    }
}
