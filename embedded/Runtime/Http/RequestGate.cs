using System.Threading.RateLimiting;

namespace Serverless.Embedded.Runtime.Http;

/// <summary>Bounds the requests that run and that wait, as host.json says.</summary>
internal sealed class RequestGate(HttpTriggerOptions options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(Limits(options));

    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => _limiter.AcquireAsync(1, cancellationToken);

    public void Dispose() => _limiter.Dispose();

    private static ConcurrencyLimiterOptions Limits(HttpTriggerOptions options)
    {
        var outstanding = options.MaxOutstandingRequests < 0 ? int.MaxValue : Math.Max(1, options.MaxOutstandingRequests);
        var running = options.MaxConcurrentRequests < 0 ? outstanding : Math.Clamp(options.MaxConcurrentRequests, 1, outstanding);
        return new() { PermitLimit = running, QueueLimit = outstanding - running, QueueProcessingOrder = QueueProcessingOrder.OldestFirst };
    }
}
