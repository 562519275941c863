using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>Triton's binary tensor data extension, docs/protocol/extension_binary_data.md.</summary>
[Collection(nameof(PredictionApp))]
public sealed class BinaryDataExtensionTests(PredictionApp app)
{
    private const string HeaderLength = "Inference-Header-Content-Length";
    private const string Binary16 = """{"name":"a","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}}""";
    private const string Json4 = """{"name":"b","shape":[1,4],"datatype":"FP32","data":[10,20,30,40]}""";

    private static readonly byte[] OneToFour = MemoryMarshal.AsBytes<float>([1, 2, 3, 4]).ToArray();

    private string Sums => $"v2/models/{app.NameOf("tensors-sums")}/infer";

    [Fact]
    public async Task Input_AsBinaryData_BesideOneInJson()
    {
        using HttpResponseMessage response = await SendAsync(Sums, $$"""{"inputs":[{{Binary16}},{{Json4}}]}""", OneToFour);

        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.False(response.Headers.Contains(HeaderLength));
        Assert.Equal("[11,22,33,44]", (await PredictionApp.JsonOf(response)).GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData(
        """{"inputs":INPUTS,"outputs":[{"name":"difference","parameters":{"binary_data":true}},{"name":"sum","parameters":{"binary_data":true}}]}""",
        "difference sum",
        "difference sum"
    )]
    [InlineData("""{"inputs":INPUTS,"parameters":{"binary_data_output":true}}""", "sum difference", "sum difference")]
    [InlineData(
        """{"inputs":INPUTS,"parameters":{"binary_data_output":true},"outputs":[{"name":"sum"},{"name":"difference","parameters":{"binary_data":false}}]}""",
        "sum difference",
        "sum"
    )]
    [InlineData(
        """{"inputs":INPUTS,"parameters":{"binary_data_output":false},"outputs":[{"name":"sum"},{"name":"difference","parameters":{"binary_data":true}}]}""",
        "sum difference",
        "difference"
    )]
    public async Task Outputs_AsBinaryData_FollowTheJsonInItsOrder(string request, string outputs, string binary)
    {
        using HttpResponseMessage response = await SendAsync(Sums, request.Replace("INPUTS", $"[{Binary16},{Json4}]"), OneToFour);

        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        int jsonLength = int.Parse(response.Headers.GetValues(HeaderLength).Single(), CultureInfo.InvariantCulture);
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        JsonElement[] described = [.. JsonDocument.Parse(body.AsMemory(0, jsonLength)).RootElement.GetProperty("outputs").EnumerateArray()];
        Assert.Equal(outputs, string.Join(' ', described.Select(output => output.GetProperty("name").GetString())));
        ReadOnlySpan<byte> rest = body.AsSpan(jsonLength);
        foreach (JsonElement output in described)
        {
            bool isBinary = binary.Split(' ').Contains(output.GetProperty("name").GetString());
            Assert.Equal(isBinary, !output.TryGetProperty("data", out _));
            if (!isBinary)
            {
                continue;
            }
            int size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            float[] expected = output.GetProperty("name").GetString() == "sum" ? [11, 22, 33, 44] : [-9, -18, -27, -36];
            Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(rest[..size]).ToArray());
            rest = rest[size..];
        }
        Assert.Equal(0, rest.Length);
    }

