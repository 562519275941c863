using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Exports;
using Serverless.Ingest.Steps;
using Serverless.Validation.Golden;

namespace Serverless.Orchestrations.Erasure;

public static class ServiceCollectionExtensions
{
    /// <summary>Has the erasure of an asset reach exports, golden sets and captures, on top of all three.</summary>
    public static IServiceCollection AddErasureElsewhere(this IServiceCollection services)
    {
        services.TryAddSingleton<ErasureElsewhere>(s =>
            new TrainingErasure(s.GetRequiredService<ExportErasure>(), s.GetRequiredService<GoldenErasure>()).RemoveAsync
        );
        return services;
    }
}
