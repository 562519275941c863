using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Serverless.Functions.Azure.Predictions.OpenInference;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference;

public sealed class ProtocolRoutesTests
{
    private const string Output = """{"name":"$return","direction":"Out","type":"http"}""";

    [Fact]
    public void Transform_AddsARouteBelowApi_WhereAFunctionIsOfTheProtocol()
    {
        List<IFunctionMetadata> functions = [Function("ServerMetadata", "v2"), Function("InferModel", "v2/models/{model}/infer")];

        new ProtocolRoutes().Transform(functions);

        Assert.Equal(
            ["ServerMetadata", "InferModel", "ServerMetadataUnderApi", "InferModelUnderApi"],
            functions.Select(function => function.Name)
        );
        Assert.Equal(functions[1].EntryPoint, functions[3].EntryPoint);
        Assert.Equal([Binding("api/v2/models/{model}/infer"), Output], functions[3].RawBindings);
        Assert.Equal([Binding("v2/models/{model}/infer"), Output], functions[1].RawBindings);
    }

    [Fact]
    public void Transform_LeavesOthersAlone()
    {
        DefaultFunctionMetadata timer = new() { Name = "Reconcile", RawBindings = ["""{"type":"timerTrigger","name":"timer"}"""] };
        List<IFunctionMetadata> functions = [Function("ListModels", "api/models"), timer];

        new ProtocolRoutes().Transform(functions);

        Assert.Equal(["ListModels", "Reconcile"], functions.Select(function => function.Name));
    }

    [Theory]
    [InlineData("InferModelUnderApi", "InferModel"), InlineData("InferModel", "InferModel")]
    public void DeclaredName_IsTheSameOnBothRoutes(string name, string declared) =>
        Assert.Equal(declared, ProtocolRoutes.DeclaredName(name));

    [Theory]
    [InlineData("/v2", true), InlineData("/v2/models/m", true), InlineData("/api/v2/models/m", true), InlineData("/API/V2", true)]
    [InlineData("/v2x", false), InlineData("/api/models/v2", false), InlineData("/api/predict/v2", false)]
    public void IsOn_TellsTheProtocolsErrorsFromOthers(string path, bool expected)
    {
        DefaultHttpContext http = new();
        http.Request.Path = path;

        Assert.Equal(expected, OpenInferenceError.IsOn(http.Request));
    }

    private static DefaultFunctionMetadata Function(string name, string route) =>
        new()
        {
            Name = name,
            EntryPoint = $"Some.Type.{name}",
            ScriptFile = "App.dll",
            Language = "dotnet-isolated",
            RawBindings = [Binding(route), Output],
        };

    private static string Binding(string route) =>
        $$"""{"name":"request","direction":"In","type":"httpTrigger","methods":["post"],"route":"{{route}}"}""";
}
