using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Webhooks;

namespace Serverless.Functions.Azure.Webhooks;

/// <summary>Who is told of what.</summary>
public sealed class SubscriptionsFunction(WebhookStore store, AddressPolicy policy, WebhookOptions options, TimeProvider time)
{
    private const int SecretBytes = 32;
    private const double StandardGraceHours = 24;
    private const double MaxGraceHours = 168;
    private const int MaxUrlCharacters = 2_000;

    /// <summary>The secret that signs what is sent is in this answer and nowhere else.</summary>
    [Function("Subscribe")]
    public async Task<IResult> SubscribeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/webhooks")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        SubscribeRequest wanted = await request.ReadJsonAsync<SubscribeRequest>(cancellationToken);
        Uri url = wanted.Url ?? throw RequestProblem.BadRequest("url is missing.");
        if (url.OriginalString.Length > MaxUrlCharacters)
        {
            throw RequestProblem.BadRequest($"url has {url.OriginalString.Length} characters; allowed are {MaxUrlCharacters}.");
        }
        if (policy.Fault(url) is { } fault)
        {
            throw RequestProblem.BadRequest(fault);
        }
        IReadOnlyList<string> events = ReadEvents(wanted.Events ?? ["*"]);
        string secret = ReadSecret(wanted.Secret);
        string by = request.ReadRequester();
        if ((await store.ListAsync(cancellationToken)).Items.Count >= options.MaxSubscriptions)
        {
            throw RequestProblem.Conflict(
                $"There are {options.MaxSubscriptions} subscriptions, which is the most allowed (Webhooks:MaxSubscriptions)."
            );
        }

        string id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        WebhookSubscription subscription = new(id, url, events, secret, by, time.GetUtcNow());
        await store.AddAsync(subscription, cancellationToken);
        request.HttpContext.Response.Headers.Location = $"{request.Path}/{id}";
        return Answers.Json(SubscriptionAnswer.Of(subscription, withSecret: true), StatusCodes.Status201Created);
    }

    /// <summary>Another secret; what is sent is signed with both for a while, so that a receiver may change when it suits.</summary>
    [Function("RotateSecret")]
    public async Task<IResult> RotateAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "api/webhooks/{id}/secret")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    )
    {
        RotateRequest wanted = await request.ReadJsonAsync<RotateRequest>(cancellationToken);
        double hours = wanted.GraceHours ?? StandardGraceHours;
        if (!(hours >= 0 && hours <= MaxGraceHours))
        {
            throw RequestProblem.BadRequest($"graceHours is {hours}; allowed are 0 to {MaxGraceHours}.");
        }
        string secret = ReadSecret(wanted.Secret);
        return
            await store.ChangeAsync(id, before => before.WithSecret(secret, time.GetUtcNow().AddHours(hours)), time, cancellationToken)
                is { } subscription
            ? Answers.Json(SubscriptionAnswer.Of(subscription, withSecret: true))
            : throw RequestProblem.NotFound($"There is no subscription '{id}'.");
    }

    [Function("ListSubscriptions")]
    public async Task<IResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/webhooks")] HttpRequest request,
        CancellationToken cancellationToken
    ) => Answers.Json(Answers.ListOf(await store.ListAsync(cancellationToken), one => SubscriptionAnswer.Of(one)));

    [Function("Unsubscribe")]
    public async Task<IResult> UnsubscribeAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "api/webhooks/{id}")] HttpRequest request,
        string id,
        CancellationToken cancellationToken
    ) =>
        await store.RemoveAsync(id, cancellationToken)
            ? Results.NoContent()
            : throw RequestProblem.NotFound($"There is no subscription '{id}'.");

    private static IReadOnlyList<string> ReadEvents(IReadOnlyList<string> events)
    {
        if (events.Count is 0 or > 20)
        {
            throw RequestProblem.BadRequest($"events has {events.Count} types; allowed are 1 to 20.");
        }
        foreach (string wanted in events)
        {
            bool known = wanted.EndsWith('*')
                ? WebhookEvent.Types.Any(type => type.StartsWith(wanted[..^1], StringComparison.Ordinal))
                : WebhookEvent.Types.Contains(wanted);
            if (!known)
            {
                throw RequestProblem.BadRequest(
                    $"events names '{wanted}'; allowed are {string.Join(", ", WebhookEvent.Types)}, and beginnings of them followed by '*'."
                );
            }
        }
        return events;
    }

    private string ReadSecret(string? secret)
    {
        if (string.IsNullOrEmpty(secret))
        {
            return Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));
        }
        try
        {
            _ = new WebhookSignature(secret, time);
            return secret;
        }
        catch (ArgumentException)
        {
            throw RequestProblem.BadRequest("secret must be the base64 of at least 24 bytes; leave it out to be given one.");
        }
    }
}
