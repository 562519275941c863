using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.GpuBatch;
using Serverless.Ingest;
using Serverless.Ingest.Events;
using Serverless.Ingest.Health;
using Serverless.Ingest.Steps;
using Serverless.Media.Video;
using Serverless.Registry;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Telemetry;
using Serverless.Validation.Trials;

if (TrialHost.TakesOver(args))
{
    return 0;
}

Option<string?> queue = new("--queue")
{
    Description =
        $"Azure queue to take jobs from (default {AssetLayout.GpuJobsQueue}, when AzureWebJobsStorage is set and no bucket is named)",
};
Option<string?> bucket = new("--bucket")
{
    Description = $"S3 bucket to take jobs from, where they lie under {AssetLayout.BucketJobsQueue}/",
};
Option<string?> data = new("--data") { Description = "folder for videos while they are decoded (default: the temporary folder)" };
Option<bool> untilEmpty = new("--until-empty")
{
    Description = "end when for the length of a lease (Worker__Lease, 60 s) there was no job to take",
};
Option<int?> metricsPort = new("--metrics-port")
{
    Description = "serve metrics for Prometheus at /metrics on this port of Worker__MetricsAddress (127.0.0.1); 0 takes a free one",
};
RootCommand command = new(
    "Analyses long documents and videos: takes jobs of many assets and runs them through the models in shared batches."
)
{
    queue,
    bucket,
    data,
    untilEmpty,
    metricsPort,
};
command.SetAction(
    async (arguments, cancellationToken) =>
    {
        try
        {
            HostApplicationBuilder builder = Host.CreateApplicationBuilder();
            ConfigurationManager settings = builder.Configuration;
            settings.ServeOneEnvironment();
            WorkerOptions worker = settings.ReadWorker(arguments.GetValue(untilEmpty), arguments.GetValue(metricsPort));
            builder
                .Logging.ClearProviders()
                .AddSimpleConsole(console => console.SingleLine = true)
                .AddFilter("Microsoft", LogLevel.Warning)
                .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None); // told once, below
            builder
                .Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10))
                .AddStorage(options => settings.ReadStorage(options, arguments.GetValue(bucket)))
                .AddModels(settings)
                .AddAssets(options => settings.ReadAssets(options, arguments.GetValue(data)))
                .AddSingleton(worker)
                .AddSingleton(services => services.OpenQueues(settings, arguments.GetValue(queue), arguments.GetValue(bucket)))
                .AddSingleton(services => new JobAnswers(
                    services.GetRequiredService<AssetSettlement>(),
                    services.GetRequiredService<ResultAnnouncer>(),
                    services.GetService<AzureObjectStore>() is null
                        ? null
                        : services.GetRequiredKeyedService<AzureWorkQueue>(AssetLayout.GpuCompletionsQueue)
                ))
                .AddWorkRecorder("azure", options => settings.GetSection("Runs").Bind(options))
                .AddTelemetry(
                    options =>
                    {
                        options.ServiceName = "gpu-batch";
                        options.Export = settings["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
                    },
                    worker.ScrapedAt
                )
                .AddSingleton<GpuBatchMeter>()
                .AddSingleton<JobRunner>()
                .AddSingleton(services => new MemberReports(
                    services.GetServices<IObjectStore>().First(),
                    services.GetRequiredService<TimeProvider>()
                ))
                .AddSingleton<WorkerReport>()
                .AddHostedService(services => services.GetRequiredService<WorkerReport>()) // ends after the worker
                .AddHostedService<Worker>();

            using IHost host = builder.Build();
            await host.Services.GetRequiredService<VideoReader>().EnsureInstalledAsync(cancellationToken);
            await host.RunAsync(cancellationToken);
            return 0;
        }
        catch (Exception e) when (StartFault.Describe(e) is { } fault)
        {
            await Console.Error.WriteLineAsync($"gpu-batch: {fault}");
            return 2;
        }
    }
);

// Signals are the host's: it drains before it ends.
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
