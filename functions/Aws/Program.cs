using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;
using Amazon.Lambda.SQSEvents;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Functions.Aws;
using Serverless.Inference;
using Serverless.Ingest;
using Serverless.Ingest.Steps;
using Serverless.Storage;

IConfigurationRoot settings = new ConfigurationBuilder().AddEnvironmentVariables().Build();

await using ServiceProvider services = new ServiceCollection()
    .AddLogging(logging => logging.AddSimpleConsole(console => console.SingleLine = true))
    .AddStorage(options => settings.GetSection("S3").Bind(options.S3))
    .AddInference(options => settings.GetSection("Models").ReadModels(options))
    .AddAssets(options => settings.ReadAssets(options))
    .AddSingleton<ILambdaSerializer, DefaultLambdaJsonSerializer>()
    .AddSingleton<IWorkQueue>(s => s.GetRequiredKeyedService<S3WorkQueue>(AssetLayout.BucketJobsQueue))
    .AddSingleton<DirectIngest>()
    .AddSingleton<ObjectChangedHandler>()
    .BuildServiceProvider();

// Models are loaded before the first event, in the time that the platform gives for starting.
ObjectChangedHandler handler = services.GetRequiredService<ObjectChangedHandler>();

await LambdaBootstrapBuilder
    .Create<SQSEvent, SQSBatchResponse>(handler.HandleAsync, services.GetRequiredService<ILambdaSerializer>())
    .Build()
    .RunAsync();
