using System.Threading.RateLimiting;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Lanes;
using Serverless.Inference.Serving;
using Serverless.Media.Images;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>
/// Decodes the pictures of callers: so many at a time, those that wait for their turn included, and none whose deadline has passed. One
/// more is answered 429 at once. Thread-safe.
/// </summary>
public sealed class CallerPictures(ImageReader images, LaneOptions lanes, TimeProvider time) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new() { PermitLimit = lanes.Pictures, QueueLimit = 0 });

    /// <summary>
    /// Spares reading the body of one that could only be refused: of a flood, memory for the bodies costs more than all else. Takes no
    /// permit, which a slow sender would hold.
    /// </summary>
    /// <exception cref="RequestProblem">As many are being decoded as are allowed.</exception>
    public void CheckRoom()
    {
        if (_limiter.GetStatistics()!.CurrentAvailablePermits == 0)
        {
            throw TooMany();
        }
    }

    /// <param name="minShorterSide">Where the shorter side would become less, the square of maxSide is widened until it does not.</param>
    /// <exception cref="RequestProblem">Too many are being decoded.</exception>
    /// <exception cref="ServingException">DeadlinePassed.</exception>
    public async Task<DecodedImage> DecodeAsync(
        ReadOnlyMemory<byte> bytes,
        int maxSide,
        int minShorterSide,
        DateTimeOffset deadline,
        CancellationToken cancellationToken
    )
    {
        using RateLimitLease permit = _limiter.AttemptAcquire();
        if (!permit.IsAcquired)
        {
            throw TooMany();
        }
        TimeSpan left = deadline - time.GetUtcNow();
        using CancellationTokenSource late = new(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return await images.DecodeAsync(bytes, maxSide, minShorterSide, either.Token);
        }
        catch (OperationCanceledException e) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ServingException(ServingFault.DeadlinePassed, "The deadline of a request passed before its picture was decoded.", e);
        }
    }

    public void Dispose() => _limiter.Dispose();

    private RequestProblem TooMany() =>
        RequestProblem.TooMany($"{lanes.Pictures} pictures are being decoded or wait for it, which is as many as are allowed at a time.");
}
