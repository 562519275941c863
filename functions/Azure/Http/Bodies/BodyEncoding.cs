using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace Serverless.Functions.Azure.Http.Bodies;

/// <summary>
/// Bodies that were sent compressed, by gzip or deflate (zlib's format, RFC 9110 8.4.1). Whoever reads one finds it as it was before, so
/// that each limit holds for what it inflates to.
/// </summary>
internal static class BodyEncoding
{
    public const string Taken = "gzip, deflate";

    /// <exception cref="RequestProblem">It was sent in another encoding.</exception>
    public static void Undo(HttpRequest request)
    {
        string encoding = request.Headers.ContentEncoding.ToString().Trim();
        if (encoding.ToLowerInvariant() is "" or "identity")
        {
            return;
        }
        Stream inflating = encoding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(request.Body, CompressionMode.Decompress),
            "deflate" => new ZLibStream(request.Body, CompressionMode.Decompress),
            _ => throw NotTaken(request, encoding),
        };
        request.HttpContext.Response.RegisterForDispose(inflating);
        request.Body = new InflatedStream(inflating, encoding);
        request.ContentLength = null;
        request.Headers.Remove("Content-Encoding");
    }

    private static RequestProblem NotTaken(HttpRequest request, string encoding)
    {
        request.HttpContext.Response.Headers.AcceptEncoding = Taken; // RFC 9110, 15.5.16
        return RequestProblem.Unsupported($"The body's Content-Encoding is '{encoding}'; allowed are {Taken}, and a body as it is.");
    }
}
