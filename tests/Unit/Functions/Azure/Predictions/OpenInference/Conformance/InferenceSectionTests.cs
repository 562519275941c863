using System.Net;
using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>"Inference Request JSON Object", "Request Output", "Parameters" and "Inference Response JSON Object" of the protocol.</summary>
[Collection(nameof(PredictionApp))]
public sealed class InferenceSectionTests(PredictionApp app)
{
    private const string Inputs =
        """[{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]},{"name":"b","shape":[1,4],"datatype":"FP32","data":[10,20,30,40]}]""";

    private string Model => app.NameOf("tensors-sums");

    [Fact]
    public async Task Response_NamesModelVersionIdAndAllOutputs()
    {
        using HttpResponseMessage response = await app.PostAsync($"v2/models/{Model}/infer", $$"""{"id":"42","inputs":{{Inputs}}}""");

        JsonElement json = await PredictionApp.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            (Model, "1", "42"),
            (json.GetProperty("model_name").GetString(), json.GetProperty("model_version").GetString(), json.GetProperty("id").GetString())
        );
        Assert.Equal(
            """[{"name":"sum","datatype":"FP32","shape":[1,4],"data":[11,22,33,44]},{"name":"difference","datatype":"FP32","shape":[1,4],"data":[-9,-18,-27,-36]}]""",
            json.GetProperty("outputs").GetRawText()
        );
    }

    [Fact]
    public async Task Response_WithoutAnId_HasNone()
    {
        JsonElement json = await PredictionApp.JsonOf(
            await app.PostAsync($"v2/models/{Model}/infer", $$"""{"id":null,"inputs":{{Inputs}}}""")
        );

        Assert.False(json.TryGetProperty("id", out _));
    }

    [Fact]
    public async Task Version_InThePath_AnswersItself()
    {
        JsonElement json = await PredictionApp.JsonOf(
            await app.PostAsync($"v2/models/{Model}/versions/2/infer", $$"""{"inputs":{{Inputs}}}""")
        );

        Assert.Equal("2", json.GetProperty("model_version").GetString());
        Assert.Equal("[12,23,34,45]", json.GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Outputs_ThatAreAskedFor_ComeAloneAndInThatOrder()
    {
        JsonElement json = await PredictionApp.JsonOf(
            await app.PostAsync(
                $"v2/models/{Model}/infer",
                $$"""{"outputs":[{"name":"difference","parameters":{"binary_data":false} },{"name":"sum"}],"inputs":{{Inputs}}}"""
            )
        );

        Assert.Equal(
            ["difference", "sum"],
            json.GetProperty("outputs").EnumerateArray().Select(output => output.GetProperty("name").GetString())
        );
    }

    [Fact]
    public async Task Inputs_MayComeInAnyOrder_WithUnknownFieldsAndParametersOfOthers()
    {
        string swapped = string.Join(
            ',',
            JsonDocument.Parse(Inputs).RootElement.EnumerateArray().Reverse().Select(input => input.GetRawText())
        );
        using HttpResponseMessage response = await app.PostAsync(
            $"v2/models/{Model}/infer",
            $$"""{"model_name":"x","more":{"a":[1]},"parameters":{"text":"s","number":1.5,"whole":7,"flag":true},"inputs":[{{swapped}}]}"""
        );

        Assert.Equal("[11,22,33,44]", (await PredictionApp.JsonOf(response)).GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData("""{"parameters":{"p":[1]},"inputs":[]}""", "Parameter 'p' is an array; allowed are a string, a number, true and false.")]
    [InlineData(
        """{"parameters":{"binary_data_output":"yes"},"inputs":INPUTS}""",
        "Parameter 'binary_data_output' is 'yes'; allowed are true and false."
    )]
    [InlineData(
        """{"inputs":INPUTS,"outputs":[{"name":"sum","parameters":{"shared_memory_region":"r"}}]}""",
        "Parameter of output 'sum' 'shared_memory_region' is not taken here; of the protocol's extensions this server has "
            + "binary_tensor_data, and classification for outputs."
    )]
    [InlineData("""{"inputs":INPUTS,"outputs":[{"name":"sum"},{"name":"sum"}]}""", "Output 'sum' is asked for twice.")]
    [InlineData("""{"id":7,"inputs":INPUTS}""", "id is a number; allowed is a string.")]
    [InlineData("""{"inputs":[]}""", "inputs is empty; at least one is needed.")]
    [InlineData("""{"id":"1"}""", "The request has no inputs; at least one is needed.")]
    public async Task Request_ThatIsNotAsDescribed_Is400AndSaysWhy(string request, string error)
    {
        using HttpResponseMessage response = await app.PostAsync($"v2/models/{Model}/infer", request.Replace("INPUTS", Inputs));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(error, (await PredictionApp.JsonOf(response)).GetProperty("error").GetString());
    }
}
