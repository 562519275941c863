using System.CommandLine;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Backups;
using Serverless.Local.Stack.Demo;
using Serverless.Local.Stack.Load;
using Serverless.Local.Stack.Models;
using Serverless.Local.Stack.Models.Fetched;
using Serverless.Local.Stack.Promotions;
using Serverless.Local.Stack.Recommend;
using Serverless.Local.Stack.Releases;
using Serverless.Local.Stack.Simulate;

Option<string> data = new("--data")
{
    Description = "Folder for all that is kept; deleting it starts afresh",
    DefaultValueFactory = _ => new StackOptions().DataDirectory,
};
Option<int> port = NumberOption.Create("--port", "Port of the Functions app", StackPorts.Default.Functions, 1, 65535);
Option<int> blobPort = NumberOption.Create("--blob-port", "Port of Azurite's blob service", StackPorts.Default.Blob, 1, 65535);
Option<int> queuePort = NumberOption.Create("--queue-port", "Port of Azurite's queue service", StackPorts.Default.Queue, 1, 65535);
Option<int> tablePort = NumberOption.Create("--table-port", "Port of Azurite's table service", StackPorts.Default.Table, 1, 65535);
Option<int> s3Port = NumberOption.Create("--s3-port", "Port of the S3 server", StackPorts.Default.S3, 1, 65535);
Option<int> lambdaPort = NumberOption.Create(
    "--lambda-port",
    "Port of the queue of the Lambda functions",
    StackPorts.Default.Lambda,
    1,
    65535
);
Option<int> workers = NumberOption.Create("--workers", "gpu-batch processes", 1, 0, 64);
Option<string> durable = new("--durable")
{
    Description = "Where orchestrations are kept: sqlite (one file) or azure (the Azure Storage provider, on Azurite)",
    DefaultValueFactory = _ => "sqlite",
};
durable.AcceptOnlyFromAmong("sqlite", "azure");
Option<string> environments = new("--environments")
{
    Description = "shared: one app serves dev, qa and prod; separate: three apps with stores of their own and one registry between them",
    DefaultValueFactory = _ => "shared",
};
environments.AcceptOnlyFromAmong("shared", "separate");
Option<string> report = new("--report")
{
    Description = "File for the demo's facts",
    DefaultValueFactory = _ => Path.Combine(Checkout.Root, "artifacts", "demo.json"),
};

Command run = new("run", "Serve until Ctrl+C")
{
    data,
    port,
    blobPort,
    queuePort,
    tablePort,
    s3Port,
    lambdaPort,
    workers,
    durable,
    environments,
};
run.SetAction(
    (parsed, cancellationToken) =>
        RunCommand.RunAsync(
            new StackOptions
            {
                DataDirectory = Path.GetFullPath(parsed.GetValue(data)!),
                Ports = new(
                    parsed.GetValue(port),
                    parsed.GetValue(blobPort),
                    parsed.GetValue(queuePort),
                    parsed.GetValue(tablePort),
                    parsed.GetValue(s3Port),
                    parsed.GetValue(lambdaPort)
                ),
                DurableProvider = parsed.GetValue(durable) == "azure" ? DurableProviders.AzureStorage : DurableProviders.Sqlite,
                Workers = parsed.GetValue(workers),
            },
            parsed.GetValue(environments) == "separate",
            TimeProvider.System,
            cancellationToken
        )
);

Command demo = new("demo", "Upload samples/media to both stores, wait for the analyses, search, and end") { report };
demo.SetAction(
    (parsed, cancellationToken) => DemoCommand.RunAsync(Path.GetFullPath(parsed.GetValue(report)!), TimeProvider.System, cancellationToken)
);

RootCommand root = new(
    "The pipeline on this machine: Azurite, an S3 server, the Functions app on its host, the Lambda functions, storage events "
        + "and gpu-batch."
)
{
    run,
    demo,
    FetchCommand.Create(),
    ModelCommand.Create(data),
    SignCommand.Create(data),
    PromoteCommand.Create(data),
    BackupCommands.CreateBackup(data),
    BackupCommands.CreateRestore(data),
    ReleaseCommands.CreateCompare(data),
    ReleaseCommands.CreateRelease(data),
    LoadCommand.Create(data),
    RecommendCommand.Create(data),
    MeasureCommand.Create(),
    SimulateCommand.Create(),
};
try
{
    InvocationConfiguration configuration = new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
    };
    return await root.Parse(args).InvokeAsync(configuration);
}
catch (Exception e) when (CommandFault.Of(e) is { } fault)
{
    if (fault.Message is { } message)
    {
        Console.Error.WriteLine(message);
    }
    return fault.Code;
}
