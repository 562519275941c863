using System.Net;
using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>"Tensor Data Types" of the protocol: every type there and back, to its limits.</summary>
[Collection(nameof(PredictionApp))]
public sealed class TensorDataTypesSectionTests(PredictionApp app)
{
    internal static readonly (string Type, string Data)[] Examples =
    [
        ("BOOL", "[true,false,true,true]"),
        ("UINT8", "[0,1,254,255]"),
        ("UINT16", "[0,1,65534,65535]"),
        ("UINT32", "[0,1,4294967294,4294967295]"),
        ("UINT64", "[0,1,9007199254740993,18446744073709551615]"),
        ("INT8", "[-128,-1,0,127]"),
        ("INT16", "[-32768,-1,0,32767]"),
        ("INT32", "[-2147483648,-1,0,2147483647]"),
        ("INT64", "[-9223372036854775808,-9007199254740993,0,9223372036854775807]"),
        ("FP16", "[0.5,-65504,\"NaN\",\"-Infinity\"]"),
        ("FP32", "[0.1,-3.4028235E+38,\"Infinity\",1E-45]"),
        ("FP64", "[0.1,-1.7976931348623157E+308,\"NaN\",5E-324]"),
        ("BYTES", "[\"\",\"plain\",\"Grüße, 世界 🌍\",\"a\\u0000b\\n\\\"\"]"),
    ];

    [Fact]
    public async Task EveryType_ComesBackAsItWent()
    {
        using HttpResponseMessage response = await app.PostAsync(
            $"v2/models/{app.NameOf("tensors-echo")}/infer",
            $$"""{"inputs":[{{string.Join(',', Examples.Select(Input))}}]}"""
        );

        JsonElement json = await PredictionApp.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        foreach ((string type, string data) in Examples)
        {
            JsonElement output = json.GetProperty("outputs")
                .EnumerateArray()
                .Single(each => each.GetProperty("name").GetString() == $"out_{type}");
            Assert.Equal(type, output.GetProperty("datatype").GetString());
            Assert.True(
                JsonElement.DeepEquals(JsonDocument.Parse(data).RootElement, output.GetProperty("data")),
                $"{type}: {output.GetProperty("data").GetRawText()}"
            );
        }
    }

    [Theory]
    [InlineData("BOOL", "[true,1,true,true]", "Element 1 of input 'in_BOOL' is 1, which is no BOOL.")]
    [InlineData("UINT8", "[0,1,2,256]", "Element 3 of input 'in_UINT8' is 256, which is no UINT8.")]
    [InlineData("INT8", "[-129,1,2,3]", "Element 0 of input 'in_INT8' is -129, which is no INT8.")]
    [InlineData("UINT64", "[-1,1,2,3]", "Element 0 of input 'in_UINT64' is -1, which is no UINT64.")]
    [InlineData("INT64", "[9223372036854775808,1,2,3]", "Element 0 of input 'in_INT64' is 9223372036854775808, which is no INT64.")]
    [InlineData("INT32", "[1.5,1,2,3]", "Element 0 of input 'in_INT32' is 1.5, which is no INT32.")]
    [InlineData("INT32", "[\"NaN\",1,2,3]", "Element 0 of input 'in_INT32' is 'NaN', which is no INT32.")]
    [InlineData("FP16", "[65520,1,2,3]", "Element 0 of input 'in_FP16' is 65520, which is no FP16.")]
    [InlineData("FP64", "[\"nan\",1,2,3]", "Element 0 of input 'in_FP64' is 'nan', which is no FP64.")]
    [InlineData("FP32", "[NaN,1,2,3]", null)]
    [InlineData("BYTES", "[1,\"\",\"\",\"\"]", "Element 0 of input 'in_BYTES' is 1, which is no BYTES.")]
    public async Task Element_ThatIsNotOfItsType_Is400AndNamed(string type, string data, string? error)
    {
        using HttpResponseMessage response = await app.PostAsync(
            $"v2/models/{app.NameOf("tensors-echo")}/infer",
            $$"""{"inputs":[{{Input((type, data))}}]}"""
        );

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        string found = (await PredictionApp.JsonOf(response)).GetProperty("error").GetString()!;
        if (error is null)
        {
            Assert.StartsWith("The request is not the JSON that was expected", found, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(error, found);
        }
    }

    internal static string Input((string Type, string Data) example) =>
        $$"""{"name":"in_{{example.Type}}","shape":[2,2],"datatype":"{{example.Type}}","data":{{example.Data}}}""";
}
