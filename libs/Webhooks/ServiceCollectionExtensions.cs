using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Storage;

namespace Serverless.Webhooks;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds subscriptions, sending and telling, on top of the Azure stores and queues that were added before.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddWebhooks(this IServiceCollection services, Action<WebhookOptions>? configure = null)
    {
        WebhookOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Webhooks", options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton<AddressPolicy>();
        services.TryAddSingleton<WebhookSender>();
        services.TryAddSingleton(s => new WebhookStore(s.GetRequiredService<AzureObjectStore>()));
        services.TryAddSingleton(s => new WebhookPublisher(
            s.GetRequiredKeyedService<AzureWorkQueue>(WebhookPublisher.QueueName),
            s.GetRequiredService<TimeProvider>()
        ));
        return services;
    }
}