    /// <summary>Every type as binary data in both directions, byte for byte what JSON would say.</summary>
    [Fact]
    public async Task EveryType_ComesBackAsItWent()
    {
        string echo = $"v2/models/{app.NameOf("tensors-echo")}/infer";
        string inputs = string.Join(',', TensorDataTypesSectionTests.Examples.Select(TensorDataTypesSectionTests.Input));
        (JsonElement first, byte[] bytes) = await SplitAsync(
            await app.PostAsync(echo, $$"""{"parameters":{"binary_data_output":true},"inputs":[{{inputs}}]}""")
        );
        string again = string.Join(
            ',',
            first
                .GetProperty("outputs")
                .EnumerateArray()
                .Select(output =>
                    $$"""{"name":"{{output.GetProperty("name").GetString()!.Replace("out_", "in_")}}","shape":[2,2],"datatype":"{{output.GetProperty("datatype").GetString()}}","parameters":{{output.GetProperty("parameters").GetRawText()}}}"""
                )
        );

        (_, byte[] back) = await SplitAsync(
            await SendAsync(echo, $$"""{"parameters":{"binary_data_output":true},"inputs":[{{again}}]}""", bytes)
        );

        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(back));
        byte[] text = Encoding.UTF8.GetBytes("plain");
        byte[] element = [5, 0, 0, 0, .. text];
        Assert.True(bytes.AsSpan().IndexOf(element) > 0, "a BYTES element follows its length as 4 bytes, little-endian");
        Assert.Equal([1, 0, 1, 1], bytes[..4]); // BOOL, one byte each
    }

    [Fact]
    public async Task Bytes_ThatAreNoText_GoBackAsBinaryDataOnly()
    {
        byte[] data = new byte[4 * 5];
        for (int i = 0; i < 4; i++)
        {
            (data[i * 5], data[(i * 5) + 4]) = (1, 0xFF);
        }
        string request =
            $$"""{PARAMETERS"inputs":[{"name":"in_BYTES","shape":[2,2],"datatype":"BYTES","parameters":{"binary_data_size":{{data.Length}} } },{{string.Join(',', TensorDataTypesSectionTests.Examples.Where(e => e.Type != "BYTES").Select(TensorDataTypesSectionTests.Input))}}],"outputs":[{"name":"out_BYTES"}]}""";
        string echo = $"v2/models/{app.NameOf("tensors-echo")}/infer";

        using HttpResponseMessage asJson = await SendAsync(echo, request.Replace("PARAMETERS", ""), data);
        (_, byte[] back) = await SplitAsync(
            await SendAsync(echo, request.Replace("PARAMETERS", "\"parameters\":{\"binary_data_output\":true},"), data)
        );

        Assert.Equal(HttpStatusCode.BadRequest, asJson.StatusCode);
        Assert.StartsWith(
            "Element 0 of output 'out_BYTES' is not UTF-8",
            (await PredictionApp.JsonOf(asJson)).GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
        Assert.Equal(data, back);
    }

    [Theory]
    [InlineData(
        """[{"name":"a","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":15}},JSON]""",
        "Input 'a' has 15 bytes of binary data; 4 elements of FP32 have 16."
    )]
    [InlineData(
        """[{"name":"a","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":17}},JSON]""",
        "binary_data_size of input 'a' is 17; 16 bytes of binary data are left, as Inference-Header-Content-Length says where they begin."
    )]
    [InlineData(
        """[{"name":"a","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":"16"}},JSON]""",
        "binary_data_size of input 'a' is '16'; 16 bytes of binary data are left, as Inference-Header-Content-Length says where they begin."
    )]
    [InlineData(
        """[{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4],"parameters":{"binary_data_size":16}},JSON]""",
        "Input 'a' has both data and the parameter binary_data_size; allowed is one of them."
    )]
    [InlineData(
        """[JSON,{"name":"c","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":16}}]""",
        "Element 0 of input 'c' goes beyond the 16 bytes of its binary data."
    )]
    [InlineData(
        """[JSON,{"name":"c","shape":[16],"datatype":"BOOL","parameters":{"binary_data_size":16}}]""",
        "Element 2 of input 'c' is 128; a BOOL is 0 or 1."
    )]
    [InlineData("""[JSON]""", "16 bytes of binary data follow the JSON; its inputs claim 0.")]
    public async Task BinaryData_ThatDoesNotFit_Is400AndSaysWhy(string inputs, string error)
    {
        using HttpResponseMessage response = await SendAsync(Sums, $$"""{"inputs":{{inputs.Replace("JSON", Json4)}}}""", OneToFour);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(error, (await PredictionApp.JsonOf(response)).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("1000000"), InlineData("-1"), InlineData("many"), InlineData("0")]
    public async Task HeaderLength_ThatCannotBe_Is400(string length)
    {
        byte[] body = Encoding.UTF8.GetBytes($$"""{"inputs":[{{Json4}}]}""");
        using HttpResponseMessage response = await app.PostAsync(Sums, body, "application/octet-stream", (HeaderLength, length));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((await PredictionApp.JsonOf(response)).GetProperty("error").GetString()!);
    }

    private Task<HttpResponseMessage> SendAsync(string path, string json, byte[] binary)
    {
        byte[] text = Encoding.UTF8.GetBytes(json);
        return app.PostAsync(
            path,
            [.. text, .. binary],
            "application/octet-stream",
            (HeaderLength, text.Length.ToString(CultureInfo.InvariantCulture))
        );
    }

    private static async Task<(JsonElement Json, byte[] Binary)> SplitAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync();
        Assert.True(response.IsSuccessStatusCode, Encoding.UTF8.GetString(body));
        int length = int.Parse(response.Headers.GetValues(HeaderLength).Single(), CultureInfo.InvariantCulture);
        return (JsonDocument.Parse(body.AsMemory(0, length)).RootElement, body[length..]);
    }
}
