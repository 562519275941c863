using System.Net;
using System.Text.Json;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>"Server Live", "Server Ready" and "Model Ready" of the protocol.</summary>
[Collection(nameof(PredictionApp))]
public sealed class HealthSectionTests(PredictionApp app)
{
    [Fact]
    public async Task ServerLive_Is200_WithoutAKey()
    {
        using HttpClient stranger = new() { BaseAddress = app.Client.BaseAddress };
        using HttpResponseMessage response = await stranger.GetAsync("v2/health/live");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.True((await PredictionApp.JsonOf(response)).GetProperty("live").GetBoolean());
    }

    [Fact]
    public async Task ServerReady_Is200_OnceWhatIsKeptWarmIsLoaded()
    {
        using HttpResponseMessage response = await app.Client.GetAsync("v2/health/ready");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True((await PredictionApp.JsonOf(response)).GetProperty("ready").GetBoolean());
    }

    [Theory]
    [InlineData("ready"), InlineData("versions/1/ready"), InlineData("versions/2/ready")]
    public async Task ModelReady_Is200_WithNameAndReady(string path)
    {
        string model = app.NameOf("tensors-sums");
        using HttpResponseMessage response = await app.Client.GetAsync($"v2/models/{model}/{path}");

        JsonElement json = await PredictionApp.JsonOf(response);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((model, true), (json.GetProperty("name").GetString(), json.GetProperty("ready").GetBoolean()));
    }

    [Theory]
    [InlineData("nobody/ready"), InlineData("tensors-sums/versions/77/ready"), InlineData("tensors-sums/versions/x/ready")]
    public async Task ModelReady_OfWhatIsNotThere_Is404WithTheErrorObject(string path)
    {
        using HttpResponseMessage response = await app.Client.GetAsync(
            $"v2/models/{path.Replace("tensors-sums", app.NameOf("tensors-sums"))}"
        );

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal(["error"], (await PredictionApp.JsonOf(response)).EnumerateObject().Select(field => field.Name));
    }

    [Fact]
    public async Task ModelReady_OfAModelThatCannotBeLoaded_Is400AndFalse_AndSaysWhy()
    {
        string model = await app.ServeAsync("text-not-finite");
        using HttpResponseMessage response = await app.Client.GetAsync($"v2/models/{model}/ready");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        JsonElement json = await PredictionApp.JsonOf(response);
        Assert.False(json.GetProperty("ready").GetBoolean());
        Assert.Contains("expected finite numbers for a trial input", json.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }
}
