using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Embedded.Runtime.Blobs;
using Serverless.Embedded.Runtime.Durable;
using Serverless.Embedded.Runtime.Functions;
using Serverless.Embedded.Runtime.Http;
using Serverless.Embedded.Runtime.Invocation;
using Serverless.Embedded.Runtime.Orchestrations;
using Serverless.Embedded.Runtime.Queues;
using Serverless.Embedded.Runtime.StorageLog;
using Serverless.Embedded.Runtime.Timers;

namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>The host's configuration, read once, with every problem found on the way.</summary>
internal sealed class HostSetup
{
    /// <summary>The official host's limit for a request's body. A function may set another for its request before it reads.</summary>
    private const long DefaultMaxRequestBytes = 104_857_600;

    private readonly List<string> _problems = [];
    private readonly Settings _settings;
    private readonly bool _aspNetCore;
    private readonly HttpTriggerOptions _http;
    private readonly DurableEngineOptions _durable;
    private readonly TimeSpan? _functionTimeout;

    private HostSetup(WebApplicationBuilder web, HostFile host)
    {
        HostFile = host;
        _settings = new Settings(web.Configuration, _problems);
        _aspNetCore = web.Services.Any(service => service.ServiceType == typeof(AspNetCoreIntegration));
        _functionTimeout = host.FunctionTimeout(_problems);
        _http = Extension<HttpTriggerOptions>("http");
        Options = OptionsReader.Read<EmbeddedOptions>(web.Configuration.GetSection("Embedded"), "settings, Embedded", _problems);
        Options.DataDirectory = Path.GetFullPath(Options.DataDirectory, web.Environment.ContentRootPath);
        _durable = Extension<DurableEngineOptions>("durableTask");
        _durable.DatabasePath = DurableFunctions.DatabasePath(Options.DataDirectory, host.Section("extensions:durableTask")["hubName"], _settings, _problems);
        _durable.StopGrace = Options.StopGrace;
        Urls = (Options.Urls ?? web.Configuration["ASPNETCORE_URLS"] ?? web.Configuration["urls"] ?? "http://127.0.0.1:7071")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    public HostFile HostFile { get; }

    public EmbeddedOptions Options { get; }

    public IReadOnlyList<string> Urls { get; }

    public IReadOnlyList<string> Problems => _problems;

    public static HostSetup Read(WebApplicationBuilder web, HostFile host) => new(web, host);

    public IReadOnlyList<FunctionModel> Plan(IEnumerable<MethodInfo> methods)
    {
        var queues = Extension<QueueTriggerOptions>("queues");
        var blobs = new BlobBindings(_settings);
        var planner = new FunctionPlanner(
            [
                new HttpTriggerKind(_aspNetCore),
                new BlobTriggerKind(_settings, Extension<BlobTriggerOptions>("blobs")),
                new QueueTriggerKind(_settings, queues),
                new TimerTriggerKind(_settings),
                new OrchestrationTriggerKind(),
                new ActivityTriggerKind(),
            ],
            [new DurableClientKind(), blobs],
            [blobs, new QueueOutputKind(_settings, queues)],
            _problems);
        var functions = planner.Plan(methods);
        DurableFunctions.Check(functions, _problems);
        return functions;
    }

    public void AddServices(
        WebApplicationBuilder web, IReadOnlyList<FunctionModel> functions, IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        var services = web.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<JsonSerializerOptions>().Configure(json => json.PropertyNameCaseInsensitive = true); // the worker's default
        services.PostConfigure<HostOptions>(host => host.ShutdownTimeout = Options.StopGrace + TimeSpan.FromSeconds(3));
        services.AddSingleton(functions);
        services.AddSingleton(Options);
        services.AddSingleton(provider => new FunctionRunner(
            provider.GetRequiredService<IServiceScopeFactory>(), middleware, _functionTimeout,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => new DurableEngine(
            _durable,
            DurableFunctions.Registry(functions, provider.GetRequiredService<FunctionRunner>()),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService<DurableService>(); // before the triggers, so that it also stops after them
        services.AddSingleton<TriggerService>();
        services.AddHostedService(provider => provider.GetRequiredService<TriggerService>());
        AddTriggers(services);
        AddHttp(web);
    }

    private T Extension<T>(string name)
        where T : new() => OptionsReader.Read<T>(HostFile.Section($"extensions:{name}"), $"host.json, extensions.{name}", _problems);

    private void AddTriggers(IServiceCollection services)
    {
        services.AddSingleton<AccessLogs>();
        services.AddSingleton<EventFaults>();
        services.AddSingleton<StorageClients>();
        services.AddSingleton<TimerStates>();
        services.AddSingleton(_ => new TriggerDatabase(Options.DataDirectory));
    }

    private void AddHttp(WebApplicationBuilder web)
    {
        web.Services.AddRouting();
        web.Services.AddMvcCore(); // executes IActionResult
        web.Services.AddSingleton(_ => KeyRing.LoadOrCreate(Options.DataDirectory));
        web.Services.AddSingleton(new RequestGate(_http));
        web.Services.AddSingleton<FunctionEndpoints>();
        web.Services.AddSingleton<AdminEndpoints>();
        web.WebHost.UseUrls([.. Urls]);
        web.Services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.AllowSynchronousIO = true; // the worker's HttpRequestData has synchronous readers
            kestrel.Limits.MaxRequestBodySize = web.Configuration.GetValue("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", DefaultMaxRequestBytes);
        });
    }
}
