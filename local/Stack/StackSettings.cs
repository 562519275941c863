using System.Collections.Concurrent;
using Serverless.Ingest;
using Serverless.Local.Stack.Processes;

namespace Serverless.Local.Stack;

internal static class MemberNames
{
    public const string Azurite = "azurite";
    public const string S3 = "s3";
    public const string Functions = "functions-azure";
    public const string AnotherFunctions = "functions-azure-2";
    public const string Lambda = "functions-aws";
    public const string Events = "events";
    public const string Worker = "gpu-batch";
}

/// <summary>How each member is started: command line, settings, log file.</summary>
internal sealed class StackSettings(StackOptions options)
{
    private const string FunctionName = "functions-aws";

    // Published by Microsoft for storage emulators; opens nothing but the emulator on this machine.
    internal const string EmulatorAccount = "devstoreaccount1";
    internal const string EmulatorKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly ConcurrentDictionary<int, Uri> _workerMetrics = new();

    public Uri FunctionsAddress => new($"http://127.0.0.1:{options.Ports.Functions}/");

    public Uri BlobAddress => new($"http://127.0.0.1:{options.Ports.Blob}/{EmulatorAccount}");

    public Uri LambdaHealth => new($"http://127.0.0.1:{options.Ports.Lambda}/health");

    public Uri S3Address => new($"http://127.0.0.1:{options.Ports.S3}/");

    public string AzureConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={EmulatorAccount};AccountKey={EmulatorKey};"
        + $"BlobEndpoint={BlobAddress};QueueEndpoint=http://127.0.0.1:{options.Ports.Queue}/{EmulatorAccount};"
        + $"TableEndpoint=http://127.0.0.1:{options.Ports.Table}/{EmulatorAccount};";

    public string LogDirectory => In("logs");

    public ProcessSpec Azurite() =>
        Node(
            MemberNames.Azurite,
            "--require",
            Checkout.AzuriteChanges,
            Path.Combine(Checkout.Root, "node_modules/azurite/dist/src/azurite.js"),
            "--location",
            In("azurite"),
            "--blobPort",
            $"{options.Ports.Blob}",
            "--queuePort",
            $"{options.Ports.Queue}",
            "--tablePort",
            $"{options.Ports.Table}",
            "--blobKeepAliveTimeout",
            "120",
            "--queueKeepAliveTimeout",
            "120",
            "--tableKeepAliveTimeout",
            "120",
            "--skipApiVersionCheck",
            "--disableTelemetry"
        );

    public ProcessSpec S3() =>
        Node(
            MemberNames.S3,
            Path.Combine(Checkout.Root, "local/Stack/s3.mjs"),
            "--port",
            $"{options.Ports.S3}",
            "--directory",
            In("s3"),
            "--bucket",
            options.Bucket
        );

    public ProcessSpec Functions() => FunctionsHost(MemberNames.Functions, options.Ports.Functions, options.DataDirectory);

    /// <summary>The same app once more over the same stores, with a data folder of its own.</summary>
    public ProcessSpec AnotherFunctions(int port)
    {
        ProcessSpec another = FunctionsHost(MemberNames.AnotherFunctions, port, AnotherDataDirectory);
        return another with
        {
            Environment = new Dictionary<string, string>(another.Environment)
            {
                ["Events__Endpoint"] = $"http://127.0.0.1:{port}/api/events",
            },
        };
    }

    public string AnotherDataDirectory => In("another-host");

    public ProcessSpec Lambda() =>
        DotNet(
            MemberNames.Lambda,
            "local/Lambda",
            "Serverless.Local.Lambda",
            "--port",
            $"{options.Ports.Lambda}",
            "--data",
            options.DataDirectory,
            "--name",
            FunctionName,
            "--",
            "dotnet",
            Checkout.Program("functions/Aws", "Serverless.Functions.Aws")
        );

    /// <summary>Uploads to the S3 server; those to Azurite too, once the host is named.</summary>
    public ProcessSpec Events() => DotNet(MemberNames.Events, "local/Events", "Serverless.Local.Events", "--data", options.DataDirectory);

    /// <summary>Where a worker serves its metrics, the same for those that take its place.</summary>
    public Uri WorkerMetrics(int number) =>
        _workerMetrics.GetOrAdd(number, _ => new Uri($"http://127.0.0.1:{StackPorts.FreePort()}/metrics"));

