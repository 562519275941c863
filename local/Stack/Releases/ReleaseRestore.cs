using System.Globalization;
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
    /// <param name="tell">Told a line about each thing when it is brought back.</param>
    /// <exception cref="StackException">
    /// The document says what never served, and nothing is changed; or the app refuses one, and those that were told of are done.
    /// </exception>
    public async Task RunAsync(ReleaseDocument recorded, ReleaseDocument now, Action<string> tell, CancellationToken cancellationToken)
    {
        string why = $"the release recorded at {recorded.At:u}";
        (string Model, int Version)[] moved =
        [
            .. recorded
                .Aliases.Where(alias => now.Aliases.GetValueOrDefault(alias.Key) != alias.Value)
                .Select(alias => (alias.Key, alias.Value)),
        ];
        foreach ((string model, int version) in moved)
        {
            await CheckAsync(model, version, now.Environment, recorded.At, cancellationToken);
        }
        foreach ((string model, int version) in moved)
        {
            using HttpContent body = JsonContent.Create(
                new
                {
                    environment = now.Environment,
                    at = recorded.At,
                    why,
                }
            );
            using HttpResponseMessage response = await http.PostAsync(
                $"models/{Uri.EscapeDataString(model)}/restore",
                body.RequestedBy(by),
                cancellationToken
            );
            await ReadAsync(response, cancellationToken);
            tell($"{model} serves version {version} again.");
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
            tell("The rules of alerts are as they were.");
        }
    }

    /// <summary>A document that was edited, or is another app's, would move aliases to what it does not say.</summary>
    private async Task CheckAsync(string model, int version, string environment, DateTimeOffset at, CancellationToken cancellationToken)
    {
        string time = Uri.EscapeDataString(at.ToString("O", CultureInfo.InvariantCulture));
        using HttpResponseMessage response = await http.GetAsync(
            $"models/{Uri.EscapeDataString(model)}/history?environment={Uri.EscapeDataString(environment)}&at={time}",
            cancellationToken
        );
        int? served = (await ReadAsync(response, cancellationToken)).GetProperty("version") is { ValueKind: JsonValueKind.Number } found
            ? found.GetInt32()
            : null;
        if (served != version)
        {
            throw new StackException(
                $"The document says that {model} served version {version} in {environment} at {at:u}; the app's history says "
                    + $"{served?.ToString(CultureInfo.InvariantCulture) ?? "none"}. "
                    + "It was edited, or is another app's. Nothing was changed.",
                2
            );
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(body)
            : throw new StackException(await Refusal.ReadAsync(response, cancellationToken));
    }
}
