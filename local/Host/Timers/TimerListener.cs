using Azure;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Listeners;
using Microsoft.Extensions.Logging;

namespace Serverless.Local.Host.Timers;

/// <summary>Runs a function on its schedule, one run at a time; a monitored timer makes up once for runs that were missed.</summary>
/// <remarks>The attribute makes the WebJobs SDK start it on one host only of those that share the storage.</remarks>
[Singleton(Mode = SingletonMode.Listener)]
internal sealed class TimerListener(
    TimerTriggerAttribute trigger,
    TimerSchedule schedule,
    string function,
    ITriggeredFunctionExecutor executor,
    TimerStatusStore store,
    TimeProvider time,
    ILogger logger
) : IListener
{
    /// <summary>Longer waits are cut, so that a clock that was set is noticed.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _cancelled = new();
    private Task _loop = Task.CompletedTask;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        DateTime now = Now;
        TimerStatus? kept = trigger.UseMonitor ? await store.FindAsync(function, cancellationToken) : null;
        TimerStatus status = new(kept?.Last ?? default, TimerStatus.NextFrom(kept, schedule, now), kept?.LastUpdated ?? now);
        bool isPastDue = status.Next < now;
        if (isPastDue)
        {
            Log.TimerPastDue(logger, function, status.Next);
        }
        await SaveAsync(status);
        _loop = RunOnScheduleAsync(status, isPastDue);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
    }

    public void Cancel()
    {
        _stopping.Cancel();
        _cancelled.Cancel();
    }

    public void Dispose() => _stopping.Cancel();

    private async Task RunOnScheduleAsync(TimerStatus status, bool isPastDue)
    {
        await Task.Yield();
        if (isPastDue || trigger.RunOnStartup)
        {
            status = await RunAsync(status, isPastDue);
        }
        while (await ReachAsync(status.Next))
        {
            status = await RunAsync(status, isPastDue: false);
        }
    }

    /// <summary>False where the host stops first.</summary>
    private async Task<bool> ReachAsync(DateTime next)
    {
        try
        {
            for (TimeSpan left; (left = next - Now) > TimeSpan.Zero; )
            {
                await Task.Delay(left < LongestWait ? left : LongestWait, time, _stopping.Token);
            }
            return !_stopping.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<TimerStatus> RunAsync(TimerStatus status, bool isPastDue)
    {
        DateTime started = Now;
        // A failure is logged by the job host; the schedule goes on.
        await executor.TryExecuteAsync(new() { TriggerValue = new TimerTick(status, isPastDue) }, _cancelled.Token);
        DateTime ended = Now;
        TimerStatus after = new(started, schedule.Next(ended), ended);
        await SaveAsync(after);
        return after;
    }

    private async Task SaveAsync(TimerStatus status)
    {
        if (!trigger.UseMonitor)
        {
            return;
        }
        try
        {
            await store.SaveAsync(function, status, _cancelled.Token);
        }
        catch (Exception failure) when (failure is RequestFailedException or OperationCanceledException or AggregateException)
        {
            Log.TimerNotKept(logger, function, failure.Message);
        }
    }
}
