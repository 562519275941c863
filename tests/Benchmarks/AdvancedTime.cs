namespace Serverless.Benchmarks;

/// <summary>The clock, set forward: for who rests by it that time has passed. For one thread at a time.</summary>
internal sealed class AdvancedTime : TimeProvider
{
    private TimeSpan _ahead;

    public void Advance(TimeSpan by) => _ahead += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _ahead;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(_ahead.TotalSeconds * TimestampFrequency);
}
