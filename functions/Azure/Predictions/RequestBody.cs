using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;

namespace Serverless.Functions.Azure.Predictions;

/// <summary>
/// Reads a body that must be whole in memory, within its limit: as it is, or compressed by gzip or deflate (zlib's format, RFC 9110 8.4.1).
/// </summary>
internal static class RequestBody
{
    private const string Encodings = "gzip, deflate";

    /// <param name="maxBytes">As sent, and as inflated: what inflates to more is refused once it has come so far.</param>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        string encoding = request.Headers.ContentEncoding.ToString().Trim().ToLowerInvariant();
        if (request.ContentLength > maxBytes)
        {
            throw RequestProblem.TooLarge($"The body has {request.ContentLength:N0} bytes; allowed are {maxBytes:N0}.");
        }
        if (encoding is not ("" or "identity"))
        {
            return await InflateAsync(request, encoding, maxBytes, cancellationToken);
        }
        if (request.ContentLength is { } length)
        {
            byte[] body = GC.AllocateUninitializedArray<byte>((int)length);
            await request.Body.ReadExactlyAsync(body, cancellationToken);
            return body;
        }
        return await CopyAsync(new LimitedStream(request.Body, maxBytes), cancellationToken);
    }

    private static async Task<ReadOnlyMemory<byte>> InflateAsync(
        HttpRequest request,
        string encoding,
        int maxBytes,
        CancellationToken cancellationToken
    )
    {
        LimitedStream sent = new(request.Body, maxBytes);
        await using Stream inflating = encoding switch
        {
            "gzip" or "x-gzip" => new GZipStream(sent, CompressionMode.Decompress),
            "deflate" => new ZLibStream(sent, CompressionMode.Decompress),
            _ => throw NotTaken(request, encoding),
        };
        try
        {
            return await CopyAsync(new LimitedStream(inflating, maxBytes, $"It was sent compressed by {encoding}."), cancellationToken);
        }
        catch (InvalidDataException)
        {
            throw RequestProblem.BadRequest($"The body is not what its Content-Encoding says: it is no {encoding}, or damaged.");
        }
    }

    private static RequestProblem NotTaken(HttpRequest request, string encoding)
    {
        request.HttpContext.Response.Headers.AcceptEncoding = Encodings; // RFC 9110, 15.5.16
        return RequestProblem.Unsupported($"The body's Content-Encoding is '{encoding}'; allowed are {Encodings}, and a body as it is.");
    }

    private static async Task<ReadOnlyMemory<byte>> CopyAsync(LimitedStream body, CancellationToken cancellationToken)
    {
        using MemoryStream grown = new();
        await body.CopyToAsync(grown, cancellationToken);
        return grown.GetBuffer().AsMemory(0, (int)grown.Length);
    }
}
