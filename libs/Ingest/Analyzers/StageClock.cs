using Serverless.Ingest.Documents;

namespace Serverless.Ingest.Analyzers;

/// <summary>Adds up the time that one analysis spends in each stage. Not thread-safe: stages follow one another.</summary>
internal sealed class StageClock(TimeProvider time, TimeSpan queued)
{
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _reading;
    private TimeSpan _decoding;
    private TimeSpan _inferring;
    private long _writingSince;

    public void AddReading(TimeSpan elapsed) => _reading += elapsed;

    public T Decode<T>(Func<T> work) => Measure(work, ref _decoding);

    public async Task<T> DecodeAsync<T>(Func<Task<T>> work)
    {
        long started = time.GetTimestamp();
        T result = await work();
        _decoding += time.GetElapsedTime(started);
        return result;
    }

    public T Infer<T>(Func<T> work) => Measure(work, ref _inferring);

    public async Task<T> InferAsync<T>(Func<Task<T>> work)
    {
        long started = time.GetTimestamp();
        T result = await work();
        _inferring += time.GetElapsedTime(started);
        return result;
    }

    public void StartWriting() => _writingSince = time.GetTimestamp();

    /// <summary>Called before the document itself is written, which cannot hold the time of its own writing.</summary>
    public AnalysisTimings Read() =>
        new()
        {
            QueueMilliseconds = Round(queued),
            ReadMilliseconds = Round(_reading),
            DecodeMilliseconds = Round(_decoding),
            InferenceMilliseconds = Round(_inferring),
            WriteMilliseconds = Round(time.GetElapsedTime(_writingSince)),
            TotalMilliseconds = Round(queued + time.GetElapsedTime(_started)),
        };

    private static double Round(TimeSpan elapsed) => Math.Round(elapsed.TotalMilliseconds, 2);

    private T Measure<T>(Func<T> work, ref TimeSpan sum)
    {
        long started = time.GetTimestamp();
        try
        {
            return work();
        }
        finally
        {
            sum += time.GetElapsedTime(started);
        }
    }
}
