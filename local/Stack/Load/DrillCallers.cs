using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless.Local.Stack.Load;

/// <summary>
/// Asks a model for predictions, each time with another key. Over connections of its own, which a host that stops closes.
/// </summary>
public sealed class DrillCallers : IDisposable
{
    private readonly string _model;

    /// <param name="app">Whose address and key it takes.</param>
    public DrillCallers(HttpClient app, string model, TimeSpan timeout)
    {
        _model = model;
        Http = new HttpClient { BaseAddress = app.BaseAddress, Timeout = timeout };
        foreach ((string name, IEnumerable<string> values) in app.DefaultRequestHeaders)
        {
            Http.DefaultRequestHeaders.Add(name, values);
        }
    }

    public HttpClient Http { get; }

    /// <summary>The same callers of another host that takes the same key.</summary>
    public DrillCallers At(Uri host)
    {
        DrillCallers others = new(Http, _model, Http.Timeout);
        others.Http.BaseAddress = new Uri(host, "api/");
        return others;
    }

    public HttpRequestMessage Request(string key) =>
        new(HttpMethod.Post, $"predict/{_model}")
        {
            Content = JsonContent.Create(
                new { text = $"Maria Keller of the harbour office spoke in Nordhaven about the storm of last week; {key} was there.", key }
            ),
        };

    /// <returns>The version that answered; null where none did.</returns>
    public async Task<int?> AskAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            using HttpRequestMessage request = Request(key);
            using HttpResponseMessage response = await Http.SendAsync(request, cancellationToken);
            return response.IsSuccessStatusCode
                ? (await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("version").GetInt32()
                : null;
        }
        catch (HttpRequestException)
        {
            return null; // the host is away
        }
    }

    public void Dispose() => Http.Dispose();
}
