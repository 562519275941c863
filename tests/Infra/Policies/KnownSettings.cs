using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Alerts;
using Serverless.AzureSearch;
using Serverless.Captures;
using Serverless.Drift;
using Serverless.Exports;
using Serverless.Functions.Aws;
using Serverless.Functions.Azure;
using Serverless.Functions.Azure.Access;
using Serverless.Functions.Azure.Predictions;
using Serverless.GpuBatch;
using Serverless.Inference;
using Serverless.Infra.Terraform;
using Serverless.Ingest;
using Serverless.Orchestrations.Drift;
using Serverless.Orchestrations.Ingest;
using Serverless.Orchestrations.Promotion;
using Serverless.Registry;
using Serverless.Serving;
using Serverless.Storage;
using Serverless.Telemetry;
using Serverless.Validation;

namespace Serverless.Infra.Policies;

/// <summary>Every setting is one that its program reads: the programs' readers are run on them, and what they ask for is noted.</summary>
internal static class KnownSettings
{
    /// <summary>What the Functions host and the SDKs of the clouds read.</summary>
    private static readonly string[] OfHosts =
    [
        "AzureWebJobsStorage",
        "AzureFunctionsJobHost",
        "AZURE_CLIENT_ID",
        "DURABLE_TASK_SCHEDULER_CONNECTION_STRING",
        "ASPNETCORE_URLS",
    ];

    private const string InObjects = "Secrets__";

    public static IEnumerable<string> Check(Applied applied) =>
        [
            .. applied.Of("azurerm_function_app_flex_consumption").SelectMany(_ => OfFunctions(Settings.OfFunctions(applied))),
            .. applied.Of("aws_lambda_function").SelectMany(_ => Unread(Settings.OfLambda(applied), ReadLambda)),
            .. applied
                .Resources.Where(resource => resource.Type is "azurerm_container_app_job" or "aws_batch_job_definition")
                .SelectMany(_ => OfWorker(Settings.OfWorker(applied))),
        ];

    public static IEnumerable<string> OfFunctions(IReadOnlyDictionary<string, string> settings) => Unread(settings, ReadFunctions);

    public static IEnumerable<string> OfWorker(IReadOnlyDictionary<string, string> settings) => Unread(settings, ReadWorker);

    private static IEnumerable<string> Unread(IReadOnlyDictionary<string, string> settings, Action<IConfiguration> read)
    {
        // What lies in an object is read under the name behind it (see LambdaSettings).
        NotedSettings noted = new(settings.ToDictionary(setting => Bare(setting.Key), setting => setting.Value));
        string? fault = null;
        try
        {
            ConfigurationRoot root = new([noted]);
            root.ServeOneEnvironment();
            read(root);
        }
        catch (ArgumentException e)
        {
            fault = e.Message;
        }
        return settings
            .Keys.Where(name => !OfHosts.Contains(name.Split("__")[0]))
            .Where(name => !noted.Asked.Contains(Bare(name).Replace("__", ":", StringComparison.Ordinal)))
            .Select(name => $"The setting {name} is read by nothing.")
            .Concat(fault is null ? [] : [fault]);
    }

    private static string Bare(string name) => name.StartsWith(InObjects, StringComparison.Ordinal) ? name[InObjects.Length..] : name;

    /// <summary>As Program.cs of the Functions app has it.</summary>
    private static void ReadFunctions(IConfiguration settings) =>
        new ServiceCollection()
            .AddLogging()
            .AddStorage(options => SettingsReader.ReadStorage(settings, options))
            .AddRegistry(options => settings.GetSection("Registry").ReadRegistry(options))
            .AddInference(options => settings.GetSection("Models").Bind(options))
            .AddSearchEngine(options => settings.GetSection("Search").Bind(options))
            .AddAssets(options => SettingsReader.ReadAssets(settings, options))
            .AddIngest(options => settings.GetSection("Reconcile").Bind(options))
            .AddCaptures(options => settings.GetSection("Captures").Bind(options))
            .AddAlerts(options => settings.GetSection("Mail").Bind(options))
            .AddModelValidation(options => settings.GetSection("Validation").Bind(options))
            .AddPromotion(options => settings.GetSection("Promotion").Bind(options))
            .AddDriftChecks(options => settings.GetSection("Drift").ReadDrift(options))
            .AddExports(options => settings.GetSection("Exports").Bind(options))
            .AddServing(options => settings.GetSection("Serving").Bind(options))
            .AddAccess(options => settings.GetSection("Access").Bind(options))
            .AddPredictionRoutes(options => settings.GetSection("Predictions").Bind(options))
            .AddTelemetry(options => SettingsReader.ReadTelemetry(settings, options))
            .AddApi(settings);

    private static void ReadLambda(IConfiguration settings) =>
        LambdaSettings
            .AddModels(new ServiceCollection().AddLogging().AddStorage(options => LambdaSettings.ReadStorage(settings, options)), settings)
            .AddAssets(options => LambdaSettings.ReadAssets(settings, options))
            .AddTelemetry(options => LambdaSettings.ReadTelemetry(settings, options));

    private static void ReadWorker(IConfiguration settings)
    {
        settings.ReadWorker(untilEmpty: true, metricsPort: null);
        WorkerSettings.AddModels(
            new ServiceCollection()
                .AddLogging()
                .AddStorage(options => WorkerSettings.ReadStorage(settings, options, bucket: null))
                .AddAssets(options => WorkerSettings.ReadAssets(settings, options, dataFolder: null)),
            settings
        );
    }
}
