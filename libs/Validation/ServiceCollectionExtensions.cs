using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Serverless.Media.Images;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Validation.Golden;
using Serverless.Validation.Golden.Drafts;
using Serverless.Validation.Trials;
using Serverless.Validation.Watermarks;

namespace Serverless.Validation;

public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds golden sets, trials and judgements, on top of AddStorage and AddRegistry, and has each version load for the first time in a
    /// process of its own.
    /// </summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddModelValidation(this IServiceCollection services, Action<ValidationOptions>? configure = null)
    {
        ValidationOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run([
            ("Validation", options),
            ("Validation:Trial", options.Trial),
            ("Validation:Gates", options.Gates),
            .. options.Watermarks.Select(one => ($"Validation:Watermarks:{one.Key}", (object)one.Value)),
        ]);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.TryAddSingleton(s => new TrialRunner(options.Trial, s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(s => new GoldenSets(
            s.GetServices<IObjectStore>().First(store => store.Name == s.GetRequiredService<RegistryOptions>().Store),
            s.GetRequiredService<RegistryOptions>(),
            s.GetService<ImageReader>() ?? new ImageReader(new ImageOptions()),
            s.GetRequiredService<TimeProvider>()
        ));
        services.TryAddSingleton<GoldenDrafts>();
        services.TryAddSingleton<GoldenPictures>();
        services.TryAddSingleton<GoldenDraftRemoval>();
        services.TryAddSingleton<GoldenErasure>();
        services.TryAddSingleton<WatermarkSets>();
        services.TryAddSingleton<ModelValidation>();
        return services.AddFirstLoads(options.Trial);
    }

    /// <summary>
    /// Has each version load for the first time in a process of its own: this program once more, whose Main asks <see cref="TrialHost"/>.
    /// </summary>
    public static IServiceCollection AddFirstLoads(this IServiceCollection services, TrialOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(s => new FirstLoad(options, s.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<LoadTrial>(s => s.GetRequiredService<FirstLoad>().RunAsync);
        return services;
    }
}
