using System.Net;
using System.Net.Sockets;
using Serverless.Embedded.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The commands as a person at the terminal meets them.</summary>
public sealed class CommandTests
{
    [Fact]
    public async Task Help_ListsTheCommands()
    {
        (int code, string output) = await Terminal.RunAsync("dotnet", typeof(LocalStack).Assembly.Location, "--help");

        Assert.Equal(0, code);
        Assert.Contains("run ", output, StringComparison.Ordinal);
        Assert.Contains("demo ", output, StringComparison.Ordinal);
        Assert.Contains("model ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PortInUse_EndsWithOneLineThatNamesIt()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        StackOptions options = SharedStack.Fresh("port-in-use");

        (int code, string output) = await Terminal.RunAsync("dotnet", typeof(LocalStack).Assembly.Location, "run", "--data", options.DataDirectory,
            "--port", $"{port}", "--blob-port", $"{options.Ports.Blob}", "--queue-port", $"{options.Ports.Queue}", "--s3-port", $"{options.Ports.S3}");

        Assert.Equal(1, code);
        Assert.Contains($"Port {port} for the Functions app is in use", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MakeHelp_NamesEveryCommandOfTheReadme()
    {
        (int code, string output) = await Terminal.RunAsync("make", "-C", Checkout.Root, "help");

        Assert.Equal(0, code);
        Assert.All(["demo", "test", "run", "model", "bench"], target => Assert.Contains($"make {target}", output, StringComparison.Ordinal));
    }
}
