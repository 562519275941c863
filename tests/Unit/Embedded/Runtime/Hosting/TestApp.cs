using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Serverless.Unit.Servers;

namespace Serverless.Unit.Embedded.Runtime.Hosting;

/// <summary>A Functions app of some classes, on a free port, with a folder of its own; built as an app's Program.cs builds it.</summary>
internal sealed class TestApp : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly HttpClient _client;

    private TestApp(IHost host, string directory)
    {
        (_host, Directory) = (host, directory);
        var address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        _client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public string Directory { get; }

    public HttpClient Client => _client;

    public IServiceProvider Services => _host.Services;

    public string MasterKey => Key(keys => keys.GetProperty("masterKey"));

    public string FunctionKey => Key(keys => keys.GetProperty("functionKeys").GetProperty("default"));

    public static async Task<TestApp> StartAsync(TestAppSetup setup)
    {
        var directory = setup.Directory ?? System.IO.Directory.CreateTempSubdirectory("app-").FullName;
        var host = Build(setup, directory);
        await host.StartAsync();
        return new TestApp(host, directory);
    }

    public static IHost Build(TestAppSetup setup, string directory)
    {
        File.WriteAllText(Path.Combine(directory, "host.json"), setup.HostJson);
        string[] settings =
        [
            $"--contentRoot={directory}", "--Embedded:Urls=http://127.0.0.1:0", $"--Embedded:DataDirectory={Path.Combine(directory, "data")}",
            .. setup.Azurite is { } azurite ? [$"--AzureWebJobsStorage={azurite.ConnectionString}", $"--Embedded:AzureAccessLog={azurite.AccessLogPath}"] : Array.Empty<string>(),
            .. setup.Settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        ];
        var builder = FunctionsApplication.CreateBuilder(settings);
        builder.Logging.ClearProviders();
        builder.FunctionTypes = setup.Functions;
        builder.ConfigureFunctionsWebApplication();
        setup.Configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Stops it and leaves its folder, so that it can be started again.</summary>
    public async Task StopAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private string Key(Func<JsonElement, JsonElement> find)
    {
        using var keys = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Directory, "data", "keys.json")));
        return find(keys.RootElement).GetString()!;
    }
}

internal sealed record TestAppSetup(params Type[] Functions)
{
    public string HostJson { get; init; } = "{}";

    public string? Directory { get; init; }

    public AzuriteServer? Azurite { get; init; }

    public Dictionary<string, string> Settings { get; init; } = [];

    public Action<FunctionsApplicationBuilder>? Configure { get; init; }
}
