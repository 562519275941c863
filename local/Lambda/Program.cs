using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Serverless.Local.Lambda;

LambdaOptions options = LambdaOptions.Read(new ConfigurationBuilder().AddEnvironmentVariables().Build());
Argument<string[]> command = new("function")
{
    Description = "The program that starts the function, and its arguments",
    Arity = ArgumentArity.OneOrMore,
};
Option<int> port = new("--port")
{
    Description = "Port of the queue on 127.0.0.1 (0: a free one)",
    DefaultValueFactory = _ => options.Port,
};
Option<string> data = new("--data") { Description = "Folder in which the queue is kept", DefaultValueFactory = _ => options.DataDirectory };
Option<string> name = new("--name") { Description = "The function's name", DefaultValueFactory = _ => options.FunctionName };
Option<int> concurrency = new("--concurrency")
{
    Description = "Invocations at a time, a process each",
    DefaultValueFactory = _ => options.Concurrency,
};

RootCommand root = new(
    """
    AWS Lambda for one machine: serves the Runtime API to a function and feeds it from an SQS queue.
    Further settings are read from the environment: Lambda__BatchSize, Lambda__BatchWindow, Lambda__MaxReceiveCount, Lambda__MemoryMb,
    Lambda__QueueName, Lambda__StopLimit, Lambda__Timeout, Lambda__VisibilityTimeout, AWS_REGION. The function gets this environment too.
    """
)
{
    command,
    port,
    data,
    name,
    concurrency,
};
root.SetAction(
    async (parsed, cancellationToken) =>
    {
        options.Command = parsed.GetValue(command)!;
        options.Port = parsed.GetValue(port);
        options.DataDirectory = Path.GetFullPath(parsed.GetValue(data)!);
        options.FunctionName = parsed.GetValue(name)!;
        options.Concurrency = parsed.GetValue(concurrency);
        using ILoggerFactory loggers = LoggerFactory.Create(logging =>
            logging.AddFilter("Microsoft", LogLevel.Warning).AddSimpleConsole(console => console.SingleLine = true)
        );
        await using LambdaService service = await LambdaService.StartAsync(
            options.Validated(),
            TimeProvider.System,
            loggers,
            cancellationToken
        );
        try
        {
            await service.WaitForFaultAsync().WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop: what runs is finished first.
        }
    }
);

try
{
    InvocationConfiguration configuration = new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = options.StopLimit + TimeSpan.FromSeconds(5),
    };
    return await root.Parse(args).InvokeAsync(configuration);
}
catch (Exception e) when (e is IOException or InvalidOperationException or System.ComponentModel.Win32Exception)
{
    Console.Error.WriteLine(e.Message.ReplaceLineEndings(" "));
    return 1;
}
