using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Serverless.Local.Queues;

namespace Serverless.Local.Lambda;

/// <summary>AWS Lambda around one function on one machine: queue, event source mapping, and processes with a Runtime API each.</summary>
internal sealed class LambdaService : IAsyncDisposable
{
    private readonly LambdaOptions _options;
    private readonly SqliteFile _file;
    private readonly WebApplication _web;
    private readonly ExecutionEnvironment[] _environments;
    private readonly Dictionary<int, ExecutionEnvironment> _environmentByPort = [];
    private readonly CancellationTokenSource _stopTaking = new();
    private readonly CancellationTokenSource _stopFunctions = new();
    private Task _taking = Task.CompletedTask;
    private Task _functions = Task.CompletedTask;

    private LambdaService(LambdaOptions options, SqliteFile file, TimeProvider time, ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger("Lambda");
        Channel<ExecutionEnvironment> ready = Channel.CreateUnbounded<ExecutionEnvironment>(); // each environment asks once at a time
        Wakeup work = new(time);
        (_options, _file) = (options, file);
        Queue = new MessageQueue(
            file,
            new QueueOptions { MaxReceiveCount = options.MaxReceiveCount, RetryDelay = options.VisibilityTimeout },
            time
        );
        _environments =
        [
            .. Enumerable
                .Range(1, options.Concurrency)
                .Select(number => new ExecutionEnvironment(options, number, ready.Writer, time, logger)),
        ];
        Mapping = new EventSourceMapping(options, Queue, work, ready.Reader, time, logger);
        _web = Build(options, loggers);
        _web.Use(RefuseForeignHosts);
        new RuntimeApi(options, context => _environmentByPort.GetValueOrDefault(context.Connection.LocalPort), logger).Map(_web);
        new QueueApi(options, Queue, work).Map(_web, () => _environments.Any(environment => environment.HasAsked));
    }

    public MessageQueue Queue { get; }

    public IReadOnlyList<ExecutionEnvironment> Environments => _environments;

    /// <summary>Where messages are sent to.</summary>
    public Uri QueueUrl { get; private set; } = null!;

    /// <summary>Host and port of each environment's Runtime API.</summary>
    public IReadOnlyList<string> RuntimeApis { get; private set; } = [];

    private EventSourceMapping Mapping { get; }

    /// <exception cref="IOException">The port or the queue's file is in use.</exception>
    public static async Task<LambdaService> StartAsync(
        LambdaOptions options,
        TimeProvider time,
        ILoggerFactory loggers,
        CancellationToken cancellationToken
    )
    {
        SqliteFile file = SqliteFile.Open(Path.Combine(options.DataDirectory, "lambda", $"{options.Queue}.db"));
        LambdaService service = new(options, file, time, loggers);
        try
        {
            await service.BeginAsync(loggers.CreateLogger("Lambda"), cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends only by a fault that the process must not survive.</summary>
    public async Task WaitForFaultAsync() => await await Task.WhenAny(_taking, _functions);

    /// <summary>Lets running invocations finish, then ends the processes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopTaking.CancelAsync();
        await _taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopFunctions.CancelAsync();
        await _functions.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _web.DisposeAsync();
        _file.Dispose();
    }

    private async Task BeginAsync(ILogger logger, CancellationToken cancellationToken)
    {
        await _web.StartAsync(cancellationToken);
        int[] ports = [.. _web.Urls.Select(url => new Uri(url).Port)];
        QueueUrl = new Uri($"http://127.0.0.1:{ports[0]}/{SqsBatch.Account}/{_options.Queue}");
        RuntimeApis = [.. ports.Skip(1).Select(port => $"127.0.0.1:{port}")];
        for (int i = 0; i < _environments.Length; i++)
        {
            _environmentByPort.Add(ports[i + 1], _environments[i]);
        }

        logger.Serving(_options.FunctionName, QueueUrl.AbsoluteUri, string.Join(", ", RuntimeApis));
        _functions = Task.WhenAll(
            _environments.Zip(RuntimeApis, (environment, runtimeApi) => environment.RunAsync(runtimeApi, _stopFunctions.Token))
        );
        _taking = Mapping.RunAsync(_stopTaking.Token);
    }

    private static WebApplication Build(LambdaOptions options, ILoggerFactory loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore().AddSingleton(loggers);
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Limits.MaxRequestBodySize = null; // the endpoints bound what they read
                kestrel.Listen(IPAddress.Loopback, options.Port);
                // A port for each process, so that it is known which one asks.
                for (int i = 0; i < options.Concurrency; i++)
                {
                    kestrel.Listen(IPAddress.Loopback, 0);
                }
            });
        return builder.Build();
    }

    /// <summary>A web page whose name was made to lead to this machine has its own name in the Host header.</summary>
    private static Task RefuseForeignHosts(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Host.Host is "127.0.0.1" or "localhost")
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
