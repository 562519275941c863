namespace Serverless.Captures;

/// <summary>What became of the records of one kind. Once all that came is flushed, the four parts add up to the requests.</summary>
public readonly record struct CaptureCounts(long Requests, long Captured, long SampledOut, long Dropped, long Failed)
{
    public long Pending => Requests - Captured - SampledOut - Dropped - Failed;
}

/// <summary>Thread-safe by interlocked sums.</summary>
internal sealed class CaptureCounter
{
    private long _requests,
        _captured,
        _sampledOut,
        _dropped,
        _failed;

    public void Request() => Interlocked.Increment(ref _requests);

    public void SampleOut() => Interlocked.Increment(ref _sampledOut);

    public void Drop() => Interlocked.Increment(ref _dropped);

    public void Capture(long lines) => Interlocked.Add(ref _captured, lines);

    public void Fail(long lines) => Interlocked.Add(ref _failed, lines);

    /// <summary>Parts before the whole, so that what is pending is never seen as negative.</summary>
    public CaptureCounts Snapshot()
    {
        (long captured, long sampledOut, long dropped, long failed) = (
            Interlocked.Read(ref _captured),
            Interlocked.Read(ref _sampledOut),
            Interlocked.Read(ref _dropped),
            Interlocked.Read(ref _failed)
        );
        return new CaptureCounts(Interlocked.Read(ref _requests), captured, sampledOut, dropped, failed);
    }
}
