using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Functions.Azure.Alerts;
using Serverless.Functions.Azure.Assets;
using Serverless.Functions.Azure.Audit;
using Serverless.Functions.Azure.Cards;
using Serverless.Functions.Azure.Drift;
using Serverless.Functions.Azure.Exports;
using Serverless.Functions.Azure.Graph;
using Serverless.Functions.Azure.Health;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Lanes;
using Serverless.Functions.Azure.Live;
using Serverless.Functions.Azure.Models;
using Serverless.Functions.Azure.Operations;
using Serverless.Functions.Azure.Predictions.OpenInference;
using Serverless.Functions.Azure.Runs;
using Serverless.Functions.Azure.Runs.Acts;
using Serverless.Functions.Azure.Search;
using Serverless.Functions.Azure.Sources;
using Serverless.Functions.Azure.Triggers;
using Serverless.Functions.Azure.Validation;
using Serverless.Ingest;
using Serverless.Ingest.Events;
using Serverless.Storage;
using Serverless.Telemetry;
using Serverless.Webhooks;

namespace Serverless.Functions.Azure;

/// <summary>Which setting goes where.</summary>
internal static class SettingsReader
{
    /// <summary>A slower body is cut off once the grace is over: it would hold a place in its lane.</summary>
    private const double MinBodyBytesPerSecond = 16 << 10;

    private static readonly TimeSpan SlowBodyGrace = TimeSpan.FromSeconds(5);

    public static void ReadStorage(this IConfiguration settings, StorageOptions options)
    {
        // The setting that every Functions app has; the section Storage:Azure may name an account by its address instead.
        settings.GetSection("Storage:Azure").Bind(options.Azure);
        if (options.Azure.BlobServiceUri is null)
        {
            options.Azure.ConnectionString = settings["AzureWebJobsStorage"];
        }
        settings.GetSection("S3").Bind(options.S3);
    }

    public static void ReadAssets(this IConfiguration settings, AssetsOptions options)
    {
        settings.GetSection("Analysis").Bind(options.Analysis);
        settings.GetSection("Text").Bind(options.Text);
        settings.GetSection("Image").Bind(options.Image);
        settings.GetSection("Decoding").Bind(options.Decoding);
        // Events:Endpoint is this very app, as others see it; whom this app tells is configured apart.
        settings.GetSection("Events:Outbound").Bind(options.Events);
        settings.GetSection("Health").Bind(options.Health);
        settings.GetSection("Roles").Bind(options.Roles);
        settings.GetSection("Index").Bind(options.Index);
        settings.GetSection("Words").Bind(options.Words);
        options.IndexStore = "azure";
        options.HasGauges = true;
    }

    public static void ReadTelemetry(this IConfiguration settings, TelemetryOptions options)
    {
        options.ServiceName = settings["OTEL_SERVICE_NAME"] ?? "functions";
        options.Export = settings["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
        settings.GetSection("Telemetry").Bind(options);
    }

    public static IServiceCollection AddApi(this IServiceCollection services, IConfiguration settings)
    {
        UploadOptions uploads = new();
        settings.GetSection("Uploads").Bind(uploads);
        ModelsOptions models = new();
        IConfigurationSection direct = settings.GetSection("Registry:DirectEnvironments");
        if (direct.Exists())
        {
            models.DirectEnvironments = direct.Get<string[]>() ?? [];
        }
        models.FirstAliasDirect = settings.GetValue("Registry:FirstAliasDirect", false);
        LaneOptions lanes = new();
        settings.GetSection("Lanes").Bind(lanes);
        LiveOptions live = new();
        settings.GetSection("Live").Bind(live);
        CardOptions cards = new();
        settings.GetSection("Cards").Bind(cards);
        TraceOptions traces = new();
        settings.GetSection("Telemetry").Bind(traces);
        OptionsCheck.Run(("Uploads", uploads), ("Lanes", lanes), ("Live", live), ("Cards", cards), ("Telemetry", traces));
        EventsOptions events = new();
        settings.GetSection("Events").Bind(events);
        if (string.IsNullOrEmpty(events.SigningKey) && string.IsNullOrEmpty(events.SigningKeyFile))
        {
            throw new ArgumentException(
                "Events:SigningKey is empty; it must be the base64 of at least 24 bytes, shared with those who post to /api/events.",
                nameof(settings)
            );
        }
        return AnswerCompression
            .AddTo(services)
            .AddSingleton(uploads)
            .AddSingleton(traces)
            .AddSingleton(models)
            .AddSingleton(lanes)
            .AddSingleton(live)
            .AddSingleton<LiveStreams>()
            .Configure<KestrelServerOptions>(kestrel =>
            {
                // The largest of the limits that the functions set themselves; Kestrel's own default is below some of them.
                kestrel.Limits.MaxRequestBodySize = Math.Max(uploads.MaxBytes, kestrel.Limits.MaxRequestBodySize ?? 0);
                kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(MinBodyBytesPerSecond, SlowBodyGrace);
            })
            .AddSingleton<IFunctionMetadataTransformer, ProtocolRoutes>()
            .AddSingleton<ActAudit>()
            .AddSingleton<RunMeter>()
            .AddSingleton<RunGauges>()
            .AddSingleton<FunctionTally>()
            .AddSingleton<TurnRecorder>()
            .AddSingleton<RunCheck>()
            .AddSingleton<RunSweep>()
            .AddSingleton<BulkActs>()
            .AddSingleton<OpenJobs>()
            .AddSingleton<RunFill>()
            .AddSingleton<RunStoreHealth>()
            .AddSingleton<HealthFindings>()
            .AddSingleton<AlertSources>()
            .AddSingleton<SearchAnswers>()
            .AddSingleton<AssetDocuments>()
            .AddSingleton<SourceAnswers>()
            .AddSingleton<DriftSubjects>()
            .AddSingleton<ExportPlans>()
            .AddSingleton<GoldenStoring>()
            .AddSingleton(cards)
            .AddSingleton<ModelEvidence>()
            .AddSingleton<ModelCards>()
            .AddSingleton<SystemCards>()
            .AddHostedService<TriggerQueues>()
            .AddSingleton(services => new WebhookSignature(events.ReadKeys(), services.GetRequiredService<TimeProvider>()));
    }
}
