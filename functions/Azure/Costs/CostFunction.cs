using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Ingest.Ledgers;
using Serverless.Runs;
using Serverless.Serving.Costs;

namespace Serverless.Functions.Azure.Costs;

/// <summary>
/// What each model version has cost in this process, whose sum over all processes is Prometheus' to make, of the same counter; and what
/// analyses and runs have cost, of which ledger and index know those of all processes.
/// </summary>
public sealed class CostFunction(ModelCosts costs, LedgerViews views, RunIndex runs)
{
    private const string Scope =
        "Models: this process alone, since it started. Other instances, Lambda functions and gpu-batch count for themselves: "
        + "serverless_model_processor_time_seconds_total of each has the same seconds. All is the time of models alone: decoding, storage "
        + "and idle machines are not in it.";

    [Function("ShowCost")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/cost")] HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        await views.RefreshPacedAsync(cancellationToken);
        IReadOnlyList<SpentByKind> media = SpentByKind.Sum(views.NewestFirst());
        IReadOnlyList<SpentByName> named = await runs.SumSpentAsync(cancellationToken);
        return Answers.Json(
            new CostAnswer(
                Scope,
                ModelCosts.Since,
                costs.Prices.Currency,
                costs.Prices.PerProcessorHour,
                costs.Prices.PerGpuHour,
                costs.Unpriced,
                costs.Read(),
                [.. media.Select(kind => MediaCost.Of(kind, costs.Prices))],
                [
                    .. named
                        .Select(one => NamedRunsCost.Of(one, costs.Prices))
                        .OrderByDescending(one => one.Cost)
                        .ThenByDescending(one => one.ProcessorSeconds)
                        .ThenBy(one => one.Name, StringComparer.Ordinal),
                ]
            )
        );
    }
}
