using System.Runtime.ExceptionServices;
using Microsoft.DurableTask;

namespace Serverless.Embedded.Runtime.Durable.Replay;

/// <summary>Calls a task again, by policy or handler. Runs as orchestrator code, so its delays are durable timers.</summary>
internal static class RetryLoop
{
    public static async Task<string?> RunAsync(TaskOrchestrationContext context, TaskRetryOptions? retry, Func<Task<string?>> attempt)
    {
        if (retry is null)
            return await attempt();

        DateTime started = context.CurrentUtcDateTime;
        for (int attempts = 1; ; attempts++)
        {
            TaskFailedException failed;
            try
            {
                return await attempt();
            }
            catch (TaskFailedException e) when (!TaskNotFound.Is(e.FailureDetails))
            {
                failed = e;
            }

            TimeSpan elapsed = context.CurrentUtcDateTime - started;
            if (!await PrepareNextAsync(context, retry, failed, attempts, elapsed))
                ExceptionDispatchInfo.Throw(failed);
        }
    }

    private static async Task<bool> PrepareNextAsync(
        TaskOrchestrationContext context, TaskRetryOptions retry, TaskFailedException failed, int attempts, TimeSpan elapsed)
    {
        if (retry.Handler is { } handler)
            return await handler(new RetryContext(context, attempts, failed.FailureDetails, elapsed, CancellationToken.None));

        if (NextDelay(retry.Policy!, failed.FailureDetails, attempts, elapsed) is not { } delay)
            return false;
        await context.CreateTimer(context.CurrentUtcDateTime + delay, CancellationToken.None);
        return true;
    }

    private static TimeSpan? NextDelay(RetryPolicy policy, TaskFailureDetails failure, int attempts, TimeSpan elapsed)
    {
        bool outOfTime = policy.RetryTimeout != Timeout.InfiniteTimeSpan && elapsed >= policy.RetryTimeout;
        if (attempts >= policy.MaxNumberOfAttempts || outOfTime || !policy.IsRetryable(failure))
            return null;

        double delay = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempts - 1);
        return TimeSpan.FromMilliseconds(Math.Min(delay, policy.MaxRetryInterval.TotalMilliseconds));
    }
}
