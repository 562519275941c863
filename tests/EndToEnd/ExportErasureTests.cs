using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Whoever erases an upload takes along its exports and its items in golden sets; what is left says so.</summary>
public sealed class ExportErasureTests(SharedStack shared)
{
    private const string Name = "erased-upload";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Fact]
    public async Task Erasure_ReachesExportsAndGoldenSets_AndTheLineageStillTells()
    {
        DateTimeOffset from = DateTimeOffset.UtcNow.AddMinutes(-1);
        AssetSource source = await Settle("exported/erased.txt", "The mayor of Exportheim opened a bridge to the harbour.");
        string version = await Eventually.HoldsAsync(() => ExportAsync(from, source), "an export with it", Limit, Cancellation);

        JsonElement before = await Http.GetFromJsonAsync<JsonElement>($"assets/{source.AssetId}/lineage", Cancellation);
        Assert.Contains(
            "entities/1",
            before.GetProperty("analysedBy").EnumerateArray().Select(one => $"{one.GetProperty("model")}/{one.GetProperty("version")}")
        );

        string golden = await StoreGoldenAsync(source);

        using HttpRequestMessage erase = new(HttpMethod.Delete, $"assets/{source.AssetId}");
        erase.Headers.Add("X-Requested-By", "tests");
        using HttpResponseMessage erased = await Http.SendAsync(erase, Cancellation);
        JsonElement record = await erased.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

        Assert.True(erased.IsSuccessStatusCode, record.GetRawText());
        Assert.Contains($"{Name}/{version}", record.GetProperty("exports").EnumerateArray().Select(one => one.GetString()));
        Assert.Equal([$"models/{Name}/{golden}"], record.GetProperty("goldenSets").EnumerateArray().Select(one => one.GetString()));
        using HttpResponseMessage set = await Http.GetAsync($"golden/models/{Name}/{golden}", Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, set.StatusCode);
        using HttpResponseMessage data = await Http.GetAsync($"exports/{Name}/{version}/data", Cancellation);
        Assert.Equal(HttpStatusCode.Gone, data.StatusCode);
        Assert.Contains(source.AssetId, await data.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        JsonElement use = await Http.GetFromJsonAsync<JsonElement>($"assets/{source.AssetId}/lineage", Cancellation);
        JsonElement export = Assert.Single(use.GetProperty("exports").EnumerateArray(), one => one.GetProperty("name").GetString() == Name);
        Assert.True(export.TryGetProperty("removed", out _));
        Assert.Empty(use.GetProperty("analysedBy").EnumerateArray());
    }

    /// <summary>A golden set with an item of the upload, as people store what was drawn; answers its digest.</summary>
    private async Task<string> StoreGoldenAsync(AssetSource source)
    {
        string item = JsonSerializer.Serialize(
            new
            {
                id = "1",
                text = "The mayor of Exportheim",
                label = "politics",
                asset = source.AssetId,
            }
        );
        using StringContent lines = new(item, Encoding.UTF8, "application/jsonl");
        using HttpResponseMessage stored = await Http.PostAsync(
            $"golden/models/{Name}?task=textClassification&environment=dev",
            lines.RequestedBy("tests"),
            Cancellation
        );
        JsonElement answer = await stored.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.True(stored.IsSuccessStatusCode, answer.GetRawText());
        return answer.GetProperty("set").GetProperty("digest").GetString()!;
    }

    private async Task<AssetSource> Settle(string key, string text)
    {
        AssetSource source = await PipelineClient.UploadAsync(shared.Client.Stores[0], key, Encoding.UTF8.GetBytes(text), Cancellation);
        await Settled.AnalysisAsync(shared.Client, source, Cancellation);
        return source;
    }

    /// <summary>The version of the export; null while what was captured of the upload is not in it.</summary>
    private async Task<string?> ExportAsync(DateTimeOffset from, AssetSource source)
    {
        JsonContent body = JsonContent.Create(
            new
            {
                model = "entities",
                environment = "prod",
                name = Name,
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
