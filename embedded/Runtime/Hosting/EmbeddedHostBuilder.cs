using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Functions;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>What stands behind <c>FunctionsApplication.CreateBuilder(args)</c>: an ASP.NET Core application with the functions in it.</summary>
internal sealed class EmbeddedHostBuilder
{
    private readonly HostFile _hostFile;

    public EmbeddedHostBuilder(string[] args)
    {
        StartFailure.ReportInOneLine();
        var bootstrap = new ConfigurationBuilder()
            .AddEnvironmentVariables("ASPNETCORE_").AddEnvironmentVariables("DOTNET_").AddEnvironmentVariables("AZURE_FUNCTIONS_")
            .AddCommandLine(args).Build();
        var contentRoot = Path.GetFullPath(
            bootstrap[HostDefaults.ContentRootKey] ?? Environment.GetEnvironmentVariable("AzureWebJobsScriptRoot") ?? Directory.GetCurrentDirectory());
        Web = WebApplication.CreateEmptyBuilder(new()
        {
            Args = args,
            ContentRootPath = contentRoot,
            EnvironmentName = bootstrap[HostDefaults.EnvironmentKey],
        });
        _hostFile = HostFile.Load(contentRoot);
        AppSettings.Add(Web.Configuration, contentRoot, Web.Environment.EnvironmentName, _hostFile, args);
        AddLogging(Web.Logging, _hostFile);
        Web.WebHost.UseKestrelCore();
    }

    public WebApplicationBuilder Web { get; }

    public List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Middleware { get; } = [];

    /// <summary>The classes to look for functions in; the entry assembly and what it references where this is null.</summary>
    public IReadOnlyList<Type>? FunctionTypes { get; set; }

    /// <summary>Plans the functions and wires the host; throws one exception that lists all problems.</summary>
    public IHost Build()
    {
        var setup = HostSetup.Read(Web, _hostFile);
        var methods = FunctionTypes?.SelectMany(FunctionDiscovery.FindIn) ?? FunctionDiscovery.FindIn(Assembly.GetEntryAssembly()!);
        var functions = setup.Plan(methods);
        HostStartException.ThrowIfAny(setup.Problems);

        setup.AddServices(Web, functions, Middleware);
        var app = Web.Build();
        return new EmbeddedHost(app, setup, functions);
    }

    private static void AddLogging(ILoggingBuilder logging, HostFile host)
    {
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        logging.AddConfiguration(host.Logging);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.UseUtcTimestamp = true;
        });
    }
}
