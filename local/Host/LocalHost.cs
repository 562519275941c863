using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Local.Durable;
using Serverless.Local.Host.Functions;
using Serverless.Local.Host.Http;
using Serverless.Local.Host.Settings;
using Serverless.Local.Host.Worker;

namespace Serverless.Local.Host;

/// <summary>The whole host, in the order in which it is started and stopped.</summary>
internal sealed class LocalHost(HostArguments arguments, IConfiguration configuration, ILoggerFactory loggers, TimeProvider time)
{
    private const long DefaultBodyLimit = 104_857_600;

    /// <summary>All that runs is done or handed back within this time of a signal to stop.</summary>
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan WorkerStopLimit = TimeSpan.FromSeconds(1.5);

    private readonly ILogger _logger = loggers.CreateLogger("Host.Startup");

    /// <summary>Serves until the token is cancelled or the host fails.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        WorkerDescription description = WorkerDescription.Read(arguments.AppFolder);
        KeyRing keys = KeyRing.LoadOrCreate(arguments.DataFolder, loggers.CreateLogger("Host.Keys"));
        string hostId = FixedHostId.Of(configuration["AzureFunctionsWebHost:hostid"], description.Program);
        long bodyLimit = BodyLimit(configuration["FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"]);
        HostFault fault = new();
        Webhooks webhooks = new(keys, new Uri($"http://localhost:{arguments.Port}"));

        await using WorkerSupervisor workers = new(arguments.AppFolder, description, time, loggers);
        await using WebServer server = new(arguments.Port, bodyLimit, workers, loggers);
        Uri workersAddress = await server.StartAsync(cancellationToken);
        await StartAsync("worker", () => workers.StartAsync(workersAddress, cancellationToken), cancellationToken);
        FunctionDefinition[] functions = [.. workers.Functions.Select(FunctionDefinition.From)];

        JobHostComposition composition = new(configuration, loggers, time, workers, server.Forwarder, webhooks, fault, hostId);
        using IHost jobs = composition.Build(functions);
        await using RunStoreClaim? claim = await ClaimAsync(jobs, hostId, fault, cancellationToken);
        await StartAsync("job host", () => jobs.StartAsync(cancellationToken), cancellationToken);
        Open(server, jobs, functions, keys, webhooks, hostId, bodyLimit);
        Log.Serving(_logger, functions.Length, $"http://localhost:{arguments.Port}", (long)time.GetElapsedTime(started).TotalMilliseconds);

        await ServeAsync(fault, cancellationToken);
        await StopAsync(server, jobs, workers);
        if (fault.Task.IsCompleted)
        {
            throw new HostStartException($"The host ended itself: {(await fault.Task).Message}", await fault.Task);
        }
    }

    /// <summary>Whatever keeps a part from starting is said in one line; most often a setting or a service is missing.</summary>
    private static async Task StartAsync(string part, Func<Task> start, CancellationToken cancellationToken)
    {
        try
        {
            await start();
        }
        catch (Exception failure) when (failure is not HostStartException && !cancellationToken.IsCancellationRequested)
        {
            string reason = failure.GetBaseException().Message.ReplaceLineEndings(" ").TrimEnd('.');
            throw new HostStartException(
                $"The {part} could not start ({reason}); check the app's settings and that the services they name answer.",
                failure
            );
        }
    }

    /// <summary>Null where the run store is a service, which hosts share by its task hub.</summary>
    private async Task<RunStoreClaim?> ClaimAsync(IHost jobs, string hostId, HostFault fault, CancellationToken cancellationToken)
    {
        if (configuration[$"{HostFile.Section}:extensions:durableTask:storageProvider:type"] != SqliteDurabilityOptions.ProviderType)
        {
            return null;
        }
        RunStoreClaim? claim = null;
        await StartAsync(
            "job host",
            async () =>
                claim = await RunStoreClaim.TakeAsync(
                    jobs.Services.GetRequiredService<HostContainer>().Open(),
                    hostId,
                    configuration["Durable:SqliteFile"]!,
                    fault,
                    time,
                    cancellationToken
                ),
            cancellationToken
        );
        return claim;
    }

    internal static long BodyLimit(string? setting) =>
        string.IsNullOrEmpty(setting) ? DefaultBodyLimit
        : long.TryParse(setting, CultureInfo.InvariantCulture, out long limit) && limit > 0 ? limit
        : throw new HostStartException($"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT is '{setting}'; write a number of bytes.");

    private void Open(
        WebServer server,
        IHost jobs,
        FunctionDefinition[] functions,
        KeyRing keys,
        Webhooks webhooks,
        string hostId,
        long bodyLimit
    )
    {
        HttpOptions http = configuration.GetSection($"{HostFile.Section}:extensions:http").Get<HttpOptions>() ?? new HttpOptions();
        JobHostRunner runner = jobs.Services.GetRequiredService<JobHostRunner>();
        HttpRoute[] routes =
        [
            .. functions
                .Where(function => function.Trigger.IsHttpTrigger && runner.Offers(function))
                .Select(function => HttpRoute.Of(function, http.RoutePrefix)),
        ];
        keys.AddFunctions(routes.Where(route => route.Level == AccessLevel.Function).Select(route => route.Function.Name));
        server.Open(builder =>
        {
            new FunctionEndpoints(runner, keys, new RequestGate(http), bodyLimit, loggers.CreateLogger("Host.Http")).Map(builder, routes);
            new WebhookEndpoints(keys, webhooks).Map(builder);
            new AdminEndpoints(keys, functions, runner, hostId, loggers.CreateLogger("Host.Admin")).Map(builder);
        });
    }

    private static async Task ServeAsync(HostFault fault, CancellationToken cancellationToken)
    {
        TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = cancellationToken.Register(stopped.SetResult);
        await Task.WhenAny(stopped.Task, fault.Task);
    }

    /// <summary>Requests first, then the listeners with what they run, then the worker, and with the server the worker's channel.</summary>
    private async Task StopAsync(WebServer server, IHost jobs, WorkerSupervisor workers)
    {
        Log.Stopping(_logger, DrainLimit.TotalSeconds);
        using CancellationTokenSource limit = new(DrainLimit, time);
        try
        {
            Task requests = server.CloseAsync(time, limit.Token);
            await Task.WhenAll(requests, jobs.StopAsync(limit.Token)).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Log.DrainCutOff(_logger, DrainLimit.TotalSeconds);
        }
        await workers.StopAsync(WorkerStopLimit);
    }
}
