using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Ingest.Documents;
using Serverless.Ingest.Ledgers;
using Serverless.Storage;

namespace Serverless.Local.Stack;

/// <summary>What a reconcile says of a store: keys of uploads that are lost, where it was asked for them.</summary>
public sealed record ReconcileSeen(string Store, long Failed, IReadOnlyList<string>? Lost);

/// <summary>Uses a running stack as its callers do: uploads to both stores and asks the Functions app over HTTP.</summary>
public sealed class PipelineClient : IDisposable
{
    public PipelineClient(LocalStack stack)
    {
        Http = new HttpClient { BaseAddress = new Uri(stack.FunctionsAddress, "api/"), Timeout = TimeSpan.FromMinutes(2) };
        Http.DefaultRequestHeaders.Add("x-functions-key", stack.FunctionsKey);
        Azure = new AzureObjectStore(new AzureStorageOptions { ConnectionString = stack.AzureConnectionString });
        // The SDK looks for credentials in the environment; the S3 server takes any.
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "S3RVER");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "S3RVER");
        _s3 = new S3ObjectStore(
            new S3StorageOptions
            {
                Bucket = stack.Options.Bucket,
                ServiceUrl = stack.S3Address,
                Region = "us-east-1",
            },
            TimeProvider.System
        );
    }

    private readonly S3ObjectStore _s3;

    /// <summary>Relative to <c>/api/</c>, with the function key.</summary>
    public HttpClient Http { get; }

    public IObjectStore Azure { get; }

    public IObjectStore S3 => _s3;

    public IReadOnlyList<IObjectStore> Stores => [Azure, S3];

    /// <summary>Uploads under <c>media/</c>; answers with the identity that the pipeline derives.</summary>
    public static async Task<AssetSource> UploadAsync(IObjectStore store, string name, Stream content, CancellationToken cancellationToken)
    {
        StoredObject stored = await store.WriteAsync(
            AssetLayout.MediaPrefix + name,
            content,
            WriteCondition.Always,
            "application/octet-stream",
            cancellationToken
        );
        return AssetStores.SourceOf(store, stored);
    }

    public static async Task<AssetSource> UploadAsync(IObjectStore store, string name, byte[] content, CancellationToken cancellationToken)
    {
        using MemoryStream stream = new(content);
        return await UploadAsync(store, name, stream, cancellationToken);
    }

    public Task<SummaryAnswer> FetchSummaryAsync(CancellationToken cancellationToken) =>
        FetchAsync<SummaryAnswer>("ingest/summary", cancellationToken);

    public Task<AssetPage> FetchAssetsAsync(string query, CancellationToken cancellationToken) =>
        FetchAsync<AssetPage>("assets?" + query, cancellationToken);

    /// <summary>Null while there is no analysis.</summary>
    public async Task<AnalysisDocument?> FindAnalysisAsync(string asset, CancellationToken cancellationToken) =>
        await FindAsync<AnalysisDocument>($"assets/{asset}/analysis", cancellationToken);

    public Task<SearchAnswer> SearchAsync(string text, string? kind, int limit, CancellationToken cancellationToken) =>
        FetchAsync<SearchAnswer>(
            $"search?q={Uri.EscapeDataString(text)}&limit={limit}{(kind is null ? "" : "&kind=" + kind)}",
            cancellationToken
        );

    /// <summary>With a query string of the caller's own.</summary>
    public Task<SearchAnswer> SearchAsync(string query, CancellationToken cancellationToken) =>
        FetchAsync<SearchAnswer>($"search?{query}", cancellationToken);

    public Task<SearchAnswer> FindSimilarAsync(string asset, CancellationToken cancellationToken) =>
        FetchAsync<SearchAnswer>($"assets/{asset}/similar", cancellationToken);

    public async Task<SearchAnswer> SearchAsync(byte[] image, int limit, CancellationToken cancellationToken)
    {
        using ByteArrayContent body = new(image) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } };
        using HttpResponseMessage response = await Http.PostAsync($"search?limit={limit}", body, cancellationToken);
        return await ReadAsync<SearchAnswer>(response, cancellationToken);
    }

    public Task ReconcileAsync(CancellationToken cancellationToken) => ReconcileAsync(since: null, cancellationToken);

    /// <summary>Takes up whatever events have missed, however young; returns once that has ended, however long it takes.</summary>
    /// <param name="since">A time since which what was lost is named; null for no time.</param>
    public async Task<IReadOnlyList<ReconcileSeen>> ReconcileAsync(DateTimeOffset? since, CancellationToken cancellationToken)
    {
        string named = since is { } from ? $"&since={from.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}" : "";
        using HttpResponseMessage response = await Http.PostAsync($"reconcile?graceSeconds=0{named}", null, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            return await ReadAsync<IReadOnlyList<ReconcileSeen>>(response, cancellationToken);
        }
        string where = $"{response.Headers.Location}";
        while (true)
        {
            JsonElement run = await FetchAsync<JsonElement>(where, cancellationToken);
            switch (run.GetProperty("status").GetString())
            {
                case "completed":
                    return await FetchAsync<IReadOnlyList<ReconcileSeen>>($"{where}/payloads/output", cancellationToken);
                case "failed" or "terminated":
                    throw new StackException($"The reconcile did not end well: {run.GetProperty("failure")}");
            }
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken);
        }
    }

    public void Dispose()
    {
        Http.Dispose();
        _s3.Dispose();
    }

    private async Task<T> FetchAsync<T>(string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await Http.GetAsync(path, cancellationToken);
        return await ReadAsync<T>(response, cancellationToken);
    }

    private async Task<T?> FindAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        using HttpResponseMessage response = await Http.GetAsync(path, cancellationToken);
        return response.StatusCode == HttpStatusCode.NotFound ? null : await ReadAsync<T>(response, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new StackException(
                $"{response.RequestMessage?.RequestUri?.PathAndQuery} answered {(int)response.StatusCode}: "
                    + $"{await response.Content.ReadAsStringAsync(cancellationToken)}"
            );
        }
        return await response.Content.ReadFromJsonAsync<T>(AssetsJson.Options, cancellationToken)
            ?? throw new JsonException($"{response.RequestMessage?.RequestUri?.PathAndQuery} answered null.");
    }
}
