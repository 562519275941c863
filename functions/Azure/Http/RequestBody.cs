using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Serverless.Functions.Azure.Http;

/// <summary>Reads a body that must be whole in memory, within its limit and within that of all bodies together.</summary>
internal static class RequestBody
{
    private const int ReadBytes = 64 << 10;

    /// <exception cref="RequestProblem">It is too large or too late, or the bodies of others leave no room for it.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            throw RequestProblem.TooLarge($"The body has {request.ContentLength:N0} bytes; allowed are {maxBytes:N0}.");
        }
        // Paid for as it comes: whoever announces much and sends little is to leave the room to others.
        BodyShare? share = request.HttpContext.Features.Get<BodyShare>();
        LimitedStream limited = new(request.Body, maxBytes);
        using MemoryStream grown = new((int)Math.Min(request.ContentLength ?? 0, ReadBytes));
        byte[] part = ArrayPool<byte>.Shared.Rent(ReadBytes);
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, share?.Late ?? default);
        try
        {
            int read;
            while ((read = await limited.ReadAsync(part, reading.Token)) > 0)
            {
                share?.Take(read);
                grown.Write(part, 0, read);
            }
        }
        catch (OperationCanceledException)
            when (share is { Late.IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
        {
            throw new RequestProblem(
                StatusCodes.Status408RequestTimeout,
                $"Of the body {grown.Length:N0} bytes had come when it had to be complete."
            );
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
        return grown.GetBuffer().AsMemory(0, (int)grown.Length);
    }
}
