using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using Serverless.Ingest;
using Serverless.Local.Stack;
using Serverless.Storage;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// What the console's pages show in the tests: uploads, a container that is no source yet, and a model with two versions, in the shared
/// stack.
/// </summary>
public sealed class ConsoleData(SharedStack shared) : IAsyncLifetime
{
    private const string Model = "console";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public LocalStack Stack => shared.Stack;

    public async ValueTask InitializeAsync()
    {
        await UploadAsync("shelf-note.txt", Encoding.UTF8.GetBytes("A note about the shelf."));
        await UploadAsync("<img src=x onerror=alert(1)>.txt", Encoding.UTF8.GetBytes("A name that is markup."));
        await UploadAsync("shelf.zip", BadFiles.Zip());
        AssetSource inBucket = await PipelineClient.UploadAsync(
            shared.Client.S3,
            "console/shelf-bucket.txt",
            Encoding.UTF8.GetBytes("A note in a bucket."),
            Cancellation
        );
        await Settled.ResultAsync(shared.Client, inBucket, Cancellation);
        foreach (string name in (string[])["news/<b>bold</b>.txt", "news/plain.txt", "news/picture.raw"])
        {
            using MemoryStream body = new(Encoding.UTF8.GetBytes($"In the archive: {name}."));
            await shared.Client.Azure.WriteAsync($"shelf-archive/{name}", body, WriteCondition.Always, "text/plain", Cancellation);
        }
        await RegisterAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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
}
