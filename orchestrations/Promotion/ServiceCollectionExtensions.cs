using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Registry;
using Serverless.Storage;

namespace Serverless.Orchestrations.Promotion;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds what promotions need, on top of the registry, the rollout, the captures and the webhooks that were added.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddPromotion(this IServiceCollection services, Action<PromotionOptions>? configure = null)
    {
        PromotionOptions options = new();
        configure?.Invoke(options);
        PromotionPlans plans = new(options);
        services.TryAddSingleton(options);
        services.TryAddSingleton(plans);
        services.TryAddSingleton<PromotionTraffic>();
        services.TryAddSingleton<PromotionWatches>();
        services.TryAddSingleton<DifferenceReports>();
        services.TryAddSingleton(s => new PromotionQueue(
            s.GetRequiredService<AzureObjectStore>(),
            options,
            s.GetRequiredService<TimeProvider>()
        ));
        services.AddSingleton(s => ProvenArms.Of(plans, s.GetRequiredService<DeploymentHistory>()));
        services.TryAddSingleton<PublishStep>();
        services.TryAddSingleton<PromotionGate>();
        services.TryAddSingleton<ModelRollback>();
        return services;
    }
}
