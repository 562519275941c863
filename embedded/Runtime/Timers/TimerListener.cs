using System.Collections.Immutable;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Timers;

/// <summary>Runs a function on its schedule, one run at a time. A monitored timer makes up, once, for runs missed while the host was down.</summary>
internal sealed class TimerListener(
    FunctionModel function,
    TimerTriggerAttribute trigger,
    TimerSchedule schedule,
    TimerStates states,
    FunctionRunner runner,
    TimeProvider time,
    ILogger<TimerListener> logger) : ITriggerListener
{
    /// <summary>Longer waits are cut, so that a clock that was set is noticed.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly CancellationTokenSource _stop = new();
    private ScheduleStatus _status = new();
    private Task _loop = Task.CompletedTask;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        var known = trigger.UseMonitor ? states.Find(function.Name) : null;
        _status = known ?? new ScheduleStatus { LastUpdated = now };
        // Recomputed from what was last, since the schedule may have been changed in between.
        _status.Next = schedule.Next(known is null ? now : known.Last == default ? known.LastUpdated : known.Last);
        var isPastDue = _status.Next < now;
        if (isPastDue)
            Log.RunMissed(logger, function.Name, _status.Next);
        Save();
        _loop = RunOnScheduleAsync(isPastDue);
        return Task.CompletedTask;
    }

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    public Task RunNowAsync(string input, CancellationToken cancellationToken) =>
        runner.RunAsync(function, EventOf("started by hand", isPastDue: false), cancellationToken);

    private async Task RunOnScheduleAsync(bool isPastDue)
    {
        await Task.Yield();
        if (isPastDue || trigger.RunOnStartup)
            await RunAsync(isPastDue ? "a run was missed" : "start of the host", isPastDue);
        while (await ReachAsync(_status.Next))
            await RunAsync($"schedule {schedule}", isPastDue: false);
    }

    /// <summary>False where the host stops first.</summary>
    private async Task<bool> ReachAsync(DateTime next)
    {
        try
        {
            for (TimeSpan left; (left = next - Now) > TimeSpan.Zero;)
                await Task.Delay(left < LongestWait ? left : LongestWait, time, _stop.Token);
            return !_stop.IsCancellationRequested;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RunAsync(string reason, bool isPastDue)
    {
        var started = Now;
        try
        {
            await runner.RunAsync(function, EventOf(reason, isPastDue), CancellationToken.None);
        }
        catch (Exception)
        {
            // The runner has logged it; the schedule goes on.
        }

        _status.Last = started;
        _status.LastUpdated = Now;
        _status.Next = schedule.Next(_status.LastUpdated);
        try
        {
            Save();
        }
        catch (SqliteException e)
        {
            Log.RunNotKept(logger, function.Name, started, e.Message); // the schedule goes on all the same
        }
    }

    private TriggerEvent EventOf(string reason, bool isPastDue) => new(
        reason,
        new TimerInfo
        {
            IsPastDue = isPastDue,
            ScheduleStatus = new ScheduleStatus { Last = _status.Last, Next = _status.Next, LastUpdated = _status.LastUpdated },
        },
        ImmutableDictionary<string, object?>.Empty);

    private void Save()
    {
        if (trigger.UseMonitor)
            states.Save(function.Name, _status);
    }
}
