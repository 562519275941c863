using System.Net;
using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>Triton's model configuration extension, docs/protocol/extension_model_configuration.md.</summary>
[Collection(nameof(PredictionApp))]
public sealed class ModelConfigurationExtensionTests(PredictionApp app)
{
    [Theory]
    [InlineData(""), InlineData("/versions/2")]
    public async Task Model_WhoseRowsAreBatched_HasDimsOfARow(string version)
    {
        string model = app.NameOf("tensors-sums");
        using HttpResponseMessage response = await app.Client.GetAsync($"v2/models/{model}{version}/config");

        JsonElement json = await PredictionApp.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            ["name", "platform", "backend", "max_batch_size", "input", "output", "dynamic_batching"],
            json.EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal(
            (model, "onnxruntime_onnx", "onnxruntime"),
            (json.GetProperty("name").GetString(), json.GetProperty("platform").GetString(), json.GetProperty("backend").GetString())
        );
        Assert.Equal(PredictionApp.MaxElements / 8, json.GetProperty("max_batch_size").GetInt32());
        Assert.Equal(
            """[{"name":"a","data_type":"TYPE_FP32","dims":[4]},{"name":"b","data_type":"TYPE_FP32","dims":[4]}]""",
            json.GetProperty("input").GetRawText()
        );
        Assert.Equal(
            """[{"name":"sum","data_type":"TYPE_FP32","dims":[4]},{"name":"difference","data_type":"TYPE_FP32","dims":[4]}]""",
            json.GetProperty("output").GetRawText()
        );
        Assert.Equal("""{"max_queue_delay_microseconds":5000}""", json.GetProperty("dynamic_batching").GetRawText());
    }

    [Fact]
    public async Task Model_WithoutABatch_HasWholeShapes()
    {
        string model = app.NameOf("tensors-slow");
        JsonElement metadata = await PredictionApp.JsonOf(await app.Client.GetAsync($"v2/models/{model}"));

        JsonElement json = await PredictionApp.JsonOf(await app.Client.GetAsync($"v2/models/{model}/config"));

        Assert.Equal(0, json.GetProperty("max_batch_size").GetInt32());
        Assert.False(json.TryGetProperty("dynamic_batching", out _));
        Assert.Equal(
            metadata.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("shape").GetRawText()),
            json.GetProperty("input").EnumerateArray().Select(input => input.GetProperty("dims").GetRawText())
        );
    }

    [Fact]
    public async Task Tensors_OfEveryType_AreNamedAsTritonDoes()
    {
        JsonElement json = await PredictionApp.JsonOf(await app.Client.GetAsync($"v2/models/{app.NameOf("tensors-echo")}/config"));

        Assert.Equal(
            ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "STRING"],
            json.GetProperty("input").EnumerateArray().Select(input => input.GetProperty("data_type").GetString()!["TYPE_".Length..])
        );
    }

    [Fact]
    public async Task Model_ThatCannotBeLoaded_Is503WithItsReason()
    {
        string model = await app.ServeAsync("text-not-finite", app.NameOf("unconfigurable"));
        using HttpResponseMessage response = await app.Client.GetAsync($"v2/models/{model}/config");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Contains("finite", (await PredictionApp.JsonOf(response)).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody"), InlineData("tensors-sums/versions/77")]
    public async Task Model_ThatIsNotThere_Is404(string path)
    {
        using HttpResponseMessage response = await app.Client.GetAsync(
            $"v2/models/{path.Replace("tensors-sums", app.NameOf("tensors-sums"))}/config"
        );

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.NotEmpty((await PredictionApp.JsonOf(response)).GetProperty("error").GetString()!);
    }
}