    public ProcessSpec Worker(int number)
    {
        string name = $"{MemberNames.Worker}-{number}";
        ProcessSpec worker = DotNet(
            name,
            "gpu-batch",
            "Serverless.GpuBatch",
            "--queue",
            "gpu-jobs",
            "--bucket",
            options.Bucket,
            "--data",
            options.DataDirectory,
            "--metrics-port",
            $"{WorkerMetrics(number).Port}"
        );
        // By its own name it takes the place of one that was killed.
        return worker with { Environment = new Dictionary<string, string>(worker.Environment) { ["Worker__Name"] = name } };
    }

    /// <summary>Any other app on a host of its own, over the same stores.</summary>
    public ProcessSpec App(string name, string folder, int port, string durableProvider)
    {
        ProcessSpec host = Host(name, folder, port, In(name));
        return host with
        {
            Environment = new Dictionary<string, string>(host.Environment)
            {
                ["AzureFunctionsWebHost__hostid"] = name,
                ["AzureFunctionsJobHost__extensions__durableTask__hubName"] = name.Replace("-", "", StringComparison.Ordinal),
                ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"] = durableProvider,
                ["Durable__SqliteFile"] = Path.Combine(In(name), "durable.db"),
            },
        };
    }

    public string DataDirectoryOf(string app) => In(app);

    private ProcessSpec FunctionsHost(string name, int port, string dataDirectory) =>
        Host(name, options.AppFolder ?? Checkout.AppFolder("functions/Azure"), port, dataDirectory);

    private ProcessSpec Host(string name, string appFolder, int port, string dataDirectory) =>
        DotNet(name, "local/Host", "Serverless.Local.Host", "--app", appFolder, "--port", $"{port}", "--data", dataDirectory);

    private ProcessSpec Node(string name, params string[] arguments) =>
        new(name, "node", arguments, new Dictionary<string, string>(), Checkout.Root, LogFile(name));

    private ProcessSpec DotNet(string name, string project, string assembly, params string[] arguments) =>
        new(
            name,
            "dotnet",
            [Checkout.Program(project, assembly), .. arguments],
            ProgramSettings(),
            Path.Combine(Checkout.Root, project),
            LogFile(name),
            options.ControlGroups.GetValueOrDefault(name)
        );

    private Dictionary<string, string> ProgramSettings()
    {
        Dictionary<string, string> settings = new()
        {
            ["AzureWebJobsStorage"] = AzureConnectionString,
            ["Registry__CacheFolder"] = In("models"),
            ["Registry__FirstAliasDirect"] = "true",
            ["Words__Folder"] = In("words"),
            ["S3__ServiceUrl"] = S3Address.GetLeftPart(UriPartial.Authority),
            ["S3__Bucket"] = options.Bucket,
            ["AWS_ACCESS_KEY_ID"] = "S3RVER",
            ["AWS_SECRET_ACCESS_KEY"] = "S3RVER",
            ["AWS_REGION"] = "us-east-1",
            ["Events__Endpoint"] = new Uri(FunctionsAddress, "api/events").ToString(),
            ["Events__SigningKeyFile"] = SigningKey.FindOrCreate(options.DataDirectory),
            ["S3Events__AccessLog"] = LogFile(MemberNames.S3),
            ["S3Events__QueueUrl"] = $"http://127.0.0.1:{options.Ports.Lambda}/123456789012/{FunctionName}-queue",
            ["BlobEvents__AccessLog"] = LogFile(MemberNames.Azurite),
            ["BlobEvents__Host"] = FunctionsAddress.ToString(),
            ["BlobEvents__Function"] = "BlobArrived",
            ["BlobEvents__DeletedQueue"] = AssetLayout.DeletedBlobsQueue,
            ["BlobEvents__KeysFile"] = HostKeys.PathIn(options.DataDirectory),
            ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__type"] = options.DurableProvider,
            ["Durable__SqliteFile"] = In("durable.db"),
            // Three .NET programs share this machine: without this the idle heaps alone take half a gigabyte.
            ["DOTNET_gcServer"] = "0",
        };
        if (options.Environment is { } environment)
        {
            settings["Environment__Name"] = environment;
        }
        foreach ((string key, string value) in options.Settings)
        {
            settings[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
        return settings;
    }

    private string LogFile(string member) => Path.Combine(LogDirectory, member + ".log");

    private string In(string folder) => Path.Combine(options.DataDirectory, folder);
}
