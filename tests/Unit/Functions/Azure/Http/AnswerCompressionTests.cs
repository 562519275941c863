using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Http;

public sealed class AnswerCompressionTests
{
    private const int Threshold = 16 << 10;

    [Theory]
    [InlineData("gzip", Threshold, "gzip"), InlineData("br, gzip", Threshold, "br")]
    [InlineData("gzip", Threshold - 3, ""), InlineData("", Threshold, ""), InlineData("deflate", Threshold, "")]
    public async Task AnAnswer_IsCompressed_WhereItIsLargeAndAskedFor(string accepted, int length, string encoding)
    {
        await using FunctionsApp app = await FunctionsApp.StartAsync([typeof(Repetition)], services => AnswerCompression.AddTo(services));
        if (accepted.Length > 0)
        {
            app.Client.DefaultRequestHeaders.Add("Accept-Encoding", accepted);
        }

        using HttpResponseMessage response = await app.Client.GetAsync($"repeat/{length}");

        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(encoding, string.Join(',', response.Content.Headers.ContentEncoding));
        if (encoding.Length == 0)
        {
            Assert.Equal(length + 2, body.Length);
            Assert.Equal(length + 2, response.Content.Headers.ContentLength);
            return;
        }
        Assert.InRange(body.Length, 1, length / 10);
        using MemoryStream compressed = new(body);
        using Stream inflating =
            encoding == "gzip"
                ? new GZipStream(compressed, CompressionMode.Decompress)
                : new BrotliStream(compressed, CompressionMode.Decompress);
        Assert.Equal($"\"{new string('a', length)}\"", await new StreamReader(inflating).ReadToEndAsync());
    }

    private sealed class Repetition
    {
        [Function("Repeat")]
        public static IResult Run(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "repeat/{length}")] HttpRequest request,
            int length
        ) => Answers.Json(new string('a', length));
    }
}
