using System.CommandLine;
using Serverless.Embedded.Stack;
using Serverless.Embedded.Stack.Demo;
using Serverless.Embedded.Stack.Models;
using Serverless.Embedded.Stack.Promotions;
using Spectre.Console;

Option<string> data = new("--data") { Description = "Folder for all that is kept; deleting it starts afresh", DefaultValueFactory = _ => new StackOptions().DataDirectory };
Option<int> port = new("--port") { Description = "Port of the Functions app", DefaultValueFactory = _ => StackPorts.Default.Functions };
Option<int> blobPort = new("--blob-port") { Description = "Port of Azurite's blob service", DefaultValueFactory = _ => StackPorts.Default.Blob };
Option<int> queuePort = new("--queue-port") { Description = "Port of Azurite's queue service", DefaultValueFactory = _ => StackPorts.Default.Queue };
Option<int> s3Port = new("--s3-port") { Description = "Port of the S3 server", DefaultValueFactory = _ => StackPorts.Default.S3 };
Option<int> workers = new("--workers") { Description = "gpu-batch processes", DefaultValueFactory = _ => 1 };
Option<string> report = new("--report") { Description = "File for the demo's facts", DefaultValueFactory = _ => Path.Combine(Checkout.Root, "artifacts", "demo.json") };

Command run = new("run", "Serve until Ctrl+C") { data, port, blobPort, queuePort, s3Port, workers };
run.SetAction((parsed, cancellation) => RunCommand.RunAsync(new StackOptions
{
    DataDirectory = Path.GetFullPath(parsed.GetValue(data)!),
    Ports = new(parsed.GetValue(port), parsed.GetValue(blobPort), parsed.GetValue(queuePort), parsed.GetValue(s3Port)),
    Workers = parsed.GetValue(workers),
}, TimeProvider.System, cancellation));

Command demo = new("demo", "Upload samples/media to both stores, wait for the analyses, search, and end") { report };
demo.SetAction((parsed, cancellation) => DemoCommand.RunAsync(Path.GetFullPath(parsed.GetValue(report)!), TimeProvider.System, cancellation));

RootCommand root = new("The embedded edition on this machine: Azurite, an S3 server, the Functions app, the Lambda functions and gpu-batch.") { run, demo, ModelCommand.Create(data, port), PromoteCommand.Create(data, port) };
try
{
    InvocationConfiguration configuration = new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
    return await root.Parse(args).InvokeAsync(configuration);
}
catch (StackException e)
{
    AnsiConsole.MarkupLineInterpolated($"[red]{e.Message}[/]");
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
