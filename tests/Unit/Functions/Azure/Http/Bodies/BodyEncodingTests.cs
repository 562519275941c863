using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Bodies;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http.Bodies;

/// <summary>Of routes in general; those of predictions and of the protocol have tests of their own, which send real requests.</summary>
public sealed class BodyEncodingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip"), InlineData("X-GZIP"), InlineData("deflate"), InlineData("identity"), InlineData("")]
    public async Task Undo_OfJson_GivesItToWhoReadsRecords(string encoding)
    {
        HttpRequest request = Request(encoding, """{"reason":"it failed"}""");

        BodyEncoding.Undo(request);

        Assert.Equal("it failed", await ReasonRequest.ReadAsync(request, Ct));
    }

    [Fact]
    public async Task Undo_OfAnUpload_GivesWhatItWas_AndHoldsItAgainstTheLimit()
    {
        HttpRequest request = Request("gzip", new string('a', 2_000));
        HttpRequest same = Request("gzip", new string('a', 2_000));
        Assert.InRange(request.ContentLength ?? 0, 1, 100);
        using MemoryStream read = new();

        BodyEncoding.Undo(request);
        BodyEncoding.Undo(same);
        await (await request.OpenBodyAsync(2_000, "There is another way.", Ct)).CopyToAsync(read, Ct);
        Stream limited = await same.OpenBodyAsync(1_000, "There is another way.", Ct);
        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() => limited.CopyToAsync(Stream.Null, Ct));

        Assert.Equal(new string('a', 2_000), Encoding.ASCII.GetString(read.ToArray()));
        Assert.Equal(413, problem.Status);
        Assert.Null(request.ContentLength);
        Assert.Equal(0, request.Headers.ContentEncoding.Count);
    }

    [Fact]
    public async Task Undo_OfWhatIsNotCompressed_IsTheCallersFault()
    {
        HttpRequest request = Request("identity", "{}");
        request.Headers.ContentEncoding = "gzip";

        BodyEncoding.Undo(request);
        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() => ReasonRequest.ReadAsync(request, Ct));

        Assert.Equal(
            (400, "The body is not what its Content-Encoding says: it is no gzip, or damaged."),
            (problem.Status, problem.Message)
        );
    }

    /// <summary>Nothing else would tell a part of a text from the whole.</summary>
    [Theory]
    [InlineData("gzip", 1), InlineData("gzip", 8), InlineData("gzip", 20), InlineData("deflate", 1), InlineData("deflate", 20)]
    public async Task Undo_OfABodyThatEndsTooSoon_IsTheCallersFault(string encoding, int missing)
    {
        HttpRequest request = Request(encoding, string.Concat(Enumerable.Range(0, 200).Select(i => $"{i} ")));
        request.Body.SetLength(request.Body.Length - missing);

        BodyEncoding.Undo(request);
        Stream body = await request.OpenBodyAsync(10_000, "", Ct);
        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() => body.CopyToAsync(Stream.Null, Ct));

        Assert.Equal(
            (400, $"The body is not what its Content-Encoding says: it is no {encoding}, or damaged."),
            (problem.Status, problem.Message)
        );
    }

    [Theory]
    [InlineData("br"), InlineData("gzip, gzip"), InlineData("compress")]
    public void Undo_OfAnotherEncoding_IsRefused_AndNamesThoseThatAreTaken(string encoding)
    {
        HttpRequest request = Request("identity", "{}");
        request.Headers.ContentEncoding = encoding;

        RequestProblem problem = Assert.Throws<RequestProblem>(() => BodyEncoding.Undo(request));

        Assert.Equal(
            (415, $"The body's Content-Encoding is '{encoding}'; allowed are gzip, deflate, and a body as it is."),
            (problem.Status, problem.Message)
        );
        Assert.Equal("gzip, deflate", request.HttpContext.Response.Headers.AcceptEncoding);
    }

    private static HttpRequest Request(string encoding, string body)
    {
        using MemoryStream target = new();
        using (
            Stream compressing = encoding.ToLowerInvariant() switch
            {
                "gzip" or "x-gzip" => new GZipStream(target, CompressionMode.Compress, leaveOpen: true),
                "deflate" => new ZLibStream(target, CompressionMode.Compress, leaveOpen: true),
                _ => new BufferedStream(target),
            }
        )
        {
            compressing.Write(Encoding.UTF8.GetBytes(body));
        }
        byte[] sent = target.ToArray();
        HttpRequest request = new DefaultHttpContext().Request;
        request.Headers.ContentEncoding = encoding;
        request.Body = new MemoryStream(sent);
        request.ContentLength = sent.Length;
        return request;
    }
}
