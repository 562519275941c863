using System.Net.Http.Headers;
using System.Text.Json;

namespace Serverless.Local.Stack.Models;

/// <summary>
/// Stores the golden sets of samples/golden, each named like the model of samples/models that it is for, and lets every environment judge
/// by them.
/// </summary>
/// <param name="http">Relative to <c>/api/</c>, with the function key.</param>
internal sealed class SampleGolden(HttpClient http)
{
    private const int AtOnce = 8;

    /// <summary>A model for which any environment has a set already is left alone.</summary>
    public async Task StoreAsync(
        IReadOnlyList<string> models,
        string by,
        IReadOnlyList<string> environments,
        CancellationToken cancellationToken
    )
    {
        HashSet<string> there = await FetchScopesAsync(cancellationToken);
        string[] sets =
        [
            .. Directory
                .EnumerateFiles(Checkout.SamplesGolden, "*.jsonl")
                .Where(file =>
                    Path.GetFileNameWithoutExtension(file) is var model && models.Contains(model) && !there.Contains($"models/{model}")
                ),
        ];
        if (sets.Length == 0)
        {
            return;
        }
        // Sets may only mention pictures that are there.
        await Parallel.ForEachAsync(
            Directory.EnumerateFiles(Path.Combine(Checkout.SamplesGolden, "pictures")),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (file, token) => await PostAsync("golden/media", file, "image/jpeg", by, token)
        );
        string query = $"?{string.Join('&', environments.Select(e => $"environment={e}"))}";
        await Parallel.ForEachAsync(
            sets,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (file, token) =>
                await PostAsync($"golden/models/{Path.GetFileNameWithoutExtension(file)}{query}", file, "application/jsonl", by, token)
        );
    }

    private async Task<HashSet<string>> FetchScopesAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await http.GetAsync("golden", cancellationToken);
        response.EnsureSuccessStatusCode();
        using JsonDocument found = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
        return [.. found.RootElement.GetProperty("items").EnumerateArray().Select(pointer => pointer.GetProperty("scope").GetString()!)];
    }

    private async Task PostAsync(string address, string file, string type, string by, CancellationToken cancellationToken)
    {
        using ByteArrayContent body = new(await File.ReadAllBytesAsync(file, cancellationToken))
        {
            Headers = { ContentType = new MediaTypeHeaderValue(type) },
        };
        using HttpResponseMessage response = await http.PostAsync(address, body.RequestedBy(by), cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new StackException(
                $"{Path.GetFileName(file)} was not stored ({(int)response.StatusCode}): "
                    + $"{await response.Content.ReadAsStringAsync(cancellationToken)}"
            );
        }
    }
}
