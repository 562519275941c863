using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Serverless.Inference;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds InferenceRuntime, which is single, and has registration refuse what could not be loaded; options are validated when the host
    /// starts.
    /// </summary>
    public static IServiceCollection AddInference(this IServiceCollection services, Action<RuntimeOptions>? configure = null)
    {
        OptionsBuilder<RuntimeOptions> options = services.AddOptions<RuntimeOptions>().ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }
        services.TryAddSingleton(s => new InferenceRuntime(s.GetRequiredService<IOptions<RuntimeOptions>>().Value));
        return services.AddSingleton(ModelPackage.Guard);
    }
}
