using System.Net;
using System.Text;
using System.Text.Json;
using Serverless.Registry;
using Serverless.Storage;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Predictions.OpenInference.Conformance;

/// <summary>Triton's model repository extension, docs/protocol/extension_model_repository.md.</summary>
[Collection(nameof(PredictionApp))]
public sealed class ModelRepositoryExtensionTests(PredictionApp app)
{
    /// <summary>Triton's own clients send no body at all.</summary>
    [Theory]
    [InlineData(""), InlineData("{}"), InlineData("null"), InlineData("""{"ready":false}""")]
    public async Task Index_ListsWhatTheAliasesName_WithStateAndReason(string body)
    {
        string loaded = app.NameOf("tensors-sums"),
            unloaded = await app.ServeAsync("tensors-sums", app.NameOf($"idle{body.Length}")),
            broken = await app.ServeAsync("text-not-finite", app.NameOf($"broken{body.Length}"));
        (await app.Client.GetAsync($"v2/models/{loaded}/ready")).Dispose();
        (await app.Client.GetAsync($"v2/models/{broken}/ready")).Dispose();

        using HttpResponseMessage response = await app.PostAsync("v2/repository/index", body);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        JsonElement[] entries = [.. (await PredictionApp.JsonOf(response)).EnumerateArray()];
        Assert.Equal(("1", "READY", ""), Entry(entries, loaded));
        Assert.Equal(
            ("1", "UNAVAILABLE", "The alias of prod names it; this process loads it for its first request."),
            Entry(entries, unloaded)
        );
        (_, string state, string reason) = Entry(entries, broken);
        Assert.Equal("UNAVAILABLE", state);
        Assert.Contains("finite", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Index_OfWhatIsReady_HasNothingElse()
    {
        string loaded = app.NameOf("tensors-sums");
        (await app.Client.GetAsync($"v2/models/{loaded}/ready")).Dispose();
        string unloaded = await app.ServeAsync("tensors-sums", app.NameOf("idle-too"));

        using HttpResponseMessage response = await app.PostAsync("v2/repository/index", """{"ready":true}""");

        JsonElement[] entries = [.. (await PredictionApp.JsonOf(response)).EnumerateArray()];
        Assert.All(entries, entry => Assert.Equal("READY", entry.GetProperty("state").GetString()));
        Assert.Contains(entries, entry => entry.GetProperty("name").GetString() == loaded);
        Assert.DoesNotContain(entries, entry => entry.GetProperty("name").GetString() == unloaded);
    }

    [Fact]
    public async Task Index_WithAnAliasThatWasEdited_NamesItsFault_AndHidesNoOther()
    {
        string edited = await app.ServeAsync("tensors-sums", app.NameOf("edited"));
        IObjectStore store = app.Get<IEnumerable<IObjectStore>>().First();
        string path = RegistryLayout.Alias("prod", edited),
            alias = (await store.ReadAsync(path, 1 << 20, TestContext.Current.CancellationToken))!.Data.ToString();
        using MemoryStream changed = new(Encoding.UTF8.GetBytes(alias.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal)));
        await store.WriteAsync(path, changed, WriteCondition.Always, "application/json", TestContext.Current.CancellationToken);

        using HttpResponseMessage response = await app.PostAsync("v2/repository/index", "{}");

        JsonElement[] entries = [.. (await PredictionApp.JsonOf(response)).EnumerateArray()];
        (string? version, string? state, string? reason) = Entry(entries, edited);
        Assert.Equal(("", "UNAVAILABLE"), (version, state));
        Assert.False(string.IsNullOrEmpty(reason));
        Assert.Equal("1", Entry(entries, app.NameOf("tensors-sums")).Item1);
    }

    [Fact]
    public async Task Index_OfAnotherEnvironment_HasNotWhatServesInThisOne()
    {
        using HttpResponseMessage response = await app.PostAsync("v2/repository/index", "{}", ("X-Environment", "dev"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.DoesNotContain((await PredictionApp.JsonOf(response)).EnumerateArray(), entry =>
            entry.GetProperty("name").GetString() == app.NameOf("tensors-sums")
        );
    }

    [Theory]
    [InlineData("""{"ready":"yes"}"""), InlineData("""{"reddy":true}"""), InlineData("[]")]
    public async Task Index_OfABodyThatIsNone_Is400(string body)
    {
        using HttpResponseMessage response = await app.PostAsync("v2/repository/index", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty((await PredictionApp.JsonOf(response)).GetProperty("error").GetString()!);
    }

    [Theory]
    [InlineData("load"), InlineData("unload")]
    public async Task LoadAndUnload_AreRefused_AndSayWhatDecides(string verb)
    {
        string model = app.NameOf("tensors-sums");
        using HttpResponseMessage response = await app.PostAsync($"v2/repository/models/{model}/{verb}", "");

        JsonProperty error = Assert.Single((await PredictionApp.JsonOf(response)).EnumerateObject());
        Assert.Equal((HttpStatusCode.NotImplemented, "error"), (response.StatusCode, error.Name));
        Assert.StartsWith($"Model '{model}' cannot be {verb}ed by request: the aliases", error.Value.GetString(), StringComparison.Ordinal);
    }

    private static (string? Version, string State, string Reason) Entry(JsonElement[] entries, string name)
    {
        JsonElement entry = entries.Single(entry => entry.GetProperty("name").GetString() == name);
        return (
            entry.GetProperty("version").GetString(),
            entry.GetProperty("state").GetString()!,
            entry.GetProperty("reason").GetString()!
        );
    }
}
