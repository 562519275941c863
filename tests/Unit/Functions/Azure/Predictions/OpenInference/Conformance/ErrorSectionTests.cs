using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>"Response JSON Error Object" of the protocol, and the statuses that go with it.</summary>
[Collection(nameof(PredictionApp))]
public sealed class ErrorSectionTests(PredictionApp app)
{
    private const string Inputs =
        """[{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]},{"name":"b","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]""";

    private string Sums => $"v2/models/{app.NameOf("tensors-sums")}";

    [Theory]
    [
        InlineData(""),
        InlineData("{"),
        InlineData("[]"),
        InlineData("{}"),
        InlineData("{\"inputs\":7}"),
        InlineData("{\"inputs\":[7]}"),
        InlineData("{\"inputs\":[]} x"),
        InlineData("\uD800")
    ]
    public Task Body_ThatIsNoRequest_Is400(string body) => RefusedAsync($"{Sums}/infer", body, HttpStatusCode.BadRequest);

    /// <summary>Of two that say different things the last would win unseen.</summary>
    [Theory]
    [InlineData("""{"inputs":INPUTS,"id":"1","id":"2"}""")]
    [InlineData("""{"inputs":INPUTS,"inputs":INPUTS}""")]
    [InlineData("""{"inputs":INPUTS,"unknown":1,"\u0075nknown":2}""")]
    [InlineData("""{"inputs":INPUTS,"parameters":{"a":1,"a":2}}""")]
    [InlineData("""{"inputs":INPUTS,"outputs":[{"name":"sum","name":"sum"}]}""")]
    [InlineData("""{"inputs":[{"name":"a","shape":[1,4],"datatype":"FP32","data":[1,2,3,4],"data":[5,6,7,8]}]}""")]
    [InlineData("""{"inputs":[{"name":"a","data":[1,2,3,4],"data":[5,6,7,8],"shape":[1,4],"datatype":"FP32"}]}""")]
    [InlineData("""{"inputs":[{"name":"a","name":"b","shape":[1,4],"datatype":"FP32","data":[1,2,3,4]}]}""")]
    public async Task Member_ThatIsThereTwice_Is400(string body)
    {
        string error = await RefusedAsync($"{Sums}/infer", body.Replace("INPUTS", Inputs), HttpStatusCode.BadRequest);

        Assert.Contains("twice", error, StringComparison.Ordinal);
    }

    [Theory]
    [
        InlineData("v2/models/nobody/infer"),
        InlineData("v2/models/nobody/versions/1/infer"),
        InlineData("SUMS/versions/77/infer"),
        InlineData("SUMS/versions/1.0/infer")
    ]
    public Task Model_ThatIsNotThere_Is404(string path) =>
        RefusedAsync(path.Replace("SUMS", Sums), $$"""{"inputs":{{Inputs}}}""", HttpStatusCode.NotFound);

    [Fact]
    public Task Output_ThatTheModelHasNot_Is400() =>
        RefusedAsync($"{Sums}/infer", $$"""{"inputs":{{Inputs}},"outputs":[{"name":"product"}]}""", HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("X-Deadline-Ms", "0"), InlineData("X-Deadline-Ms", "60001"), InlineData("X-Deadline-Ms", "soon")]
    [InlineData("X-Priority", "urgent"), InlineData("X-Environment", "moon"), InlineData("X-Rollout-Arm", "canary")]
    public Task Header_ThatCannotBe_Is400(string header, string value) =>
        RefusedAsync($"{Sums}/infer", $$"""{"inputs":{{Inputs}}}""", HttpStatusCode.BadRequest, (header, value));

    [Fact]
    public Task Environment_WhereNothingServes_Is404() =>
        RefusedAsync($"{Sums}/infer", $$"""{"inputs":{{Inputs}}}""", HttpStatusCode.NotFound, ("X-Environment", "dev"));

    [Fact]
    public Task Inputs_OfMoreThanABatch_Are413() => RefusedAsync($"{Sums}/infer", Large(), HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public Task Tensors_OfMoreThanAllowed_Are413() =>
        RefusedAsync(
            $"{Sums}/infer",
            $$"""{"inputs":[{{string.Join(',', Enumerable.Range(0, 65).Select(i => $$"""{"name":"{{i}}","shape":[0],"datatype":"FP32","data":[]}"""))}}]}""",
            HttpStatusCode.RequestEntityTooLarge
        );

    [Fact]
    public async Task Model_ThatCannotBeLoaded_Is503_WithItsReason_AndNoRetryAfter()
    {
        string model = await app.ServeAsync("text-not-finite", app.NameOf("broken"));
        using HttpResponseMessage response = await app.PostAsync($"v2/models/{model}/infer", $$"""{"inputs":{{Inputs}}}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Contains("expected finite numbers for a trial input", await ErrorAsync(response), StringComparison.Ordinal);
    }

    /// <summary>As a package that was changed, whether the caller names the version or the alias does.</summary>
    [Theory]
    [InlineData("pinned", "/versions/1"), InlineData("stable", "")]
    public async Task Model_WhoseManifestWasChanged_Is503_WithItsReason_AndNoRetryAfter(string name, string version)
    {
        string model = await app.ServeAsync("tensors-sums", app.NameOf($"changed-{name}"));
        AzureObjectStore store = app.Get<AzureObjectStore>();
        string path = RegistryLayout.Package(new ModelVersion(model, 1)) + RegistryLayout.ManifestFile;
        string manifest = (await store.ReadAsync(path, 1 << 20, CancellationToken.None))!.Data.ToString();
        using MemoryStream changed = new(Encoding.UTF8.GetBytes(manifest.Replace("sha256:", "sha256:0", StringComparison.Ordinal)));
        await store.WriteAsync(path, changed, WriteCondition.Always, "application/json", CancellationToken.None);

        using HttpResponseMessage response = await app.PostAsync($"v2/models/{model}{version}/infer", $$"""{"inputs":{{Inputs}}}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Null(response.Headers.RetryAfter);
        Assert.Contains("it was changed after registration", await ErrorAsync(response), StringComparison.Ordinal);
    }

    private async Task<string> RefusedAsync(string path, string body, HttpStatusCode expected, params (string, string)[] headers)
    {
        using HttpResponseMessage response = await app.PostAsync(path, body, headers);

        Assert.Equal(expected, response.StatusCode);
        return await ErrorAsync(response);
    }

    /// <summary>The body is an object with one field, "error", which is a sentence.</summary>
    private static async Task<string> ErrorAsync(HttpResponseMessage response)
    {
        JsonProperty field = Assert.Single((await PredictionApp.JsonOf(response)).EnumerateObject());
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("error", field.Name);
        Assert.NotEmpty(field.Value.GetString()!);
        return field.Value.GetString()!;
    }

    private static string Large()
    {
        string data = string.Join(',', Enumerable.Repeat("1", PredictionApp.MaxElements));
        return $$"""{"inputs":[{"name":"a","shape":[{{PredictionApp.MaxElements / 4}},4],"datatype":"FP32","data":[{{data}}]},{"name":"b","shape":[{{PredictionApp.MaxElements / 4}},4],"datatype":"FP32","data":[{{data}}]}]}""";
    }
}
