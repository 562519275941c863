using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Serverless.Inference;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds InferenceRuntime and ModelSet, both single, and has registration refuse what could not be loaded; options are validated when
    /// the host starts, models when ModelSet is first asked for.
    /// </summary>
    public static IServiceCollection AddInference(this IServiceCollection services, Action<InferenceOptions>? configure = null)
    {
        OptionsBuilder<InferenceOptions> options = services
            .AddOptions<InferenceOptions>()
            .ValidateDataAnnotations()
            .ValidateOnStart()
            .Validate(o => Directory.Exists(o.ModelsRoot), "ModelsRoot must be a folder that exists, with models as {name}/{version}/.");
        if (configure is not null)
        {
            options.Configure(configure);
        }
        services.TryAddSingleton(s => new InferenceRuntime(s.GetRequiredService<IOptions<InferenceOptions>>().Value));
        services.TryAddSingleton(s =>
            ModelSet.Load(s.GetRequiredService<InferenceRuntime>(), s.GetRequiredService<IOptions<InferenceOptions>>().Value)
        );
        return services.AddSingleton(ModelPackage.Guard);
    }
}
