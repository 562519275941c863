using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Assets;
using Serverless.Functions.Azure;
using Serverless.Functions.Azure.Http;
using Serverless.Inference;
using Serverless.Orchestrations.Ingest;
using Serverless.Registry;
using Serverless.Storage;
using Serverless.Telemetry;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ProblemMiddleware>();

ConfigurationManager settings = builder.Configuration;
builder.Services
    .AddStorage(options => settings.ReadStorage(options))
    .AddRegistry(options => settings.GetSection("Registry").ReadRegistry(options))
    .AddInference(options => settings.GetSection("Models").ReadModels(options))
    .AddAssets(options => settings.ReadAssets(options))
    .AddIngest(options => settings.GetSection("Reconcile").Bind(options))
    .AddTelemetry(options => settings.ReadTelemetry(options))
    .AddApi(settings);

await builder.Build().RunAsync();
