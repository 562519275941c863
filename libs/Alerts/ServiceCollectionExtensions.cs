using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Serverless.Alerts.Mail;
using Serverless.Alerts.Rules;
using Serverless.Storage;

namespace Serverless.Alerts;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds rules, the book and telling, on top of the Azure store and the webhooks that were added before.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddAlerts(this IServiceCollection services, Action<MailOptions>? configure = null)
    {
        MailOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Mail", options));
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton<MailSender>();
        services.TryAddSingleton(s => new MailLog(s.GetRequiredService<AzureObjectStore>()));
        services.TryAddSingleton(s => new AlertRulebook(
            s.GetRequiredService<AzureObjectStore>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<AlertRulebook>>()
        ));
        services.TryAddSingleton(s => new AlertBook(
            s.GetRequiredService<AzureObjectStore>(),
            s.GetRequiredService<AlertRulebook>(),
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<AlertBook>>()
        ));
        services.TryAddSingleton<AlertDelivery>();
        services.AddMetrics();
        services.TryAddSingleton<AlertGauges>();
        services.TryAddSingleton<AlertTest>();
        return services;
    }
}
