using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Azure.Http;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Registry;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <summary>Triton's statistics extension: what each model in this process's memory has done since it was loaded.</summary>
public sealed class StatisticsFunctions(ModelServer models, ModelRegistry registry)
{
    public const string Extension = "statistics";

    [Function("AllModelStatistics")]
    public IResult RunAll([HttpTrigger(AuthorizationLevel.Function, "get", Route = "v2/models/stats")] HttpRequest request) =>
        AnswerOf(models.Statistics);

    [Function("ModelStatistics")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "v2/models/{model}/stats")] HttpRequest request,
        string model,
        CancellationToken cancellationToken
    ) => AnswerAsync(model, null, cancellationToken);

    [Function("ModelVersionStatistics")]
    public Task<IResult> RunVersionAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "v2/models/{model}/versions/{version}/stats")] HttpRequest request,
        string model,
        string version,
        CancellationToken cancellationToken
    ) => AnswerAsync(model, NamedVersions.Parse(model, version), cancellationToken);

    /// <summary>Empty for a version that is registered and not in memory.</summary>
    private async Task<IResult> AnswerAsync(string model, int? version, CancellationToken cancellationToken)
    {
        ModelStatistics[] found =
        [
            .. models.Statistics.Where(each => each.Version.Name == model && (version is null || each.Version.Version == version)),
        ];
        if (found.Length == 0)
        {
            IReadOnlyList<ModelManifest> registered = (await registry.ListAsync(model, cancellationToken)).Items;
            if (!registered.Any(each => version is null || each.Version == version))
            {
                throw RequestProblem.NotFound(
                    version is null ? $"There is no model '{model}'." : $"Model '{model}' has no version {version}."
                );
            }
        }
        return AnswerOf(found);
    }

    private static IResult AnswerOf(IEnumerable<ModelStatistics> found) =>
        Answers.Json(
            new StatisticsAnswer([
                .. found.OrderBy(each => each.Version.ToString(), StringComparer.Ordinal).Select(ModelStatisticsAnswer.Of),
            ])
        );
}
