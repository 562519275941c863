namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>
/// How long to wait before the next scan: twice as long after each that found nothing, from the shortest again after one that found
/// something, and never so short that scanning takes more than a twentieth of the time.
/// </summary>
internal sealed class ScanPace(bool hasLog)
{
    private const int RestPerScan = 20;

    private static readonly TimeSpan LongestWithLog = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestWithout = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _shortest = hasLog ? TimeSpan.FromSeconds(30) : TimeSpan.FromSeconds(1);
    private readonly TimeSpan _longest = hasLog ? LongestWithLog : LongestWithout;

    public TimeSpan Next { get; private set; }

    public void Scanned(int found, TimeSpan duration)
    {
        var eager = found > 0 || Next == default ? _shortest : TimeSpan.FromTicks(Math.Min(2 * Next.Ticks, _longest.Ticks));
        Next = TimeSpan.FromTicks(Math.Max(eager.Ticks, RestPerScan * duration.Ticks));
    }
}
