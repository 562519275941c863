using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Storage;

namespace Serverless.Audit;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds the log of acts, on top of the Azure store that was added before.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new AuditLog(s.GetRequiredService<AzureObjectStore>(), s.GetRequiredService<TimeProvider>()));
        return services;
    }
}
