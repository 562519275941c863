using System.Net;
using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>"Server Metadata" and "Model Metadata" of the protocol.</summary>
[Collection(nameof(PredictionApp))]
public sealed class MetadataSectionTests(PredictionApp app)
{
    [Fact]
    public async Task Server_HasNameVersionAndExtensions()
    {
        using HttpResponseMessage response = await app.Client.GetAsync("v2");

        JsonElement json = await PredictionApp.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["name", "version", "extensions"], json.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            ["binary_tensor_data", "classification", "model_configuration", "model_repository", "statistics"],
            json.GetProperty("extensions").EnumerateArray().Select(each => each.GetString())
        );
    }

    [Theory]
    [InlineData(""), InlineData("/versions/2")]
    public async Task Model_HasItsVersionsPlatformAndTensors(string version)
    {
        string model = app.NameOf("tensors-sums");
        using HttpResponseMessage response = await app.Client.GetAsync($"v2/models/{model}{version}");

        JsonElement json = await PredictionApp.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["name", "versions", "platform", "inputs", "outputs"], json.EnumerateObject().Select(field => field.Name));
        Assert.Equal((model, "onnx_onnxv1"), (json.GetProperty("name").GetString(), json.GetProperty("platform").GetString()));
        Assert.Equal("""["1","2"]""", json.GetProperty("versions").GetRawText());
        Assert.Equal(
            """[{"name":"a","datatype":"FP32","shape":[-1,4]},{"name":"b","datatype":"FP32","shape":[-1,4]}]""",
            json.GetProperty("inputs").GetRawText()
        );
        Assert.Equal(
            """[{"name":"sum","datatype":"FP32","shape":[-1,4]},{"name":"difference","datatype":"FP32","shape":[-1,4]}]""",
            json.GetProperty("outputs").GetRawText()
        );
    }

    [Fact]
    public async Task Model_OfEveryType_NamesThemAsTheProtocolDoes()
    {
        JsonElement json = await PredictionApp.JsonOf(await app.Client.GetAsync($"v2/models/{app.NameOf("tensors-echo")}"));

        Assert.Equal(
            ["BOOL", "UINT8", "UINT16", "UINT32", "UINT64", "INT8", "INT16", "INT32", "INT64", "FP16", "FP32", "FP64", "BYTES"],
            json.GetProperty("inputs").EnumerateArray().Select(input => input.GetProperty("datatype").GetString())
        );
    }

    [Theory]
    [InlineData("nobody"), InlineData("tensors-sums/versions/77"), InlineData("tensors-sums/versions/latest"), InlineData("No%20Name")]
    public async Task Model_ThatIsNotThere_Is404WithTheErrorObject(string path)
    {
        using HttpResponseMessage response = await app.Client.GetAsync(
            $"v2/models/{path.Replace("tensors-sums", app.NameOf("tensors-sums"))}"
        );

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.False(string.IsNullOrEmpty((await PredictionApp.JsonOf(response)).GetProperty("error").GetString()));
    }
}
