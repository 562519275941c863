using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Whoever erases an upload takes the exports along that have rows of it; what is left says so.</summary>
public sealed class ExportErasureTests(SharedStack shared)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Fact]
    public async Task Erasure_ReachesExports_AndTheLineageStillTells()
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddMinutes(-1);
        AssetSource source = await Settle("exported/erased.txt", "The mayor of Exportheim opened a bridge to the harbour.");
        const string name = "erased-upload";
        string version = await Eventually.HoldsAsync(() => ExportAsync(name, from, source), "an export with it", Limit, Cancellation);

        JsonElement before = await Http.GetFromJsonAsync<JsonElement>($"assets/{source.AssetId}/lineage", Cancellation);
        Assert.Contains(
            "entities/1",
            before.GetProperty("analysedBy").EnumerateArray().Select(one => $"{one.GetProperty("model")}/{one.GetProperty("version")}")
        );

        using HttpRequestMessage erase = new(HttpMethod.Delete, $"assets/{source.AssetId}");
        erase.Headers.Add("X-Requested-By", "tests");
        using HttpResponseMessage erased = await Http.SendAsync(erase, Cancellation);
        JsonElement record = await erased.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

        Assert.True(erased.IsSuccessStatusCode, record.GetRawText());
        Assert.Contains($"{name}/{version}", record.GetProperty("exports").EnumerateArray().Select(one => one.GetString()));
        using HttpResponseMessage data = await Http.GetAsync($"exports/{name}/{version}/data", Cancellation);
        Assert.Equal(HttpStatusCode.Gone, data.StatusCode);
        Assert.Contains(source.AssetId, await data.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        JsonElement use = await Http.GetFromJsonAsync<JsonElement>($"assets/{source.AssetId}/lineage", Cancellation);
        JsonElement export = Assert.Single(use.GetProperty("exports").EnumerateArray(), one => one.GetProperty("name").GetString() == name);
        Assert.True(export.TryGetProperty("removed", out _));
        Assert.Empty(use.GetProperty("analysedBy").EnumerateArray());
    }

    private async Task<AssetSource> Settle(string key, string text)
    {
        AssetSource source = await PipelineClient.UploadAsync(shared.Client.Stores[0], key, Encoding.UTF8.GetBytes(text), Cancellation);
        await Settled.AnalysisAsync(shared.Client, source, Cancellation);
        return source;
    }

    /// <summary>The version of the export; null while what was captured of the upload is not in it.</summary>
    private async Task<string?> ExportAsync(string name, DateTimeOffset from, AssetSource source)
    {
        JsonContent body = JsonContent.Create(
            new
            {
                model = "entities",
                environment = "prod",
                name,
                from,
                until = DateTimeOffset.UtcNow,
                filters = new { source = "upload" },
            }
        );
        using HttpResponseMessage started = await Http.PostAsync("exports", body.RequestedBy("tests"), Cancellation);
        JsonElement answer = await started.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(started.StatusCode == HttpStatusCode.Accepted, answer.GetRawText());
        string run = answer.GetProperty("id").GetString()!;
        string version = await Eventually.HoldsAsync(
            async () =>
                await Http.GetFromJsonAsync<JsonElement>($"exports/runs/{run}", Cancellation) is var status
                && status.GetProperty("stage").GetString() == "completed"
                    ? status.GetProperty("version").GetString()
                    : null,
            $"the end of {run}",
            Limit,
            Cancellation
        );
        JsonElement use = await Http.GetFromJsonAsync<JsonElement>($"assets/{source.AssetId}/lineage", Cancellation);
        return use.GetProperty("exports").GetArrayLength() > 0 ? version : null;
    }
}
