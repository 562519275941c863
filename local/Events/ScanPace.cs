namespace Serverless.Local.Events;

/// <summary>
/// How long to wait before the next scan: twice as long after each that found nothing, from the shortest again after one that found
/// something, and never so short that scanning takes more than a twentieth of the time.
/// </summary>
internal sealed class ScanPace(bool hasLog)
{
    private const int RestPerScan = 20;

    // With a log to tell of uploads a scan is only the safety net.
    private readonly TimeSpan _shortest = hasLog ? TimeSpan.FromSeconds(5) : TimeSpan.FromSeconds(0.25);
    private readonly TimeSpan _longest = hasLog ? TimeSpan.FromSeconds(60) : TimeSpan.FromSeconds(5);

    public TimeSpan Next { get; private set; }

    public void Scanned(int found, TimeSpan duration)
    {
        TimeSpan eager = found > 0 || Next == default ? _shortest : TimeSpan.FromTicks(Math.Min(2 * Next.Ticks, _longest.Ticks));
        Next = TimeSpan.FromTicks(Math.Max(eager.Ticks, RestPerScan * duration.Ticks));
    }
}
