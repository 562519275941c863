using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Audit;
using Serverless.Orchestrations.Operations.Bulk;
using Serverless.Orchestrations.Operations.Retention;
using Serverless.Orchestrations.Operations.Watch;
using Serverless.Storage;

namespace Serverless.Orchestrations.Operations;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds the log of acts and what looks after runs, on top of the stores and queues that were added before.
    /// </summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddOperations(
        this IServiceCollection services,
        Action<RunWatchOptions>? watch = null,
        Action<RetentionOptions>? retention = null
    )
    {
        RunWatchOptions watching = new();
        RetentionOptions keeping = new();
        watch?.Invoke(watching);
        retention?.Invoke(keeping);
        OptionsCheck.Run(("Watch", watching), ("Retention", keeping));
        services.AddAudit();
        services.TryAddSingleton(watching);
        services.TryAddSingleton(keeping);
        services.TryAddSingleton(s => new RunSelections(s.GetRequiredService<AzureObjectStore>(), s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<GpuJobs>();
        services.TryAddSingleton<BulkStep>();
        services.TryAddSingleton<JobWatch>();
        services.TryAddSingleton<RunNudge>();
        services.TryAddSingleton<RunWatch>();
        return services;
    }
}
