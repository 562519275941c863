using System.Net;
using System.Net.Sockets;
using Azure.Storage.Blobs;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Serverless.Embedded.Runtime.Hosting;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Hosting;

public sealed class HostStartTests
{
    [Fact]
    public void Build_WithSeveralFaults_ReportsAllOfThem()
    {
        var failure = Assert.Throws<HostStartException>(() => Build(new TestAppSetup(typeof(Faulty), typeof(Twin))
        {
            HostJson = """{ "functionTimeout": "soon", "extensions": { "queues": { "batchSize": 99 } } }""",
        }));

        string[] expected =
        [
            "function 'BadBlob', parameter 'blob': '%Missing%' in the path '%Missing%/{name}' is not a container name",
            "function 'BadBlob', parameter 'blob': '%Missing%/{name}' names the setting 'Missing', which is not set",
            "function 'BadBlob', parameter 'blob': the setting 'AzureWebJobsStorage' holds no storage connection string",
            "function 'BadTimer', parameter 'timer': the schedule 'often' has 1 fields",
            "function 'BadTimer', parameter 'wish': nothing fills a parameter of type HttpClient",
            "function 'NoTrigger' has 0 parameters with a trigger attribute; exactly one is needed",
            "function 'Twice' is declared 2 times",
            "host.json, extensions.queues: The field BatchSize must be between 1 and 32. Found: BatchSize = 99",
            "host.json: functionTimeout is 'soon'",
        ];
        Assert.Equal(expected.Length, failure.Problems.Count);
        Assert.All(expected.Zip(failure.Problems.Order(StringComparer.Ordinal)), pair => Assert.StartsWith(pair.First, pair.Second));
    }

    [Fact]
    public async Task Start_OnATakenPort_NamesItInOneLine()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var failure = await Assert.ThrowsAsync<HostStartException>(() => TestApp.StartAsync(new TestAppSetup(typeof(Settings))
        {
            Settings = new() { ["Embedded:Urls"] = $"http://127.0.0.1:{port}" },
        }));

        Assert.StartsWith($"cannot listen on http://127.0.0.1:{port}: port {port} is in use", Assert.Single(failure.Problems));
    }

    [Fact]
    public async Task Start_OnADataFolderInUse_NamesIt()
    {
        await using var app = await TestApp.StartAsync(new TestAppSetup(typeof(Settings)));

        var failure = await Assert.ThrowsAsync<HostStartException>(() => TestApp.StartAsync(new TestAppSetup(typeof(Settings)) { Directory = app.Directory }));

        Assert.Contains($"{app.Directory}/data is used by another host", Assert.Single(failure.Problems));
    }

    [Fact]
    public void Build_WithBrokenHostJson_NamesTheFile()
    {
        var failure = Assert.Throws<HostStartException>(() => Build(new TestAppSetup(typeof(Settings)) { HostJson = "{ nonsense" }));

        Assert.Contains("host.json is not valid JSON", Assert.Single(failure.Problems));
    }

    [Fact]
    public async Task LocalSettings_BecomeConfiguration_AndTheCommandLineWins()
    {
        var directory = Directory.CreateTempSubdirectory("app-").FullName;
        File.WriteAllText(Path.Combine(directory, "local.settings.json"), """{ "IsEncrypted": false, "Values": { "A__B": "file", "C": "file" } }""");
        await using var app = await TestApp.StartAsync(new TestAppSetup(typeof(Settings)) { Directory = directory, Settings = new() { ["C"] = "line" } });

        Assert.Equal("file", await app.Client.GetStringAsync("api/settings/A:B"));
        Assert.Equal("line", await app.Client.GetStringAsync("api/settings/C"));
    }

    private static void Build(TestAppSetup setup) => TestApp.Build(setup, Directory.CreateTempSubdirectory("app-").FullName);

    public sealed class Faulty
    {
        [Function("NoTrigger")]
        public void NoTrigger()
        {
        }

        [Function("Twice")]
        public void One([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
        }

        [Function("BadBlob")]
        public void BadBlob([BlobTrigger("%Missing%/{name}")] BlobClient blob)
        {
        }

        [Function("BadTimer")]
        public void BadTimer([TimerTrigger("often")] TimerInfo timer, HttpClient wish)
        {
        }
    }

    public sealed class Twin
    {
        [Function("Twice")]
        public void Two([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        {
        }
    }

    public sealed class Settings(IConfiguration configuration)
    {
        [Function("Settings")]
        public string? Read([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "settings/{key}")] HttpRequest request, string key) => configuration[key];
    }
}
