using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The commands as a person at the terminal meets them.</summary>
public sealed class CommandTests(SharedStack shared)
{
    private static readonly string Stack = typeof(LocalStack).Assembly.Location;

    [Fact]
    public async Task Help_ListsTheCommands()
    {
        (int code, string output) = await Terminal.RunAsync("dotnet", Stack, "--help");

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
        StackOptions options = OwnStack.Options("port-in-use");

        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            Stack,
            "run",
            "--data",
            options.DataDirectory,
            "--port",
            $"{port}",
            "--blob-port",
            $"{options.Ports.Blob}",
            "--queue-port",
            $"{options.Ports.Queue}",
            "--s3-port",
            $"{options.Ports.S3}",
            "--lambda-port",
            $"{options.Ports.Lambda}"
        );

        Assert.Equal(1, code);
        Assert.Contains($"Port {port} for the Functions app is in use", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--port", "99999", "--port is 99999; allowed are 1 to 65535.")]
    [InlineData("--workers", "-1", "--workers is -1; allowed are 0 to 64.")]
    [InlineData("--port", "abc", "Cannot parse argument 'abc' for option '--port'")]
    public async Task Run_NumberOutOfBounds_EndsWithOneLineThatNamesBoth(string option, string value, string message)
    {
        (int code, string output) = await Terminal.RunAsync("dotnet", Stack, "run", option, value);

        Assert.Equal(1, code);
        Assert.Contains(message, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_OfTwoEnvironments_ListsWhatDiffers_AndNoSecret()
    {
        string data = shared.Stack.Options.DataDirectory;
        string file = Path.Combine(data, "release.json");

        (int compared, string differences) = await Terminal.RunAsync(
            "dotnet",
            Stack,
            "compare",
            "--from",
            "dev",
            "--to",
            "qa",
            "--data",
            data
        );
        (int recorded, _) = await Terminal.RunAsync("dotnet", Stack, "release", "--of", "qa", "--record", file, "--data", data);
        (int refused, string why) = await Terminal.RunAsync(
            "dotnet",
            Stack,
            "compare",
            "--from",
            $"{file}#qa",
            "--to",
            "nowhere",
            "--data",
            data
        );

        Assert.Equal((2, 0, 1), (compared, recorded, refused));
        Assert.Contains("  plan/canary/0/weight: absent → 0.5", differences, StringComparison.Ordinal);
        Assert.EndsWith(
            "has the environments dev, qa, prod; 'nowhere' is none of them, and no file.",
            why.Trim(),
            StringComparison.Ordinal
        );
        string document = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("\"AzureWebJobsStorage\": \"(secret)\"", document, StringComparison.Ordinal);
        Assert.DoesNotContain("AccountKey", document, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_ToAFileThatCannotBeWritten_EndsWithOneLineThatNamesIt()
    {
        string data = shared.Stack.Options.DataDirectory;
        string file = Path.Combine(data, "no-such-folder", "release.json");

        (int code, string output) = await Terminal.RunAsync("dotnet", Stack, "release", "--of", "qa", "--record", file, "--data", data);

        Assert.Equal(2, code);
        Assert.StartsWith(
            $"The release cannot be written to '{file}' (",
            Assert.Single(output.Trim().Split('\n')),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Release_OfADocumentThatSaysWhatNeverServed_ChangesNothing()
    {
        string data = shared.Stack.Options.DataDirectory;
        string file = Path.Combine(data, "edited-release.json");
        await Terminal.RunAsync("dotnet", Stack, "release", "--of", "qa", "--record", file, "--data", data);
        JsonNode document = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        document["environments"]!["qa"]!["aliases"]!["reranker"]!["version"] = 4711;
        await File.WriteAllTextAsync(file, document.ToJsonString(), TestContext.Current.CancellationToken);

        (int code, string output) = await Terminal.RunAsync("dotnet", Stack, "release", "--of", "qa", "--restore", file, "--data", data);

        Assert.Equal(2, code);
        Assert.StartsWith("The document says that reranker served version 4711 in qa at", output, StringComparison.Ordinal);
        Assert.EndsWith("Nothing was changed.", output.Trim(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/proc/no-folder", "simulate", "--environment", "dev", "--out", "/proc/no-folder")]
    [InlineData(
        "holds no certificates in PEM: it has none",
        "sign",
        "--model",
        "samples/models/topics/1",
        "--certificate",
        "@key",
        "--key",
        "@key"
    )]
    [InlineData("KEY is needed", "sign", "--model", "samples/models/topics/1", "--key", "")]
    [InlineData("OF is needed", "release", "--of", "")]
    [InlineData("would need port 65600; allowed are up to 65535.", "run", "--environments", "separate", "--port", "65400")]
    [InlineData("FROM and TO are both needed", "compare", "--from", "", "--to", "prod")]
    [InlineData("cannot be asked (", "compare", "--from", "http://127.0.0.1:1", "--to", "prod")]
    public async Task WhatCannotBe_EndsWithOneLineThatSaysSo(string message, params string[] arguments)
    {
        string key = Path.Combine(Directory.CreateTempSubdirectory("key-").FullName, "key.pem");
        using (ECDsa made = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            await File.WriteAllTextAsync(key, made.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        }

        (int code, string output) = await Terminal.RunAsync("dotnet", [Stack, .. arguments.Select(one => one == "@key" ? key : one)]);

        Assert.InRange(code, 1, 2);
        Assert.Contains(message, output.Trim().Split('\n')[^1], StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AtItsFirstStart_HasTheContainerThatItNames() => Assert.Contains("media", shared.FirstContainers);

    [Fact]
    public async Task Run_DataFolderOfAnotherStack_EndsWithOneLineThatNamesIt()
    {
        StackOptions options = OwnStack.Options("data-in-use");
        Directory.CreateDirectory(options.DataDirectory);
        using FileStream held = new(
            Path.Combine(options.DataDirectory, "stack.lock"),
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None
        );

        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            Stack,
            "run",
            "--data",
            options.DataDirectory,
            "--port",
            $"{options.Ports.Functions}",
            "--blob-port",
            $"{options.Ports.Blob}",
            "--queue-port",
            $"{options.Ports.Queue}",
            "--s3-port",
            $"{options.Ports.S3}",
            "--lambda-port",
            $"{options.Ports.Lambda}"
        );

        Assert.Equal(
            (
                1,
                $"Starting ...\nThe data folder {options.DataDirectory} is used by another stack. Stop that one, or choose "
                    + $"another folder (--data)."
            ),
            (code, output.Trim())
        );
    }

    [Fact]
    public async Task MakeHelp_NamesEveryCommandOfTheReadme()
    {
        string named =
            File.ReadAllText(Path.Combine(Checkout.Root, "README.md")) + File.ReadAllText(Path.Combine(Checkout.Root, "CONTRIBUTING.md"));
        string[] targets =
        [
            .. Regex.Matches(named, "(?:^|`)make ([a-z-]+)", RegexOptions.Multiline).Select(match => match.Groups[1].Value).Distinct(),
        ];

        (int code, string output) = await Terminal.RunAsync("make", "help");

        Assert.Equal(0, code);
        Assert.Superset(new HashSet<string> { "demo", "test", "run", "bench" }, targets.ToHashSet());
        Assert.All(targets, target => Assert.Contains($"make {target} ", output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("ffmpeg", "ffmpeg is missing. Install it: apt-get install ffmpeg")]
    [InlineData("node", "node is missing. Install it: Node.js 20 or newer")]
    public async Task Run_ToolMissing_EndsWithOneLineThatNamesIt(string missing, string message)
    {
        StackOptions options = OwnStack.Options("missing-" + missing);
        string tools = Directory.CreateDirectory(Path.Combine(options.DataDirectory, "bin")).FullName;
        foreach (string tool in new[] { "dotnet", "node", "ffmpeg", "ffprobe", "setpriv" }.Where(tool => tool != missing))
        {
            File.CreateSymbolicLink(Path.Combine(tools, tool), Find(tool));
        }
        ProcessStartInfo start = new(Find("dotnet"), [Stack, "run", "--data", options.DataDirectory]);
        start.Environment["PATH"] = tools;

        (int code, string output) = await Terminal.RunAsync(start);

        Assert.Equal((1, $"Starting ...\n{message}"), (code, output.Trim()));
    }

    [Fact]
    public async Task Run_DataFolderCannotBeWritten_EndsWithOneLineThatNamesIt()
    {
        (int code, string output) = await Terminal.RunAsync("dotnet", Stack, "run", "--data", "/proc/no-folder");

        Assert.Equal(1, code);
        Assert.StartsWith("Starting ...\nThe data folder /proc/no-folder cannot be written:", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    private static string Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, tool)).First(File.Exists);
}
