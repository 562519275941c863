namespace Serverless.Local.Host.Timers;

/// <summary>What is kept of a timer between runs, in the form of the real host.</summary>
internal sealed record TimerStatus(DateTime Last, DateTime Next, DateTime LastUpdated)
{
    /// <summary>The time that comes next by the schedule, which may have changed since the status was kept.</summary>
    public static DateTime NextFrom(TimerStatus? kept, TimerSchedule schedule, DateTime now) =>
        schedule.Next(
            kept is null ? now
            : kept.Last == default ? kept.LastUpdated
            : kept.Last
        );
}

/// <summary>What a timer's function is given.</summary>
internal sealed record TimerTick(TimerStatus? ScheduleStatus, bool IsPastDue);
