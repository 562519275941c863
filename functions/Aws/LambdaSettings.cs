using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Captures;
using Serverless.Inference;
using Serverless.Ingest;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Telemetry;
using Serverless.Validation;
using Serverless.Validation.Trials;

namespace Serverless.Functions.Aws;

/// <summary>Which setting goes where.</summary>
internal static class LambdaSettings
{
    /// <summary>The bucket; beside it the account that holds the registry, where there is one.</summary>
    public static void ReadStorage(this IConfiguration settings, StorageOptions options)
    {
        settings.GetSection("Storage:Azure").Bind(options.Azure);
        if (options.Azure.BlobServiceUri is null)
        {
            options.Azure.ConnectionString = settings["AzureWebJobsStorage"];
        }
        settings.GetSection("S3").Bind(options.S3);
    }

    /// <summary>
    /// The settings together with those whose values lie in objects: <c>Secrets:Events:SigningKey</c> is the address of what
    /// <c>Events:SigningKey</c> is. An environment variable of a function is shown to whoever may look at the function.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such object.</exception>
    public static async Task<IConfiguration> WithSecretsAsync(
        this IConfiguration settings,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        StorageOptions storage = new();
        settings.GetSection("S3").Bind(storage.S3);
        Dictionary<string, string?> secrets = [];
        foreach ((string name, string? address) in settings.GetSection("Secrets").AsEnumerable(makePathsRelative: true))
        {
            if (address is not null)
            {
                secrets[name] = await S3Secret.ReadAsync(address, storage.S3, time, cancellationToken);
            }
        }
        return new ConfigurationBuilder().AddConfiguration(settings).AddInMemoryCollection(secrets).Build();
    }

    /// <summary>Adds the models as the environment's registry names them, from the registry down to the predictions.</summary>
    public static IServiceCollection AddModels(this IServiceCollection services, IConfiguration settings)
    {
        TrialOptions trials = new();
        settings.GetSection("Validation:Trial").Bind(trials);
        return services
            .AddRegistry(options => settings.GetSection("Registry").ReadRegistry(options))
            .AddInference(options => settings.GetSection("Models").Bind(options))
            .AddCaptures(options => settings.GetSection("Captures").Bind(options))
            .AddRollout(options => settings.GetSection("Rollout").Bind(options))
            .AddFirstLoads(trials)
            .AddServing(options => settings.GetSection("Serving").Bind(options))
            .AddSingleton<FaultStatus>(ServingStatus.Of)
            .AddPredictions(options => settings.GetSection("Predictions").Bind(options));
    }

    /// <summary>Nobody can fetch anything from a process that is frozen between events: metrics are sent, or not measured.</summary>
    public static void ReadTelemetry(this IConfiguration settings, TelemetryOptions options)
    {
        options.ServiceName = settings["OTEL_SERVICE_NAME"] ?? "functions-aws";
        options.Export = settings["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
        settings.GetSection("Telemetry").Bind(options);
        options.IsScraped = false;
    }

    public static void ReadAssets(this IConfiguration settings, AssetsOptions options)
    {
        settings.GetSection("Analysis").Bind(options.Analysis);
        settings.GetSection("Text").Bind(options.Text);
        settings.GetSection("Image").Bind(options.Image);
        settings.GetSection("Decoding").Bind(options.Decoding);
        settings.GetSection("Events").Bind(options.Events);
        settings.GetSection("Roles").Bind(options.Roles);
    }
}
