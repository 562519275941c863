using System.Net;
using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>"Request Input" and "Tensor Data" of the protocol: shapes, flat and nested data.</summary>
[Collection(nameof(PredictionApp))]
public sealed class TensorDataSectionTests(PredictionApp app)
{
    private string Path => $"v2/models/{app.NameOf("tensors-sums")}/infer";

    [Theory]
    [InlineData("[1,2,3,4,5,6,7,8]"), InlineData("[[1,2,3,4],[5,6,7,8]]"), InlineData("[1e0, 2.0, 3, 4.000, 5, 6E0, 7, 8]")]
    public async Task Data_FlatOrNested_IsTheSame(string data)
    {
        using HttpResponseMessage response = await app.PostAsync(Path, Request("[2,4]", data));

        JsonElement output = (await PredictionApp.JsonOf(response)).GetProperty("outputs")[0];
        Assert.Equal("[2,4]", output.GetProperty("shape").GetRawText());
        Assert.Equal("[2,4,6,8,10,12,14,16]", output.GetProperty("data").GetRawText());
    }

    [Fact]
    public async Task Data_BeforeWhatDescribesIt_IsRead()
    {
        const string input = """{"data":[[1,2,3,4]],"parameters":{},"shape":[1,4],"datatype":"FP32","name":"NAME"}""";
        using HttpResponseMessage response = await app.PostAsync(
            Path,
            $$"""{"inputs":[{{input.Replace("NAME", "a")}},{{input.Replace("NAME", "b")}}]}"""
        );

        Assert.Equal("[2,4,6,8]", (await PredictionApp.JsonOf(response)).GetProperty("outputs")[0].GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData("[2,4]", "[1,2,3]", "Input 'a' has 3 elements; its shape [2,4] wants 8.")]
    [InlineData("[1,4]", "[1,2,3,4,5]", "Input 'a' has more than the 4 elements of its shape [1,4].")]
    [InlineData(
        "[2,4]",
        "[[1,2,3,4,5],[6,7,8]]",
        "The data of input 'a' is nested otherwise than its shape [2,4]; allowed are flat data, or exactly that nesting."
    )]
    [InlineData(
        "[2,4]",
        "[[[1,2,3,4]],[[5,6,7,8]]]",
        "The data of input 'a' is nested otherwise than its shape [2,4]; allowed are flat data, or exactly that nesting."
    )]
    [InlineData("[1,4]", "7", "The data of input 'a' is a number; allowed is an array.")]
    [InlineData("[1,4]", "[1,2,null,4]", "Element 2 of input 'a' is null, which is no FP32.")]
    [InlineData("[1,4]", "[1,2,1e39,4]", "Element 2 of input 'a' is 1e39, which is no FP32.")]
    [InlineData("[1,-4]", "[1]", "inputs[0].shape[1] is no integer of 0 or more.")]
    [InlineData("[1,4.5]", "[1]", "inputs[0].shape[1] is no integer of 0 or more.")]
    [InlineData("[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "[1]", "inputs[0].shape has more than 16 dimensions, which is the most allowed.")]
    public async Task Data_ThatDoesNotFitItsShape_Is400AndSaysWhy(string shape, string data, string error)
    {
        using HttpResponseMessage response = await app.PostAsync(Path, Request(shape, data));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(error, (await PredictionApp.JsonOf(response)).GetProperty("error").GetString());
    }

    [Fact]
    public async Task Shape_OfMoreElementsThanTheRequestCanHold_Is400()
    {
        using HttpResponseMessage response = await app.PostAsync(Path, Request("[4000,4000]", "[1]"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(
            "The shape [4000,4000] of input 'a' wants 16000000 elements, more than",
            (await PredictionApp.JsonOf(response)).GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("[16777217]", "16,777,217"), InlineData("[4294967296,4294967296]", "18,446,744,073,709,551,616")]
    public async Task Shape_OfMoreElementsThanAllowed_Is413WithBothNumbers(string shape, string elements)
    {
        using HttpResponseMessage response = await app.PostAsync(Path, Request(shape, "[1]"));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal(
            $"Input 'a' has {elements} elements by its shape {shape}; allowed are 16,777,216.",
            (await PredictionApp.JsonOf(response)).GetProperty("error").GetString()
        );
    }

    [Theory]
    [InlineData("""{"name":"a","datatype":"FP32","shape":[1,4]}""", "Input 'a' has neither data nor the parameter binary_data_size.")]
    [InlineData("""{"name":"a","shape":[1,4],"data":[]}""", "inputs[0] has no datatype.")]
    [InlineData("""{"datatype":"FP32","shape":[1,4],"data":[]}""", "inputs[0] has no name.")]
    [InlineData(
        """{"name":"a","datatype":"float","shape":[1,4],"data":[]}""",
        "inputs[0].datatype is 'float'; allowed are BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, FP16, FP32, "
            + "FP64, BYTES."
    )]
    public async Task Input_ThatLacksAField_Is400AndSaysWhich(string input, string error)
    {
        using HttpResponseMessage response = await app.PostAsync(Path, $$"""{"inputs":[{{input}}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(error, (await PredictionApp.JsonOf(response)).GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("""[{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]""")]
    [InlineData(
        """[{"name":"a","shape":[1,3],"datatype":"FP32","data":[1,2,3]},{"name":"b","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]"""
    )]
    [InlineData(
        """[{"name":"a","shape":[1,4],"datatype":"FP64","data":[1,2,3,4]},{"name":"b","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]"""
    )]
    [InlineData(
        """[{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]},{"name":"c","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]"""
    )]
    [InlineData(
        """[{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]},{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]"""
    )]
    public async Task Inputs_OtherThanTheModels_Are400(string inputs)
    {
        using HttpResponseMessage response = await app.PostAsync(Path, $$"""{"inputs":{{inputs}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((await PredictionApp.JsonOf(response)).GetProperty("error").GetString()!);
    }

    private static string Request(string shape, string data) =>
        $$"""{"inputs":[{"name":"a","shape":{{shape}},"datatype":"FP32","data":{{data}}},{"name":"b","shape":{{shape}},"datatype":"FP32","data":{{data}}}]}""";
}
