using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>Triton's classification extension, docs/protocol/extension_classification.md.</summary>
[Collection(nameof(PredictionApp))]
public sealed class ClassificationExtensionTests(PredictionApp app)
{
    private const string Inputs =
        """[{"name":"a","shape":[2,4],"datatype":"FP32","data":[1,5,10,4,0.5,-1,0,0.5]},{"name":"b","shape":[2,4],"datatype":"FP32","data":[0,0,0,0,0,0,0,0]}]""";

    private string Sums => $"v2/models/{app.NameOf("tensors-sums")}/infer";

    [Fact]
    public async Task Output_IsTheBestOfEachRow_OfEqualsTheEarlier()
    {
        JsonElement outputs = await OutputsAsync(
            """[{"name":"sum","parameters":{"classification":2}},{"name":"difference","parameters":{"classification":9}}]"""
        );

        Assert.Equal("""{"name":"sum","datatype":"BYTES","shape":[2,2],"data":["10:2","5:1","0.5:0","0.5:3"]}""", outputs[0].GetRawText());
        Assert.Equal("[2,4]", outputs[1].GetProperty("shape").GetRawText()); // as many as there are
    }

    [Fact]
    public async Task Output_AsBinaryData_IsBytesAfterTheirLengths()
    {
        using HttpResponseMessage response = await app.PostAsync(
            Sums,
            $$"""{"inputs":{{Inputs}},"outputs":[{"name":"sum","parameters":{"classification":1,"binary_data":true} }]}"""
        );

        byte[] body = await response.Content.ReadAsByteArrayAsync();
        int json = int.Parse(response.Headers.GetValues("Inference-Header-Content-Length").Single(), CultureInfo.InvariantCulture);
        Assert.Equal([4, 0, 0, 0, .. "10:2"u8, 5, 0, 0, 0, .. "0.5:0"u8], body[json..]);
    }

    /// <summary>The package's own labels follow.</summary>
    [Fact]
    public async Task Output_OfAClassifier_HasLabels()
    {
        string model = app.NameOf("labels");
        JsonElement metadata = await PredictionApp.JsonOf(await app.Client.GetAsync($"v2/models/{model}"));
        JsonElement input = metadata.GetProperty("inputs")[0];
        long[] shape = [.. input.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64() is > 0 and var known ? known : 1)];
        string zeros = string.Join(',', Enumerable.Repeat("0", (int)shape.Aggregate(1L, (all, size) => all * size)));
        string output = metadata.GetProperty("outputs")[0].GetProperty("name").GetString()!;

        using HttpResponseMessage response = await app.PostAsync(
            $"v2/models/{model}/infer",
            $$"""{"inputs":[{"name":"{{input.GetProperty("name").GetString()}}","shape":[{{string.Join(',', shape)}}],"datatype":"FP32","data":[{{zeros}}]}],"outputs":[{"name":"{{output}}","parameters":{"classification":1} }]}"""
        );

        JsonElement best = (await PredictionApp.JsonOf(response)).GetProperty("outputs")[0].GetProperty("data")[0];
        Assert.Matches("^[-0-9.E]+:[0-9]+:[A-Za-z]", best.GetString());
    }

    [Theory]
    [InlineData("0", "Parameter of output 'sum' 'classification' is 0; allowed are whole numbers from 1.")]
    [InlineData("1.5", "Parameter of output 'sum' 'classification' is 1.5; allowed are whole numbers from 1.")]
    [InlineData("true", "Parameter of output 'sum' 'classification' is true; allowed are whole numbers from 1.")]
    public async Task Count_ThatIsNone_Is400(string count, string error) =>
        Assert.Equal(error, await ErrorAsync(Inputs, $$"""[{"name":"sum","parameters":{"classification":{{count}} } }]"""));

    /// <summary>To pass it over would answer something else than was asked.</summary>
    [Fact]
    public async Task Parameter_OfAnInput_Is400() =>
        Assert.Equal(
            "Parameter of input 'a' 'classification' is not taken here; of the protocol's extensions this server has binary_tensor_data, "
                + "and classification for outputs.",
            await ErrorAsync("""[{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4],"parameters":{"classification":2}}]""", "[]")
        );

    [Fact]
    public async Task Output_WithoutNumbers_Is400()
    {
        string echo = $"v2/models/{app.NameOf("tensors-echo")}/infer";
        string inputs = string.Join(',', TensorDataTypesSectionTests.Examples.Select(TensorDataTypesSectionTests.Input));

        using HttpResponseMessage response = await app.PostAsync(
            echo,
            $$"""{"inputs":[{{inputs}}],"outputs":[{"name":"out_BYTES","parameters":{"classification":1} }]}"""
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            "Output 'out_BYTES' is BYTES, which cannot be asked for by classification; allowed are outputs of numbers.",
            (await PredictionApp.JsonOf(response)).GetProperty("error").GetString()
        );
    }

    /// <summary>Every type of number, by its own order.</summary>
    [Fact]
    public async Task Outputs_OfEveryNumber_AreClassified()
    {
        string echo = $"v2/models/{app.NameOf("tensors-echo")}/infer";
        string inputs = string.Join(',', TensorDataTypesSectionTests.Examples.Select(TensorDataTypesSectionTests.Input));
        string[] types = [.. TensorDataTypesSectionTests.Examples.Select(each => each.Type).Where(type => type is not ("BOOL" or "BYTES"))];
        string outputs = string.Join(',', types.Select(type => $$"""{"name":"out_{{type}}","parameters":{"classification":2} }"""));

        using HttpResponseMessage response = await app.PostAsync(echo, $$"""{"inputs":[{{inputs}}],"outputs":[{{outputs}}]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.All((await PredictionApp.JsonOf(response)).GetProperty("outputs").EnumerateArray(), output =>
        {
            string[] items = [.. output.GetProperty("data").EnumerateArray().Select(item => item.GetString()!)];
            Assert.Equal(4, items.Length);
            Assert.Equal([0, 1], items[..2].Select(item => int.Parse(item.Split(':')[1], CultureInfo.InvariantCulture)).Order());
        });
    }

    private async Task<JsonElement> OutputsAsync(string outputs)
    {
        using HttpResponseMessage response = await app.PostAsync(Sums, $$"""{"inputs":{{Inputs}},"outputs":{{outputs}}}""");
        return (await PredictionApp.JsonOf(response)).GetProperty("outputs");
    }

    private async Task<string?> ErrorAsync(string inputs, string outputs)
    {
        using HttpResponseMessage response = await app.PostAsync(Sums, $$"""{"inputs":{{inputs}},"outputs":{{outputs}}}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        return (await PredictionApp.JsonOf(response)).GetProperty("error").GetString();
    }
}
