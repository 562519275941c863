using System.Threading.RateLimiting;

namespace Serverless.Functions.Azure.Http.Lanes;

/// <summary>Places of which each is taken at once or not at all. Thread-safe.</summary>
/// <param name="taken">What holds them, for those who are refused.</param>
internal sealed class PlaceLimit(int limit, string taken) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions { PermitLimit = limit, QueueLimit = 0 });

    /// <exception cref="RequestProblem">All are taken.</exception>
    public RateLimitLease Take()
    {
        RateLimitLease place = _limiter.AttemptAcquire();
        return place.IsAcquired ? place : throw RequestProblem.TooMany($"{limit} {taken}, which is as many as are allowed at a time.");
    }

    public void Dispose() => _limiter.Dispose();
}
