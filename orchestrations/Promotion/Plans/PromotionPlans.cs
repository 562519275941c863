using System.Text.Json;
using System.Text.Json.Nodes;
using Serverless.Rollout.Guards;
using Serverless.Serving.Objectives;
using Serverless.Storage;

namespace Serverless.Orchestrations.Promotion;

/// <summary>Each environment's plan, and what a request makes of it. Immutable.</summary>
public sealed class PromotionPlans
{
    private const string Place = "plan";
    private const string Approval = "approval";

    private readonly IReadOnlyDictionary<string, PromotionPlan> _plans;

    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public PromotionPlans(PromotionOptions options)
    {
        List<string> problems = [.. OptionsCheck.Find(("Promotion", options))];
        Dictionary<string, PromotionPlan> plans = [];
        foreach (string environment in options.Plans.Keys.Concat(PromotionDefaults.Environments).Distinct())
        {
            try
            {
                plans[environment] = Merge(PromotionDefaults.Of(environment), options.Plans.GetValueOrDefault(environment));
                problems.AddRange(plans[environment].Problems().Select(problem => $"Promotion:Plans:{environment}: {problem}"));
            }
            catch (JsonException e)
            {
                problems.Add($"Promotion:Plans:{environment} is no plan. {JsonFault.Describe(e)}");
            }
        }
        if (problems.Count > 0)
        {
            throw new ArgumentException($"Promotions are configured wrongly. {string.Join(' ', problems)}", nameof(options));
        }
        _plans = plans;
    }

    public PromotionPlan this[string environment] => _plans.GetValueOrDefault(environment) ?? PromotionDefaults.Of(environment);

    /// <summary>The environment's plan with the members that the request names in place of its own, where these are no laxer.</summary>
    /// <exception cref="PlanException">What is asked for is no plan, or laxer than the environment's.</exception>
    public PromotionPlan With(string environment, JsonElement? request)
    {
        PromotionPlan plan = this[environment];
        if (request is not { ValueKind: not (JsonValueKind.Null or JsonValueKind.Undefined) } changes)
        {
            return plan;
        }
        // Members are read in any case, so that "Approval" names it as well.
        if (changes.ValueKind == JsonValueKind.Object && changes.EnumerateObject().Any(member => IsApproval(member.Name)))
        {
            throw new PlanException("plan.approval is set by the configuration of the environment (Promotion:Plans), not by a request.");
        }
        try
        {
            PromotionPlan wanted = KeepSight(Merge(plan, changes.GetRawText()) with { Approval = plan.Approval }, plan);
            if (wanted.Problems().ToList() is { Count: > 0 } problems)
            {
                throw new PlanException($"The plan is wrong. {Sentences(problems)}");
            }
            return PlanStrictness.Problems(wanted, plan).ToList() is { Count: > 0 } laxer
                ? throw new PlanException($"A request can only be stricter than the plan of {environment}. {Sentences(laxer)}")
                : wanted;
        }
        catch (JsonException e)
        {
            throw new PlanException($"plan is no plan. {JsonFault.Describe(e)}");
        }
    }

    /// <summary>
    /// The way of a model's version into an environment, whoever begins it: as <see cref="With"/>, with guards that let no version burn a
    /// budget of the model's objective fast, and none miss an objective that is configured for it.
    /// </summary>
    /// <exception cref="PlanException">As there.</exception>
    public PromotionPlan Of(ObjectiveOptions objectives, string model, string environment, JsonElement? request = null)
    {
        PromotionPlan wanted = With(environment, request);
        wanted = wanted with { Guards = wanted.Guards with { Burn = BurnOf(objectives.Of(model)) } };
        return objectives.Models.TryGetValue(model, out ServiceObjective? objective)
            ? KeepSight(wanted with { Guards = Within(wanted.Guards, objective) }, wanted)
            : wanted;
    }

    private static GuardLimits Within(GuardLimits guards, ServiceObjective objective)
    {
        const double GuardedQuantile = 0.95;
        double failed = 1 - objective.Availability;
        double? slow = objective.InTime >= GuardedQuantile ? objective.LatencyMilliseconds : null;
        return guards with
        {
            MaxErrorShare = new[] { guards.MaxErrorShare, failed }.Min(),
            MaxP95Milliseconds = new[] { guards.MaxP95Milliseconds, slow }.Min(),
        };
    }

    private static BurnLimits BurnOf(ServiceObjective objective)
    {
        double factor = BurnWindow.Fastest.Factor;
        return new BurnLimits(
            Math.Min(1, factor * (1 - objective.Availability)),
            Math.Min(1, factor * (1 - objective.InTime)),
            objective.LatencyMilliseconds,
            (int)BurnWindow.Fastest.Short.TotalMinutes
        );
    }

    /// <summary>
    /// More steps and limits share one error rate, so that each would need more evidence than the environment's own: the rate grows along.
    /// </summary>
    private static PromotionPlan KeepSight(PromotionPlan wanted, PromotionPlan environment)
    {
        double fewer =
            new Guardrails(environment.Guards, PlanSight.WatchedSteps(environment)).Alpha
            / new Guardrails(wanted.Guards, PlanSight.WatchedSteps(wanted)).Alpha;
        return fewer is > 1 and < double.PositiveInfinity && wanted.Guards.FalseAlarmRate >= environment.Guards.FalseAlarmRate
            ? wanted with
            {
                Guards = wanted.Guards with
                {
                    FalseAlarmRate = Math.Min(GuardLimits.MaxFalseAlarmRate, wanted.Guards.FalseAlarmRate * fewer),
                },
            }
            : wanted;
    }

    private static bool IsApproval(string member) => member.Equals(Approval, StringComparison.OrdinalIgnoreCase);

    private static string Sentences(IEnumerable<string> problems) => string.Join(' ', problems.Select(problem => $"plan.{problem}"));

    /// <summary>Objects are merged member by member; everything else, lists among it, is replaced.</summary>
    private static PromotionPlan Merge(PromotionPlan plan, string? json)
    {
        if (string.IsNullOrEmpty(json))
        {
            return plan;
        }
        JsonObject merged = JsonSerializer.SerializeToNode(plan, GivenJson.Options)!.AsObject();
        Merge(merged, JsonNode.Parse(json) as JsonObject ?? throw new JsonException("it is not an object."));
        return GivenJson.Read<PromotionPlan>(JsonSerializer.SerializeToElement(merged), Place);
    }

    private static void Merge(JsonObject into, JsonObject changes)
    {
        foreach ((string name, JsonNode? value) in changes)
        {
            if (value is JsonObject inner && into[name] is JsonObject known)
            {
                Merge(known, inner);
            }
            else
            {
                into[name] = value?.DeepClone();
            }
        }
    }
}

/// <summary>A plan that cannot be followed; the message says what was found and what is allowed.</summary>
public sealed class PlanException(string message) : Exception(message);
