using System.Threading.RateLimiting;
using Serverless.Local.Host.Settings;

namespace Serverless.Local.Host.Http;

/// <summary>Bounds the requests that run and that wait, as extensions.http of host.json says.</summary>
internal sealed class RequestGate(HttpOptions options) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(Limits(options));

    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => _limiter.AcquireAsync(1, cancellationToken);

    public void Dispose() => _limiter.Dispose();

    private static ConcurrencyLimiterOptions Limits(HttpOptions options)
    {
        int outstanding = options.MaxOutstandingRequests < 0 ? int.MaxValue : Math.Max(1, options.MaxOutstandingRequests);
        int running = options.MaxConcurrentRequests < 0 ? outstanding : Math.Clamp(options.MaxConcurrentRequests, 1, outstanding);
        return new()
        {
            PermitLimit = running,
            QueueLimit = outstanding - running,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        };
    }
}
