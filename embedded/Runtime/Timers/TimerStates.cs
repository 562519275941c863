using Microsoft.Azure.Functions.Worker;
using Serverless.Embedded.Runtime.Hosting;

namespace Serverless.Embedded.Runtime.Timers;

/// <summary>Remembers each timer's last and next run across starts.</summary>
internal sealed class TimerStates(TriggerDatabase database)
{
    public ScheduleStatus? Find(string function) => database.Query(
        "SELECT last, next, updated FROM timers WHERE function = $function",
        row => new ScheduleStatus { Last = Time(row.GetInt64(0)), Next = Time(row.GetInt64(1)), LastUpdated = Time(row.GetInt64(2)) },
        ("$function", function)).FirstOrDefault();

    public void Save(string function, ScheduleStatus status) => database.Execute(
        """
        INSERT INTO timers (function, last, next, updated) VALUES ($function, $last, $next, $updated)
        ON CONFLICT (function) DO UPDATE SET last = excluded.last, next = excluded.next, updated = excluded.updated
        """,
        ("$function", function), ("$last", status.Last.Ticks), ("$next", status.Next.Ticks), ("$updated", status.LastUpdated.Ticks));

    private static DateTime Time(long ticks) => new(ticks, DateTimeKind.Utc);
}
