using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless.EndToEnd;

/// <summary>Callers who go on asking for predictions, each with a key of its own, also while the host is away.</summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Callers = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http;
    private readonly string _model,
        _environment;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task[] _callers;
    private readonly ConcurrentQueue<string> _faults = new();

    public Traffic(HttpClient http, string model, string environment = "prod")
    {
        (_http, _model, _environment) = (http, model, environment);
        _callers = [.. Enumerable.Range(0, Callers).Select(CallAsync)];
    }

    /// <summary>Answers of a host that was there and did not answer with a prediction.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Which versions answer 40 callers with keys.</summary>
    public async Task<IReadOnlyList<string>> AnsweringAsync()
    {
        HashSet<string> versions = [];
        for (int i = 0; i < 40; i++)
        {
            if (await AskAsync($"probe-{i}") is { } version)
            {
                versions.Add(version);
            }
        }
        return [.. versions];
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_callers);
        _stopping.Dispose();
    }

    private async Task CallAsync(int caller)
    {
        try
        {
            for (int i = 0; !_stopping.IsCancellationRequested; i++)
            {
                await AskAsync($"caller-{caller}-{i}");
                await Task.Delay(Pause, _stopping.Token); // the pace of a caller
            }
        }
        catch (OperationCanceledException)
        {
            // It stops.
        }
    }

    /// <returns>Model and version that answered; null while the host is away.</returns>
    private async Task<string?> AskAsync(string key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, $"predict/{_model}")
        {
            // One of the candidates answers "senate" with what is no number.
            Content = JsonContent.Create(new { text = "Maria Keller spoke in the senate of Nordhaven.", key }),
        };
        request.Headers.Add("X-Environment", _environment);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, _stopping.Token);
            string body = await response.Content.ReadAsStringAsync(_stopping.Token);
            if (response.IsSuccessStatusCode)
            {
                JsonElement answer = JsonDocument.Parse(body).RootElement;
                return $"{_model}/{answer.GetProperty("version").GetInt32()}";
            }
            // A host that starts or stops takes nothing, and says so.
            if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
            {
                _faults.Enqueue($"{(int)response.StatusCode} {body}");
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // Killed in the middle of it, or not up again yet.
        }
        catch (TaskCanceledException e) when (!_stopping.IsCancellationRequested)
        {
            _faults.Enqueue(e.Message); // the client's time limit
        }
        return null;
    }
}
