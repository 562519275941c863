using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serverless.Alerts;
using Serverless.AzureSearch;
using Serverless.Captures;
using Serverless.Drift;
using Serverless.Functions.Azure;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Audit;
using Serverless.Functions.Azure.Graph;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Http.Lanes;
using Serverless.Functions.Azure.Predictions;
using Serverless.Functions.Azure.Runs;
using Serverless.Inference;
using Serverless.Ingest;
using Serverless.Orchestrations.Drift;
using Serverless.Orchestrations.Erasure;
using Serverless.Orchestrations.Exports;
using Serverless.Orchestrations.Ingest;
using Serverless.Orchestrations.Operations;
using Serverless.Orchestrations.Promotion;
using Serverless.Orchestrations.Retraining;
using Serverless.Registry;
using Serverless.Rollout;
using Serverless.Runs;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Telemetry;
using Serverless.Validation;
using Serverless.Validation.Trials;
using Serverless.Webhooks;

if (TrialHost.TakesOver(args))
{
    return;
}

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.UseMiddleware<ProblemMiddleware>();
builder.UseMiddleware<AccessMiddleware>();
builder.UseMiddleware<LaneMiddleware>();
builder.UseMiddleware<AuditMiddleware>();
builder.UseMiddleware<FunctionMiddleware>();
builder.UseMiddleware<RunMiddleware>();

ConfigurationManager settings = builder.Configuration;
settings.ServeOneEnvironment();
builder
    .Services.AddStorage(options => settings.ReadStorage(options))
    .AddRegistry(options => settings.GetSection("Registry").ReadRegistry(options))
    .AddInference(options => settings.GetSection("Models").Bind(options))
    .AddSearchEngine(options => settings.GetSection("Search").Bind(options))
    .AddAssets(options => settings.ReadAssets(options))
    .AddIngest(options => settings.GetSection("Reconcile").Bind(options))
    .AddReanalysis(options => settings.GetSection("Reanalysis").Bind(options))
    .AddCaptures(options => settings.GetSection("Captures").Bind(options))
    .AddRollout(options => settings.GetSection("Rollout").Bind(options))
    .AddWebhooks(options => settings.GetSection("Webhooks").Bind(options))
    .AddAlerts(options => settings.GetSection("Mail").Bind(options))
    .AddModelValidation(options => settings.GetSection("Validation").Bind(options))
    .AddPromotion(options => settings.GetSection("Promotion").Bind(options))
    .AddDriftChecks(options => settings.GetSection("Drift").ReadDrift(options))
    .AddTrainingExports(options => settings.GetSection("Exports").Bind(options))
    .AddErasureElsewhere()
    .AddOperations(settings.GetSection("Watch").Bind, settings.GetSection("Retention").Bind)
    .AddRetraining(options => settings.GetSection("Retraining").Bind(options))
    .AddObjectives(options => settings.GetSection("Objectives").Bind(options))
    .AddServing(options => settings.GetSection("Serving").Bind(options))
    .AddRunIndex(options => settings.GetSection("Runs").Bind(options))
    .AddCosts(options => settings.GetSection("Prices").Bind(options))
    .AddAccess(options => settings.GetSection("Access").Bind(options))
    .AddPredictionRoutes(options => settings.GetSection("Predictions").Bind(options))
    .AddTelemetry(options => settings.ReadTelemetry(options))
    .AddApi(settings);

await builder.Build().RunAsync();
