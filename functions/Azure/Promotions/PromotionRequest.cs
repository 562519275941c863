using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Serverless.Functions.Azure.Http;
using Serverless.Orchestrations.Promotion;
using Serverless.Serving.Objectives;

namespace Serverless.Functions.Azure.Promotions;

/// <summary>A body of <c>POST /api/promotions</c>.</summary>
/// <param name="From">The environment in which the version serves now; empty for one that comes from outside.</param>
/// <param name="Plan">Members that replace those of the environment's plan.</param>
/// <param name="Queue">Wait behind another promotion instead of being refused.</param>
internal sealed record PromotionRequest(
    [Required] string? Model,
    [Required] int? Version,
    string? From,
    [Required] string? To,
    JsonElement? Plan,
    bool Queue = false
)
{
    public const string KeyHeader = "Idempotency-Key";

    private const int MaxCharacters = 128;
    private const string OfAnotherDeployment = " Leave it out for a version that another deployment published.";

    public PromotionInput ToInput(
        HttpRequest request,
        PromotionPlans plans,
        ObjectiveOptions objectives,
        IEnumerable<string> environments,
        DateTimeOffset now
    )
    {
        string model = Given("model", Model);
        string to = OneOf("to", Given("to", To), environments);
        string? from = string.IsNullOrEmpty(From) ? null : OneOf("from", From, environments, OfAnotherDeployment);
        if (from == to)
        {
            throw RequestProblem.BadRequest($"from and to are both '{to}'; they must differ.");
        }
        if (Version is not >= 1)
        {
            throw RequestProblem.BadRequest($"version is {Version?.ToString() ?? "missing"}; allowed is 1 or more.");
        }
        return new PromotionInput(
            model,
            Version.Value,
            from,
            to,
            request.ReadRequester(),
            PlanFor(plans, objectives, model, to, Plan),
            Queue,
            now,
            PromotionInput.NewestOrder,
            request.ReadRequesterId()
        );
    }

    /// <summary>The caller's key, or one made of who asks for what and when.</summary>
    public static string ReadKey(HttpRequest request, PromotionInput input)
    {
        string? key = request.Headers[KeyHeader];
        if (string.IsNullOrEmpty(key))
        {
            return $"{input.RequestedBy}\n{input.Version}\n{input.RequestedAt.UtcTicks}";
        }
        return key.Length <= MaxCharacters
            ? $"key\n{key}"
            : throw RequestProblem.BadRequest($"The header {KeyHeader} has {key.Length} characters; allowed are 1 to {MaxCharacters}.");
    }

    /// <param name="plan">Members that replace those of the environment's plan.</param>
    public static PromotionPlan PlanFor(
        PromotionPlans plans,
        ObjectiveOptions objectives,
        string model,
        string environment,
        JsonElement? plan
    )
    {
        try
        {
            return plans.Of(objectives, model, environment, plan);
        }
        catch (PlanException e)
        {
            throw RequestProblem.BadRequest(e.Message);
        }
    }

    private static string Given(string name, string? value) =>
        string.IsNullOrEmpty(value) ? throw RequestProblem.BadRequest($"{name} is missing.") : value;

    private static string OneOf(string name, string value, IEnumerable<string> allowed, string hint = "") =>
        allowed.Contains(value)
            ? value
            : throw RequestProblem.BadRequest($"{name} is '{value}'; allowed are {string.Join(", ", allowed)}.{hint}");
}

/// <summary>A body of <c>POST /api/promotions/{id}/decision</c>.</summary>
internal sealed record DecisionRequest([Required] bool? Approve, string? Reason);
