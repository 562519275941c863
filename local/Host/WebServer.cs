using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Local.Host.Http;
using Serverless.Local.Host.Worker;

namespace Serverless.Local.Host;

/// <summary>
/// Kestrel on the loopback address: the public port, and one for the workers' protocol. Before <see cref="Open"/> and after
/// <see cref="CloseAsync"/> the public port answers 503.
/// </summary>
internal sealed class WebServer : IAsyncDisposable
{
    /// <summary>Slower bodies would hold requests of others up; the sender is cut off once the grace is over.</summary>
    private const double MinBodyBytesPerSecond = 16 << 10;

    private static readonly TimeSpan SlowBodyGrace = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private volatile RequestDelegate? _serve;
    private int _running;

    public WebServer(int port, long bodyLimit, WorkerSupervisor workers, ILoggerFactory loggers)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = bodyLimit;
                kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(MinBodyBytesPerSecond, SlowBodyGrace);
                kestrel.Listen(IPAddress.Loopback, port);
                kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http2);
            });
        builder.Services.Replace(ServiceDescriptor.Singleton(loggers));
        builder.Services.Replace(ServiceDescriptor.Singleton<IHostLifetime, NoSignalLifetime>());
        builder.Services.AddRouting();
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = grpc.MaxSendMessageSize = null);
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton(workers).AddSingleton<FunctionRpcService>().AddSingleton<WorkerForwarder>();
        _app = builder.Build();
        Port = port;
        _app.MapWhen(
            context => context.Connection.LocalPort != Port,
            grpc => grpc.UseRouting().UseEndpoints(routes => routes.MapGrpcService<FunctionRpcService>())
        );
        _app.Run(ServeAsync);
    }

    public int Port { get; }

    public WorkerForwarder Forwarder => _app.Services.GetRequiredService<WorkerForwarder>();

    /// <summary>Starts to listen and gives the address for workers.</summary>
    public async Task<Uri> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException inUse)
        {
            throw new HostStartException($"Port {Port} cannot be listened on ({inUse.Message}); choose another with --port.", inUse);
        }
        ICollection<string> addresses = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return addresses.Select(address => new Uri(address)).First(address => address.Port != Port);
    }

    /// <summary>Serves the routes from now on.</summary>
    public void Open(Action<IEndpointRouteBuilder> map)
    {
        IApplicationBuilder routes = ((IApplicationBuilder)_app).New();
        routes.UseRouting();
        routes.Use(HideWrongMethod);
        routes.UseEndpoints(map);
        _serve = routes.Build();
    }

    /// <summary>Takes no more requests and waits for those that run.</summary>
    public async Task CloseAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        _serve = null;
        while (Volatile.Read(ref _running) > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        Interlocked.Increment(ref _running);
        try
        {
            if (_serve is { } serve)
            {
                await serve(context);
                return;
            }
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "1";
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>The real host knows no 405: a route that is asked for with another method is not there.</summary>
    private static Task HideWrongMethod(HttpContext context, RequestDelegate next)
    {
        if (
            context.GetEndpoint() is { } endpoint
            && endpoint.Metadata.GetMetadata<HttpRoute>() is null
            && endpoint.Metadata.GetMetadata<HostRoute>() is null
        )
        {
            context.SetEndpoint(null);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }
        return next(context);
    }
}
