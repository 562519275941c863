using System.Net.Http.Json;
using System.Text.Json;

namespace Serverless.Local.Stack.Releases;

/// <summary>
/// Brings back what an app may change while it runs: aliases, to what served when the document was recorded, and the rules of alerts. The
/// program, host.json, settings and plans come with a deployment.
/// </summary>
/// <param name="http">Relative to <c>/api/</c>, with the function key.</param>
internal sealed class ReleaseRestore(HttpClient http, string by)
{
    /// <returns>A line about each thing that was brought back.</returns>
    /// <exception cref="StackException">The app refuses one; those before it are done.</exception>
    public async Task<IReadOnlyList<string>> RunAsync(ReleaseDocument recorded, ReleaseDocument now, CancellationToken cancellationToken)
    {
        List<string> done = [];
        string why = $"the release recorded at {recorded.At:u}";
        foreach ((string model, int version) in recorded.Aliases.Where(alias => now.Aliases.GetValueOrDefault(alias.Key) != alias.Value))
        {
            using HttpContent body = JsonContent.Create(
                new
                {
                    environment = now.Environment,
                    at = recorded.At,
                    why,
                }
            );
            using HttpResponseMessage response = await http.PostAsync($"models/{model}/restore", body.RequestedBy(by), cancellationToken);
            int restored = (await ReadAsync(response, cancellationToken)).GetProperty("version").GetInt32();
            done.Add(
                restored == version
                    ? $"{model} serves version {version} again."
                    : $"{model} serves version {restored}, as it did then; the document says {version}."
            );
        }
        if (recorded.AlertRules.ToJsonString() != now.AlertRules.ToJsonString())
        {
            using HttpRequestMessage request = new(HttpMethod.Put, "alerts/rules")
            {
                Content = JsonContent.Create(new { rules = recorded.AlertRules, reason = why }),
            };
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            using HttpResponseMessage response = await http.SendAsync(request.RequestedBy(by), cancellationToken);
            await ReadAsync(response, cancellationToken);
            done.Add("The rules of alerts are as they were.");
        }
        return done;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(body)
            : throw new StackException($"{response.RequestMessage?.RequestUri?.PathAndQuery} answered {(int)response.StatusCode}: {body}");
    }
}
