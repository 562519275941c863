using System.Threading.RateLimiting;
using Serverless.Functions.Azure.Http.Bodies;

namespace Serverless.Functions.Azure.Http.Lanes;

/// <summary>Requests of one kind: how many of them are answered, and how many bodies are waited for, at a time. Thread-safe.</summary>
/// <param name="places">Null where the Functions host alone bounds how many are answered.</param>
internal sealed class Lane(string name, int? places, BodyMemory memory, LaneOptions options, TimeProvider time) : IDisposable
{
    private readonly PlaceLimit? _answered = places is { } limit ? new(limit, $"requests of the lane '{name}' are being answered") : null;
    private readonly PlaceLimit _bodies = new(options.Bodies, $"bodies of the lane '{name}' are on their way");
    private readonly PlaceLimit _streams = new(options.Streams, $"streamed bodies of the lane '{name}' are on their way");

    public BodyMemory Memory => memory;

    /// <exception cref="RequestProblem">As many are being answered as may be.</exception>
    public RateLimitLease? TakePlace() => _answered?.Take();

    /// <exception cref="RequestProblem">As many are on their way as may be.</exception>
    public RateLimitLease TakeBody() => _bodies.Take();

    /// <exception cref="RequestProblem">As many are on their way as may be.</exception>
    public RateLimitLease TakeStream() => _streams.Take();

    /// <summary>Cancelled when a body must have come whole.</summary>
    public CancellationTokenSource LimitBody() => new(options.BodyWithin, time);

    /// <summary>Cancelled when a streamed body must have come whole.</summary>
    public CancellationTokenSource LimitStream() => new(options.StreamWithin, time);

    public void Dispose()
    {
        _answered?.Dispose();
        _bodies.Dispose();
        _streams.Dispose();
    }
}
