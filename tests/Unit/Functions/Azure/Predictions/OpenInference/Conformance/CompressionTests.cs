using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>Compressed requests, as Triton's HTTP server takes them.</summary>
[Collection(nameof(PredictionApp))]
public sealed class CompressionTests(PredictionApp app)
{
    private const string Request =
        """{"inputs":[{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]},{"name":"b","shape":[1,4],"datatype":"FP32","data":[1,1,1,1]}]}""";

    private string Sums => $"v2/models/{app.NameOf("tensors-sums")}/infer";

    [Theory]
    [InlineData("gzip"), InlineData("x-gzip"), InlineData("deflate"), InlineData("GZIP"), InlineData("identity")]
    public async Task Infer_TakesTheEncoding(string encoding)
    {
        using HttpResponseMessage response = await SendAsync(Sums, Encode(encoding, Encoding.UTF8.GetBytes(Request)), encoding);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("[2,3,4,5]", (await PredictionApp.JsonOf(response)).GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    /// <summary>The header counts bytes of the body as it was before it was compressed.</summary>
    [Theory]
    [InlineData("gzip"), InlineData("deflate")]
    public async Task BinaryData_BeginsWhereTheUncompressedJsonEnds(string encoding)
    {
        byte[] json = Encoding.UTF8.GetBytes(
            """{"inputs":[{"name":"a","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}},{"name":"b","shape":[1,4],"datatype":"FP32","data":[1,1,1,1]}]}"""
        );
        byte[] body = [.. json, .. MemoryMarshal.AsBytes<float>([1, 2, 3, 4])];

        using HttpResponseMessage response = await SendAsync(Sums, Encode(encoding, body), encoding, json.Length);

        Assert.Equal("[2,3,4,5]", (await PredictionApp.JsonOf(response)).GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Predict_TakesTheEncoding()
    {
        byte[] body = Encode("gzip", """{"text":"Anna Berg lives in Lisbon."}"""u8.ToArray());

        using HttpResponseMessage response = await SendAsync($"api/predict/{app.NameOf("entities")}", body, "gzip");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    /// <summary>64 MiB of zeros are 64 KiB on the wire; the protocol's limit is 32 MiB, that of a prediction's JSON 8 MiB.</summary>
    [Theory]
    [InlineData("gzip", "v2/models/SUMS/infer", "33,554,432"), InlineData("deflate", "api/predict/SUMS", "8,388,608")]
    public async Task ABomb_Is413_BeforeItIsWhole(string encoding, string path, string limit)
    {
        byte[] bomb = Encode(encoding, new byte[64 << 20]);
        Assert.InRange(bomb.Length, 1, 1 << 20);

        using HttpResponseMessage response = await SendAsync(path.Replace("SUMS", app.NameOf("tensors-sums")), bomb, encoding);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains($"longer than {limit} bytes", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("br"), InlineData("gzip, gzip"), InlineData("compress")]
    public async Task Encoding_ThatIsNotTaken_Is415_AndNamesThoseThatAre(string encoding)
    {
        using HttpResponseMessage response = await SendAsync(Sums, [1, 2, 3], encoding);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal(["gzip, deflate"], response.Headers.GetValues("Accept-Encoding"));
        Assert.Equal(
            $"The body's Content-Encoding is '{encoding}'; allowed are gzip, deflate, and a body as it is.",
            (await PredictionApp.JsonOf(response)).GetProperty("error").GetString()
        );
    }

    [Theory]
    [InlineData("gzip", 0), InlineData("deflate", 0), InlineData("gzip", 20), InlineData("deflate", 20)]
    public async Task Body_ThatIsNotWhatTheEncodingSays_Is400(string encoding, int sound)
    {
        byte[] compressed = Encode(encoding, Encoding.UTF8.GetBytes(Request));
        byte[] body = sound == 0 ? [9, 9, 9, 9, 9, 9, 9, 9] : compressed[..sound];

        using HttpResponseMessage response = await SendAsync(Sums, body, encoding);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((await PredictionApp.JsonOf(response)).GetProperty("error").GetString()!);
    }

    /// <summary>The runtime's own message speaks of archives, of which there is none.</summary>
    [Theory]
    [InlineData("gzip"), InlineData("deflate")]
    public async Task Body_ThatIsNotCompressed_SaysSo(string encoding)
    {
        using HttpResponseMessage response = await SendAsync(Sums, Encoding.UTF8.GetBytes(Request), encoding);

        Assert.Equal(
            $"The body is not what its Content-Encoding says: it is no {encoding}, or damaged.",
            (await PredictionApp.JsonOf(response)).GetProperty("error").GetString()
        );
    }

    private async Task<HttpResponseMessage> SendAsync(string path, byte[] body, string encoding, int? jsonLength = null)
    {
        using ByteArrayContent content = new(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using HttpRequestMessage request = new(HttpMethod.Post, path) { Content = content };
        if (jsonLength is { } length)
        {
            request.Headers.Add("Inference-Header-Content-Length", length.ToString(CultureInfo.InvariantCulture));
        }
        return await app.Client.SendAsync(request);
    }

    private static byte[] Encode(string encoding, byte[] body)
    {
        if (encoding == "identity")
        {
            return body;
        }
        using MemoryStream target = new();
        using (
            Stream compressing =
                encoding == "deflate" ? new ZLibStream(target, CompressionMode.Compress) : new GZipStream(target, CompressionMode.Compress)
        )
        {
            compressing.Write(body);
        }
        return target.ToArray();
    }
}
