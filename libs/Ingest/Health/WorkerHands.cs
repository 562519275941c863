namespace Serverless.Ingest.Health;

/// <summary>
/// The jobs that workers say they hold. A queue counts a killed worker's jobs as taken until their leases end, and a long one cannot tell
/// what is taken; workers can, as long as they report.
/// </summary>
/// <param name="Held">By workers whose reports come.</param>
/// <param name="Left">By workers of whom two reports in a row are missing.</param>
internal readonly record struct WorkerHands(int Held, int Left)
{
    private const int MissedReports = 2;

    /// <param name="from">Before this no report could be written.</param>
    public static WorkerHands Of(IEnumerable<MemberReport> reports, DateTimeOffset from, DateTimeOffset now)
    {
        int held = 0,
            left = 0;
        foreach (MemberReport report in reports)
        {
            int jobs = report.Members.Sum(member => member.Jobs?.Count ?? 0);
            TimeSpan silent = now - (report.Written > from ? report.Written : from);
            if (silent > MissedReports * (report.Next - report.Written))
            {
                left += jobs;
            }
            else
            {
                held += jobs;
            }
        }
        return new WorkerHands(held, left);
    }

    /// <summary>Null where one store's reports could not be read and the others tell of no work.</summary>
    public static WorkerHands? Sum(IEnumerable<WorkerHands?> stores)
    {
        WorkerHands?[] all = [.. stores];
        WorkerHands sum = new(all.Sum(one => one?.Held ?? 0), all.Sum(one => one?.Left ?? 0));
        return sum.Held == 0 && all.Contains(null) ? null : sum;
    }

    /// <summary>How many jobs of a queue are worked on, by what it counts and by what workers say.</summary>
    /// <param name="taken">Null where the queue cannot tell.</param>
    /// <param name="hands">Null where workers cannot tell.</param>
    public static long? InHand(long? taken, WorkerHands? hands) =>
        (taken, hands) switch
        {
            (null, _) => hands?.Held,
            (> 0, { Held: 0, Left: > 0 }) => 0,
            _ => taken,
        };
}
