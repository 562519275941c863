using System.Net.Http.Json;
using System.Text.Json;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Local.Stack.Models;

/// <summary>Asks a running Functions app for its registry, over HTTP.</summary>
/// <param name="http">Relative to <c>/api/</c>, with the function key.</param>
internal sealed class ModelClient(HttpClient http)
{
    /// <returns>Whether it is a new version; the same package registers once.</returns>
    public async Task<(ModelManifest Manifest, bool IsNew)> RegisterAsync(
        string name,
        string from,
        ModelFacts facts,
        CancellationToken cancellationToken
    )
    {
        string source = PackageUpload.IsNeeded(from) ? await new PackageUpload(http).RunAsync(name, from, facts, cancellationToken) : from;
        using HttpContent content = ModelSource.Open(source, facts);
        using HttpResponseMessage response = await http.PostAsync(
            $"models/{Uri.EscapeDataString(name)}/versions{facts.Query()}",
            content.RequestedBy(facts.By),
            cancellationToken
        );
        return (await ReadAsync<ModelManifest>(response, cancellationToken), response.StatusCode == System.Net.HttpStatusCode.Created);
    }

    /// <summary>The version by environment, of each model; at most the 200 that a page holds.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>>> FetchServingAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await http.GetAsync("models?limit=200", cancellationToken);
        return (await ReadAsync<ModelPage>(response, cancellationToken)).Items.ToDictionary(m => m.Name, m => m.Serving);
    }

    public async Task<bool> HasHistoryAsync(string name, string environment, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await http.GetAsync(
            $"models/{name}/history?environment={environment}&limit=1",
            cancellationToken
        );
        return (await ReadAsync<HistoryPage>(response, cancellationToken)).Items.Count > 0;
    }

    /// <summary>
    /// Where nothing serves yet. False where the environment does not take it so, for instance since it demands a signature.
    /// </summary>
    public async Task<bool> ServeFirstAsync(
        string name,
        string environment,
        int version,
        string by,
        string why,
        CancellationToken cancellationToken
    )
    {
        using HttpContent body = JsonContent.Create(new { version, why });
        using HttpResponseMessage response = await http.PutAsync(
            $"models/{name}/aliases/{environment}",
            body.RequestedBy(by),
            cancellationToken
        );
        if (response.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            return false;
        }
        await ReadAsync<ModelAlias>(response, cancellationToken);
        return true;
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        BinaryData body = new(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return response.IsSuccessStatusCode
            ? StoredJson.Read<T>(body)
            : throw new StackException(await Refusal.ReadAsync(response, cancellationToken));
    }

    private sealed record ModelPage(IReadOnlyList<ModelItem> Items);

    private sealed record ModelItem(string Name, IReadOnlyDictionary<string, int> Serving);

    private sealed record HistoryPage(IReadOnlyList<JsonElement> Items);
}
