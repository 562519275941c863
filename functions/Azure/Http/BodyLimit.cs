using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Serverless.Functions.Azure.Http.Bodies;
using Serverless.Functions.Azure.Http.Lanes;

namespace Serverless.Functions.Azure.Http;

/// <summary>
/// What a route takes as a body. The Functions host reads a body that has a Content-Length whole before the app is asked, and refuses one
/// over FUNCTIONS_REQUEST_BODY_SIZE_LIMIT (100 MB unless set), so that larger things go to storage directly.
/// </summary>
internal static class BodyLimit
{
    /// <summary>A body that announces no more is waited for in memory; a longer one, or one of unknown length, is streamed.</summary>
    internal const int HeldBytes = 1 << 20;

    /// <param name="instead">The way for what is larger, told to those who are refused.</param>
    /// <exception cref="RequestProblem">
    /// The request announces more, or there is no place for it; the stream throws it when more comes than was announced, or too late.
    /// </exception>
    public static async Task<Stream> OpenBodyAsync(
        this HttpRequest request,
        long maxBytes,
        string instead,
        CancellationToken cancellationToken
    )
    {
        if (request.ContentLength > maxBytes)
        {
            throw RequestProblem.TooLarge($"The body has {request.ContentLength:N0} bytes; allowed are {maxBytes:N0}. {instead}");
        }
        if (request.ContentLength <= HeldBytes)
        {
            return BinaryData.FromBytes(await RequestBody.ReadAsync(request, HeldBytes, cancellationToken)).ToStream();
        }
        // The server's own limit is made for forms; this one counts while reading.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
        CancellationToken late = request.HttpContext.Features.Get<LanePlace>()?.AwaitStream() ?? default;
        return new LimitedStream(new TimedStream(request.Body, late), maxBytes, instead);
    }
}
