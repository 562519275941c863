using Microsoft.DurableTask.Client;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Models;
using Serverless.Ingest.Reanalysis;
using Serverless.Media;
using Serverless.Orchestrations;
using Serverless.Orchestrations.Reanalysis;

namespace Serverless.Functions.Azure.Reanalysis;

/// <summary>What is asked for.</summary>
/// <param name="Model">A model that looks at uploads.</param>
/// <param name="MadeBy">Only analyses that this version of it made.</param>
/// <param name="Kind">"text", "image" or "video".</param>
/// <param name="Prefix">Only assets whose name below media/ begins so.</param>
/// <param name="RatePerMinute">Analyses begun a minute at most.</param>
internal sealed record ReanalysisQuery(
    string Model,
    int? MadeBy = null,
    MediaKind? Kind = null,
    string? Store = null,
    string? Prefix = null,
    int? RatePerMinute = null
)
{
    private const int MaxPrefixCharacters = 1_024;

    /// <param name="serving">The version that serves now.</param>
    public ReanalysisRequest ToRequest(int serving, int defaultRate, IEnumerable<string> stores)
    {
        string[] known = [.. stores];
        if (Store is not null && !known.Contains(Store))
        {
            throw RequestProblem.BadRequest($"store is '{Store}'; allowed are {string.Join(" and ", known)}.");
        }
        if (Prefix?.Length > MaxPrefixCharacters)
        {
            throw RequestProblem.BadRequest($"prefix has {Prefix.Length} characters; allowed are {MaxPrefixCharacters}.");
        }
        if (MadeBy < 1)
        {
            throw RequestProblem.BadRequest($"madeBy is {MadeBy}; allowed are versions from 1.");
        }
        int rate = RatePerMinute ?? defaultRate;
        return rate is >= 1 and <= ReanalysisRequest.MaxRate
            ? new ReanalysisRequest(Model, serving, MadeBy, Kind, Store, Prefix, rate)
            : throw RequestProblem.BadRequest($"ratePerMinute is {rate}; allowed are 1 to {ReanalysisRequest.MaxRate}.");
    }

    /// <exception cref="RequestProblem">No role of uploads names the model.</exception>
    public void CheckModel(RolesOptions roles)
    {
        if (roles.RolesOf(Model).Any())
        {
            return;
        }
        IEnumerable<string> named = Enum.GetValues<ModelRole>().SelectMany(roles.Of).Distinct();
        throw RequestProblem.BadRequest($"model is '{Model}', which looks at no upload; allowed are {string.Join(", ", named)}.");
    }
}

/// <param name="Run">Its status, under <c>/api/runs</c>.</param>
internal sealed record ReanalysisAnswer(
    string Id,
    string Run,
    ReanalysisRequest Request,
    string Stage,
    ReanalysisCounts Counts,
    string? Reason
)
{
    /// <summary>Null of a run that is none.</summary>
    public static ReanalysisAnswer? Of(OrchestrationMetadata run)
    {
        if (!run.IsOf(nameof(Reanalyse)) || run.ReadInputAs<ReanalysisInput>() is not { } input)
        {
            return null;
        }
        ReanalysisStatus? status = run.SerializedCustomStatus is null ? null : run.ReadCustomStatusAs<ReanalysisStatus>();
        return new ReanalysisAnswer(
            run.InstanceId,
            $"/api/runs/{run.InstanceId}",
            input.Request,
            run.RuntimeStatus == OrchestrationRuntimeStatus.Failed ? "failed" : status?.Stage ?? "starting",
            status?.Counts ?? input.Counts ?? new ReanalysisCounts(),
            run.FailureDetails?.ErrorMessage ?? status?.Reason
        );
    }
}
