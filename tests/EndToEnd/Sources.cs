using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serverless.Ingest.Sources;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>What the tests of sources ask of a running system.</summary>
internal static class Sources
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task PutAsync(IObjectStore store, string prefix, int from, int count, string extension = ".txt")
    {
        for (int i = from; i < from + count; i++)
        {
            using MemoryStream body = new(
                Encoding.UTF8.GetBytes($"Report {i} of {prefix}: the ferry to Quillhaven was late by {i} hours.")
            );
            await store.WriteAsync($"{prefix}{i}{extension}", body, WriteCondition.Always, "text/plain", Cancellation);
        }
    }

    public static async Task<int> CountAnalysesAsync(IObjectStore store) =>
        await store.ListAsync("analyses/", Cancellation).CountAsync(one => one.Path.EndsWith("/analysis.json"), Cancellation);

    public static int? Of(JsonElement sync, string count) =>
        sync.GetProperty("counts").TryGetProperty(count, out JsonElement found) ? found.GetInt32() : null;

    public static Task<JsonElement> ShowAsync(PipelineClient client, string source) => FetchAsync(client, $"sources/{source}");

    public static async Task<JsonElement> StageAsync(PipelineClient client, string source, string stage)
    {
        JsonElement[] found = await Eventually.HoldsAsync(
            async () =>
            {
                JsonElement sync = (await ShowAsync(client, source)).GetProperty("sync");
                return sync.GetProperty("stage").GetString() == stage ? new[] { sync } : null;
            },
            $"a sync of {source} that is {stage}",
            Limit,
            Cancellation
        );
        return found[0];
    }

    public static Task<object> CountsAsync(PipelineClient client, string source, SourceCounts expected) =>
        Eventually.HoldsAsync<object>(
            async () =>
                StoredJson.Read<SourceCounts>(new BinaryData((await ShowAsync(client, source)).GetProperty("counts").GetRawText()))
                == expected
                    ? client
                    : null,
            $"counts of {source} that are {expected}",
            Limit,
            Cancellation
        );

    public static async Task<JsonElement> FetchAsync(PipelineClient client, string path)
    {
        using HttpResponseMessage response = await client.Http.GetAsync(path, Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.IsSuccessStatusCode, $"{path} answered {response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public static async Task<JsonElement> SendAsync(
        PipelineClient client,
        HttpMethod method,
        string path,
        HttpStatusCode expected,
        object? body = null
    )
    {
        using HttpRequestMessage request = new(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Requested-By", "Ana");
        using HttpResponseMessage response = await client.Http.SendAsync(request, Cancellation);
        string text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == expected, $"{method} {path} answered {response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
