using System.Buffers;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http.Bodies;
using Serverless.Functions.Azure.Http.Lanes;

namespace Serverless.Functions.Azure.Http;

/// <summary>Reads a body that must be whole in memory, within its limit and within that of all bodies together.</summary>
internal static class RequestBody
{
    private const int ReadBytes = 64 << 10;

    /// <exception cref="RequestProblem">
    /// It is too large or too late, the bodies of others leave no room for it, or the lane was full when it had come.
    /// </exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            throw RequestProblem.TooLarge($"The body has {request.ContentLength:N0} bytes; allowed are {maxBytes:N0}.");
        }
        BodyShare? share = request.HttpContext.Features.Get<BodyShare>();
        LanePlace? place = request.HttpContext.Features.Get<LanePlace>();
        LimitedStream limited = new(new TimedStream(request.Body, place?.AwaitBody() ?? default), maxBytes);
        using MemoryStream grown = new((int)Math.Min(request.ContentLength ?? 0, ReadBytes));
        byte[] part = ArrayPool<byte>.Shared.Rent(ReadBytes);
        try
        {
            int read;
            while ((read = await limited.ReadAsync(part, cancellationToken)) > 0)
            {
                // Paid for as it comes: whoever announces much and sends little is to leave the room to others.
                share?.Take(read);
                grown.Write(part, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(part);
        }
        place?.Resume();
        return grown.GetBuffer().AsMemory(0, (int)grown.Length);
    }
}
