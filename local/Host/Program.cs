using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Serverless.Local.Host;
using Serverless.Local.Host.Settings;

Option<string> app = new("--app") { Description = "Folder that 'dotnet publish' of the Functions app made", Required = true };
Option<int> port = new("--port") { Description = "Port on 127.0.0.1", DefaultValueFactory = _ => 7071 };
Option<string?> settings = new("--settings") { Description = "Settings file [default: local.settings.json of the app, if present]" };
Option<string> data = new("--data") { Description = "Folder for keys and the local Durable store", DefaultValueFactory = _ => ".data" };

RootCommand root = new(
    "Runs an Azure Functions app (.NET isolated worker) on this machine. Environment variables win over the settings file."
)
{
    app,
    port,
    settings,
    data,
};
root.SetAction(
    async (parsed, cancellationToken) =>
    {
        HostArguments arguments = HostArguments.Create(
            parsed.GetValue(app)!,
            parsed.GetValue(port),
            parsed.GetValue(settings),
            parsed.GetValue(data)!
        );
        foreach ((string name, string? value) in AppSettings.Complete(arguments, Environment.GetEnvironmentVariables()))
        {
            Environment.SetEnvironmentVariable(name, value);
        }
        IConfiguration configuration = HostFile.Load(arguments.AppFolder);
        using ILoggerFactory loggers = HostLogging.Create(configuration);
        await new LocalHost(arguments, configuration, loggers, TimeProvider.System).RunAsync(cancellationToken);
    }
);

try
{
    InvocationConfiguration configuration = new()
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(15),
    };
    return await root.Parse(args).InvokeAsync(configuration);
}
catch (HostStartException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
