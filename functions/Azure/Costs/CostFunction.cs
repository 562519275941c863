using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Serving.Costs;

namespace Serverless.Functions.Azure.Costs;

/// <summary>What each model version has cost in this process; the sum over all is Prometheus' to make, of the same counter.</summary>
public sealed class CostFunction(ModelCosts costs)
{
    private const string Scope =
        "This process alone, since it started. Other instances, Lambda functions and gpu-batch count for themselves: "
        + "serverless_model_processor_time_seconds_total of each has the same seconds.";

    [Function("ShowCost")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/cost")] HttpRequest request) =>
        Answers.Json(
            new CostAnswer(
                Scope,
                ModelCosts.Since,
                costs.Prices.Currency,
                costs.Prices.PerProcessorHour,
                costs.Prices.PerGpuHour,
                costs.Unpriced,
                costs.Read()
            )
        );
}
