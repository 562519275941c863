using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Captures;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Serving.Costs;
using Serverless.Serving.Fleet;
using Serverless.Serving.Objectives;
using Serverless.Storage;

namespace Serverless.Serving;

public static class ServiceCollectionExtensions
{
    /// <summary>Adds the model server over the registry's verified copies, on top of a <see cref="LoadTrial"/>.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddServing(this IServiceCollection services, Action<ServingOptions> configure)
    {
        ServingOptions options = new();
        configure(options);
        OptionsCheck.Run(("Serving", options));
        services.TryAddSingleton(options);
        services.TryAddSingleton<TriedPackages>();
        services.TryAddSingleton(s => new ModelServer(
            s.GetRequiredService<InferenceRuntime>(),
            s.GetRequiredService<TriedPackages>().FetchAsync,
            options,
            s.GetRequiredService<TimeProvider>()
        ));
        return services;
    }

    /// <summary>Adds <see cref="ModelCosts"/>, on top of the runtime.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddCosts(this IServiceCollection services, Action<PriceOptions>? configure = null)
    {
        PriceOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run(("Prices", options));
        services.TryAddSingleton(options);
        services.TryAddSingleton<ModelCosts>();
        return services;
    }

    /// <summary>Adds objectives, of which the defaults hold where none are given; before what answers predictions.</summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddObjectives(this IServiceCollection services, Action<ObjectiveOptions>? configure = null)
    {
        ObjectiveOptions options = new();
        configure?.Invoke(options);
        OptionsCheck.Run([
            ("Objectives:Default", options.Default),
            .. options.Models.Select(model => ($"Objectives:Models:{model.Key}", (object)model.Value)),
        ]);
        services.TryAddSingleton(options);
        services.TryAddSingleton(s => new ObjectiveBook(
            s.GetRequiredService<RegistryStore>().Store,
            options,
            s.GetRequiredService<TimeProvider>()
        ));
        services.TryAddSingleton(s => new FleetReader(s.GetRequiredService<RegistryStore>().Store, s.GetRequiredService<TimeProvider>()));
        return services;
    }

    /// <summary>
    /// Adds what answers predictions, on top of registry, rollout, model server and captures; a <see cref="FaultStatus"/> is the entry
    /// point's to add.
    /// </summary>
    /// <exception cref="ArgumentException">Names everything that is wrong with the options.</exception>
    public static IServiceCollection AddPredictions(this IServiceCollection services, Action<PredictionOptions> configure)
    {
        PredictionOptions options = new();
        configure(options);
        OptionsCheck.Run(("Predictions", options), ("Predictions:Protocol", options.Protocol));
        return services
            .AddMetrics()
            .AddSingleton(options)
            .AddFleet()
            .AddSingleton<PredictionMeter>()
            .AddSingleton<SignatureGate>()
            .AddSingleton<Predictor>()
            .AddSingleton<ShadowTraffic>()
            .AddSingleton<IHostedService>(s => s.GetRequiredService<ShadowTraffic>())
            .AddSingleton<RouteWarmer>()
            .AddSingleton<IHostedService>(s => s.GetRequiredService<RouteWarmer>())
            .AddSingleton<RoutePreparation>(s => s.GetRequiredService<RouteWarmer>().PrepareAsync);
    }

    private static IServiceCollection AddFleet(this IServiceCollection services)
    {
        services.TryAddSingleton(new ObjectiveOptions());
        services.TryAddSingleton<ServingTally>();
        return services.AddSingleton<IHostedService>(s => new FleetReporter(
            s.GetRequiredService<RegistryStore>().Store,
            s.GetRequiredService<ServingTally>(),
            s.GetRequiredService<CaptureWriter>(),
            () => s.GetRequiredService<InferenceRuntime>().Spent,
            s.GetRequiredService<TimeProvider>(),
            s.GetRequiredService<ILogger<FleetReporter>>()
        ));
    }
}
