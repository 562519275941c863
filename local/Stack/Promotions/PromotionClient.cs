using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Serverless.Local.Stack.Promotions;

/// <param name="Plan">JSON; null for the environment's own.</param>
public sealed record PromotionAsked(
    string Model,
    int Version,
    string? From,
    string To,
    string By,
    string? Plan = null,
    bool Queue = false,
    string? Key = null
);

// What the Functions app answers, as far as a caller reads it.

public sealed record PromotionSeen(
    string Id,
    string Stage,
    string? Verdict,
    string? Reason,
    int? Before,
    IReadOnlyList<StepSeen> Steps,
    string Status
);

public sealed record StepSeen(string Name, string State, DateTimeOffset? Started, DateTimeOffset? Ended, string? Detail);

/// <summary>Asks a Functions app for promotions, over HTTP, and outlasts its restarts once it has answered.</summary>
/// <param name="http">Relative to <c>/api/</c>, with the function key.</param>
public sealed class PromotionClient(HttpClient http, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private bool _hasAnswered;

    /// <exception cref="StackException">The app refuses, or stays away.</exception>
    public Task<PromotionSeen> StartAsync(PromotionAsked asked, CancellationToken cancellationToken)
    {
        // The key lets a repeated request, whose first answer was lost, find the same promotion.
        string key = asked.Key ?? $"{asked.By}-{time.GetUtcNow().UtcTicks}";
        JsonNode? plan = ParsePlan(asked.Plan);
        return AskAsync(
            () =>
            {
                HttpRequestMessage request = new(HttpMethod.Post, "promotions")
                {
                    Content = JsonContent.Create(
                        new
                        {
                            asked.Model,
                            asked.Version,
                            asked.From,
                            asked.To,
                            plan,
                            asked.Queue,
                        },
                        options: JsonSerializerOptions.Web
                    ),
                };
                request.RequestedBy(asked.By);
                request.Headers.Add("Idempotency-Key", Uri.EscapeDataString(key));
                return request;
            },
            cancellationToken
        );
    }

    public Task<PromotionSeen> FetchAsync(string id, CancellationToken cancellationToken) =>
        AskAsync(() => new HttpRequestMessage(HttpMethod.Get, $"promotions/{id}"), cancellationToken);

    public Task<PromotionSeen> DecideAsync(string id, string by, bool approve, string? reason, CancellationToken cancellationToken) =>
        AskAsync(
            () =>
            {
                HttpRequestMessage request = new(HttpMethod.Post, $"promotions/{id}/decision")
                {
                    Content = JsonContent.Create(new { approve, reason }),
                };
                return request.RequestedBy(by);
            },
            cancellationToken
        );

    public Task<PromotionSeen> CancelAsync(string id, string by, CancellationToken cancellationToken) =>
        AskAsync(
            () =>
            {
                HttpRequestMessage request = new(HttpMethod.Post, $"promotions/{id}/cancel");
                return request.RequestedBy(by);
            },
            cancellationToken
        );

    private async Task<PromotionSeen> AskAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            try
            {
                using HttpRequestMessage request = make();
                using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);
                _hasAnswered = true;
                bool isAway = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway;
                if (!isAway || time.GetElapsedTime(started) > Patience)
                {
                    return await ReadAsync(response, cancellationToken);
                }
            }
            catch (HttpRequestException e) when (!_hasAnswered || time.GetElapsedTime(started) > Patience)
            {
                throw new StackException(
                    $"The Functions app at {http.BaseAddress} cannot be asked ({e.InnerException?.Message ?? e.Message}). Start "
                        + $"it first: make run"
                );
            }
            catch (HttpRequestException)
            {
                // It restarts, perhaps.
            }
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken);
        }
    }

    private static async Task<PromotionSeen> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<PromotionSeen>(body, JsonSerializerOptions.Web)!
            : throw new StackException(await Refusal.ReadAsync(response, cancellationToken));
    }

    private static JsonNode? ParsePlan(string? plan)
    {
        try
        {
            return string.IsNullOrEmpty(plan) ? null : JsonNode.Parse(plan);
        }
        catch (JsonException e)
        {
            throw new StackException($"--plan is no JSON: {e.Message}");
        }
    }
}
