using System.Net.Http.Json;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// What <c>dotnet publish functions/Azure</c> makes runs as it is, with orchestrations on the Azure Storage provider as in the cloud.
/// </summary>
public sealed class PublishedAppTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(180);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Published_IsWhatTheBuildRuns_AndTakesUploads()
    {
        string built = Checkout.AppFolder("functions/Azure");
        string published = Path.Combine(Checkout.Root, "artifacts", "end-to-end", "published-app");
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        if (Directory.Exists(published))
        {
            Directory.Delete(published, recursive: true);
        }
        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            "publish",
            Path.Combine(Checkout.Root, "functions/Azure"),
            "-c",
            configuration,
            "--no-build",
            "-o",
            published
        );
        Assert.True(code == 0, output);
        foreach (
            string file in new[]
            {
                "Serverless.Functions.Azure.dll",
                "functions.metadata",
                "extensions.json",
                "worker.config.json",
                "host.json",
            }
        )
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(built, file)), File.ReadAllBytes(Path.Combine(published, file)));
        }

        Assert.Equal(LockedPackages(), ListedPackages(published));
        string[] runtimes = [.. Directory.GetDirectories(Path.Combine(published, "runtimes")).Select(Path.GetFileName).OfType<string>()];
        Assert.Equal(["linux-x64"], runtimes); // the libraries for phones and Windows would be most of what is uploaded

        StackOptions options = OwnStack.Options("published") with
        {
            AppFolder = published,
            DurableProvider = DurableProviders.AzureStorage,
        };
        await using LocalStack stack = await OwnStack.StartAsync(options);
        using PipelineClient client = new(stack);
        IReadOnlyList<AssetSource> uploads = await Uploads.TextsAsync(client, 4, Token);
        SummaryAnswer summary = await Settled.NothingMissingAsync(client, uploads.Count, Limit, Token);

        Assert.Equal(uploads.Count, summary.Total.Processed);
        string[] running = await ListAsync(stack);
        Assert.Equal(NamesIn(published), running.Where(name => !name.EndsWith("UnderApi", StringComparison.Ordinal)));
        Assert.Contains("InferModelUnderApi", running); // told at start: the protocol's routes stand at the root and below /api
    }

    /// <summary>A publish restores the very versions that were built and tried; it changes no lock.</summary>
    [Theory]
    [InlineData("functions/Azure")]
    [InlineData("functions/Aws")]
    [InlineData("gpu-batch")]
    public async Task Publish_RestoresWhatIsLocked(string project)
    {
        string folder = Path.Combine(Checkout.Root, project);
        byte[] locked = await File.ReadAllBytesAsync(Path.Combine(folder, "packages.lock.json"), Token);

        (int code, string output) = await Terminal.RunAsync("dotnet", "restore", folder, "-p:_IsPublishing=true", "--locked-mode");

        Assert.True(code == 0, output);
        Assert.Equal(locked, await File.ReadAllBytesAsync(Path.Combine(folder, "packages.lock.json"), Token));
    }

    private static string[] LockedPackages()
    {
        using JsonDocument locked = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(Checkout.Root, "functions/Azure/packages.lock.json"))
        );
        return
        [
            .. locked
                .RootElement.GetProperty("dependencies")
                .EnumerateObject()
                .SelectMany(framework => framework.Value.EnumerateObject())
                .Where(package => package.Value.GetProperty("type").GetString() != "Project")
                .Select(package => $"{package.Name} {package.Value.GetProperty("resolved").GetString()}")
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>By the CycloneDX document beside the app.</summary>
    private static string[] ListedPackages(string folder)
    {
        using JsonDocument bill = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "sbom.json")));
        Assert.Equal("CycloneDX", bill.RootElement.GetProperty("bomFormat").GetString());
        return
        [
            .. bill
                .RootElement.GetProperty("components")
                .EnumerateArray()
                .Select(package => $"{package.GetProperty("name").GetString()} {package.GetProperty("version").GetString()}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string[] NamesIn(string folder)
    {
        using JsonDocument metadata = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "functions.metadata")));
        return
        [
            .. metadata
                .RootElement.EnumerateArray()
                .Select(function => function.GetProperty("name").GetString()!)
                .Order(StringComparer.Ordinal),
        ];
    }

    private static async Task<string[]> ListAsync(LocalStack stack)
    {
        using JsonDocument keys = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(stack.Options.DataDirectory, "keys.json")));
        using HttpClient http = new() { BaseAddress = stack.FunctionsAddress };
        JsonElement list = await http.GetFromJsonAsync<JsonElement>(
            $"admin/functions?code={keys.RootElement.GetProperty("masterKey").GetString()}",
            Token
        );
        return [.. list.EnumerateArray().Select(function => function.GetProperty("name").GetString()!).Order(StringComparer.Ordinal)];
    }
}
