using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Serverless.Local.Events;

EventsOptions options = EventsOptions.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build());
Option<string> data = new("--data")
{
    Description = "Folder that keeps events until they are delivered",
    DefaultValueFactory = _ => options.DataDirectory,
};

RootCommand root = new(
    """
    Storage events for one machine: follows the access logs of an S3 server and of Azurite, and tells of uploads as the clouds do.
    Settings are read from the environment. For S3 notifications: S3__ServiceUrl, S3__Bucket, S3Events__QueueUrl, S3Events__AccessLog,
    S3Events__Prefix, S3Events__RecordsPerMessage. For Event Grid events: AzureWebJobsStorage, BlobEvents__Host, BlobEvents__Function,
    BlobEvents__Key or BlobEvents__KeysFile, BlobEvents__AccessLog, BlobEvents__Container, BlobEvents__DeletedQueue, BlobEvents__MaxEventsPerBatch.
    """
)
{
    data,
};
root.SetAction(
    async (parsed, cancellationToken) =>
    {
        options.DataDirectory = Path.GetFullPath(parsed.GetValue(data)!);
        using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console => console.SingleLine = true));
        try
        {
            await EventsService.RunAsync(options.Validated(), TimeProvider.System, loggers.CreateLogger("Events"), cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop: what was not delivered is kept.
        }
    }
);

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception e) when (e is IOException or InvalidOperationException)
{
    Console.Error.WriteLine(e.Message.ReplaceLineEndings(" "));
    return 1;
}
