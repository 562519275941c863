using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Serverless.Benchmarks;

/// <summary>
/// The host's forwarder alone: a web server that answers a few bytes, and one before it that only forwards. What a request takes longer by
/// the second is the forwarder's share, the second web server and its connection included.
/// </summary>
internal sealed class BareForwarder : IAsyncDisposable
{
    private readonly WebApplication _answering;
    private readonly WebApplication _forwarding;
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    private readonly HttpClient _http = new();

    private BareForwarder(WebApplication answering, WebApplication forwarding) => (_answering, _forwarding) = (answering, forwarding);

    public static async Task<BareForwarder> StartAsync()
    {
        BareForwarder bare = new(Make(), Make());
        bare._answering.Map("/", () => Results.Text("ok"));
        await bare._answering.StartAsync();
        string target = AddressOf(bare._answering).ToString();
        IHttpForwarder forwarder = bare._forwarding.Services.GetRequiredService<IHttpForwarder>();
        bare._forwarding.Map("/", async context => await forwarder.SendAsync(context, target, bare._client));
        await bare._forwarding.StartAsync();
        return bare;
    }

    public double TimeAnswer(CancellationToken cancellationToken) => TimeGet(_answering, cancellationToken);

    public double TimeForwarded(CancellationToken cancellationToken) => TimeGet(_forwarding, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _forwarding.DisposeAsync();
        await _answering.DisposeAsync();
        _client.Dispose();
        _http.Dispose();
    }

    private double TimeGet(WebApplication server, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, AddressOf(server));
        long startedAt = Stopwatch.GetTimestamp();
        using HttpResponseMessage response = _http.Send(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(startedAt).TotalMilliseconds;
    }

    private static WebApplication Make()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddHttpForwarder();
        return builder.Build();
    }

    private static Uri AddressOf(WebApplication server) =>
        new(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
}
