using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The console's pages in Chromium. A check is a file under Browser/checks; a further page brings its own.</summary>
public sealed class ConsoleTests(SharedStack shared)
{
    private const string Model = "console";

    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "EndToEnd", "Browser");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Checks() =>
        new(
            Directory
                .EnumerateFiles(Path.Combine(Folder, "checks"), "*.mjs")
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Checks))]
    public async Task Page_InChromium_ShowsWhatItShould(string check)
    {
        await UploadAsync("shelf-note.txt", Encoding.UTF8.GetBytes("A note about the shelf."));
        await UploadAsync("<img src=x onerror=alert(1)>.txt", Encoding.UTF8.GetBytes("A name that is markup."));
        await UploadAsync("shelf.zip", BadFiles.Zip());
        await RegisterAsync();

        (int code, string output) = await Terminal.RunAsync(
            "node",
            Path.Combine(Folder, "check.mjs"),
            FindChromium(),
            $"{shared.Stack.FunctionsAddress}api/console",
            shared.Stack.FunctionsKey,
            Path.Combine(Folder, "checks", check + ".mjs")
        );

        Assert.True(code == 0, output);
    }

    private async Task UploadAsync(string name, byte[] content)
    {
        AssetSource source = await PipelineClient.UploadAsync(shared.Client.Azure, "console/" + name, content, Cancellation);
        await Settled.ResultAsync(shared.Client, source, Cancellation);
    }

    /// <summary>A model with two versions that answer otherwise, the first of which serves in dev and qa.</summary>
    private async Task RegisterAsync()
    {
        foreach (string package in (string[])["text-mean", "text-pooled"])
        {
            using MemoryStream archive = new();
            ZipFile.CreateFromDirectory(Path.Combine(Checkout.Root, "tests/Data/models", package, "1"), archive);
            using ByteArrayContent content = new(archive.ToArray()) { Headers = { ContentType = new("application/zip") } };
            using HttpResponseMessage registered = await shared.Client.Http.PostAsync(
                $"models/{Model}/versions?metric.f1=0.9{package.Length}",
                content.RequestedBy("tests"),
                Cancellation
            );
            registered.EnsureSuccessStatusCode();
        }
        foreach (string environment in (string[])["dev", "prod"])
        {
            using HttpResponseMessage known = await shared.Client.Http.GetAsync($"models/{Model}/aliases/{environment}", Cancellation);
            if (known.IsSuccessStatusCode)
            {
                continue;
            }
            using HttpResponseMessage served = await shared.Client.Http.PutAsync(
                $"models/{Model}/aliases/{environment}",
                JsonContent.Create(new { version = 1 }).RequestedBy("tests"),
                Cancellation
            );
            served.EnsureSuccessStatusCode();
        }
    }

    private static string FindChromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists)
        ?? throw new StackException("Chromium is missing. Install it: apt-get install chromium");
}
