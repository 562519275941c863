using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>Reads a body that must be whole in memory, within its limit.</summary>
internal static class RequestBody
{
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            throw RequestProblem.TooLarge($"The body has {request.ContentLength:N0} bytes; allowed are {maxBytes:N0}.");
        }
        if (request.ContentLength is { } length)
        {
            byte[] body = GC.AllocateUninitializedArray<byte>((int)length);
            await request.Body.ReadExactlyAsync(body, cancellationToken);
            return body;
        }
        using MemoryStream grown = new();
        await new LimitedStream(request.Body, maxBytes).CopyToAsync(grown, cancellationToken);
        return grown.GetBuffer().AsMemory(0, (int)grown.Length);
    }
}
