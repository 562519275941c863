using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Aws;
using Serverless.Ingest;
using Serverless.Ingest.Steps;
using Serverless.Registry;
using Serverless.Runs;
using Serverless.Storage;
using Serverless.Telemetry;
using Serverless.Validation.Trials;

if (TrialHost.TakesOver(args))
{
    return;
}

HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
IConfiguration settings = await new ConfigurationBuilder()
    .AddEnvironmentVariables()
    .Build()
    .WithSecretsAsync(TimeProvider.System, CancellationToken.None);
settings.ServeOneEnvironment();
builder
    .Services.AddLogging(logging => logging.AddSimpleConsole(console => console.SingleLine = true))
    .AddStorage(options => settings.ReadStorage(options))
    .AddModels(settings)
    .AddAssets(options => settings.ReadAssets(options))
    .AddWorkRecorder("s3", options => settings.GetSection("Runs").Bind(options))
    .AddTelemetry(options => settings.ReadTelemetry(options))
    .AddSingleton<ILambdaSerializer, DefaultLambdaJsonSerializer>()
    .AddSingleton<IWorkQueue>(s => s.GetRequiredKeyedService<S3WorkQueue>(AssetLayout.BucketJobsQueue))
    .AddSingleton<DirectIngest>()
    .AddSingleton<ObjectChangedHandler>()
    .AddSingleton<Invocation>();

using IHost host = builder.Build();
await host.StartAsync();
Invocation invocation = host.Services.GetRequiredService<Invocation>();
await LambdaBootstrapBuilder
    .Create<SQSEvent, SQSBatchResponse>(invocation.HandleAsync, host.Services.GetRequiredService<ILambdaSerializer>())
    .Build()
    .RunAsync();
await host.StopAsync();
