using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Predictions.OpenInference;
using Serverless.Serving;

namespace Serverless.Functions.Azure.Predictions;

internal static class ServiceCollectionExtensions
{
    /// <summary>Adds what the prediction routes need, on top of registry, rollout, model server, captures, assets and access.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddPredictionRoutes(this IServiceCollection services, Action<PredictionOptions> configure) =>
        services
            .AddSingleton<FaultStatus>(FaultTable.StatusOf)
            .AddSingleton<AssetInputs>()
            .AddSingleton<CallerPictures>()
            .AddSingleton<CallTermsReader>()
            .AddSingleton<NamedVersions>()
            .AddPredictions(configure);
}
