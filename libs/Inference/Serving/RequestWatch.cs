using Serverless.Inference.Serving.Batching;

namespace Serverless.Inference.Serving;

/// <summary>Takes one request's times; one thread at a time.</summary>
internal sealed class RequestWatch(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _input;

    /// <summary>How the item that was answered last fared.</summary>
    public ItemTimes Last { get; set; }

    public TokenCounts Tokens { get; set; }

    /// <summary>What went before this is preparation of the input.</summary>
    public void Prepared() => _input = Elapsed;

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public RequestTimes Stop()
    {
        TimeSpan known = _input + Last.Queue + Last.Run.Input + Last.Run.Infer + Last.Run.Output,
            total = Elapsed;
        return new RequestTimes(
            total > known ? total - known : TimeSpan.Zero,
            Last.Queue,
            _input + Last.Run.Input,
            Last.Run.Infer,
            Last.Run.Output
        );
    }
}
