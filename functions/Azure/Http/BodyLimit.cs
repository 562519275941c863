using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Serverless.Functions.Azure.Http;

/// <summary>
/// What a route takes as a body. The Functions host reads a body that has a Content-Length whole before the app is asked, and refuses one
/// over FUNCTIONS_REQUEST_BODY_SIZE_LIMIT (100 MB unless set), so that larger things go to storage directly.
/// </summary>
internal static class BodyLimit
{
    /// <param name="instead">The way for what is larger, told to those who are refused.</param>
    /// <exception cref="RequestProblem">The request announces more; the stream throws it when more comes than was announced.</exception>
    public static LimitedStream OpenBody(this HttpRequest request, long maxBytes, string instead)
    {
        if (request.ContentLength > maxBytes)
        {
            throw RequestProblem.TooLarge($"The body has {request.ContentLength:N0} bytes; allowed are {maxBytes:N0}. {instead}");
        }
        // The server's own limit is made for forms; this one counts while reading.
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }
        return new LimitedStream(request.Body, maxBytes, instead);
    }
}
