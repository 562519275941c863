using System.Threading.RateLimiting;

namespace Serverless.Functions.Azure.Http.Lanes;

/// <summary>
/// What one request holds of its lane. While its body is waited for that is a place among those bodies, not one of those that are answered:
/// slow bodies hold up none that have come. For one thread at a time.
/// </summary>
internal sealed class LanePlace(Lane lane) : IDisposable
{
    private RateLimitLease? _held = lane.TakePlace();
    private CancellationTokenSource? _late;

    /// <returns>Cancelled when the body must have come.</returns>
    /// <exception cref="RequestProblem">As many bodies are waited for as may be.</exception>
    public CancellationToken AwaitBody()
    {
        Leave();
        _held = lane.TakeBody();
        _late = lane.LimitBody();
        return _late.Token;
    }

    /// <summary>As <see cref="AwaitBody"/>, of a body that is worked on while it comes; the place is held until that is answered.</summary>
    public CancellationToken AwaitStream()
    {
        Leave();
        _held = lane.TakeStream();
        _late = lane.LimitStream();
        return _late.Token;
    }

    /// <summary>The body has come: back among those that are answered.</summary>
    /// <exception cref="RequestProblem">As many are being answered as may be.</exception>
    public void Resume()
    {
        RateLimitLease? place = lane.TakePlace();
        Leave();
        _held = place;
    }

    public void Dispose() => Leave();

    private void Leave()
    {
        _held?.Dispose();
        _late?.Dispose();
        (_held, _late) = (null, null);
    }
}
