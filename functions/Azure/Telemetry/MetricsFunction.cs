using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Telemetry;

namespace Serverless.Functions.Azure.Telemetry;

/// <summary>What this process measured, for Prometheus to fetch; each instance of the app answers for itself.</summary>
public sealed class MetricsFunction(MetricsAnswer metrics)
{
    [Function("Metrics")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Function, "get", Route = "api/metrics")] HttpRequest request) => metrics;
}
