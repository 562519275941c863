using Azure.Storage.Blobs;
using Serverless.Embedded.Runtime.Blobs;
using Serverless.Embedded.Runtime.Hosting;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Blobs;

/// <summary>Against a real Azurite, whose listings and headers spell one tag in two ways, as Azure's do.</summary>
public sealed class BlobScanTests(SharedServers servers) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public async Task Scan_NamesWhatHasNoReceipt_AndNothingElse()
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        BlobContainerClient container = new((await servers.Azurite).ConnectionString, $"c{Guid.NewGuid():N}");
        await container.CreateAsync(cancellationToken: cancellation);
        using TriggerDatabase database = new(_folder);
        BlobReceipts receipts = new(database, "Scanned", container.Name);
        foreach (string name in new[] { "done", "overwritten", "new" })
            await container.GetBlobClient(name).UploadAsync(BinaryData.FromString("1"), cancellation);
        foreach (string name in new[] { "done", "overwritten" })
            receipts.Done(name, (await container.GetBlobClient(name).GetPropertiesAsync(cancellationToken: cancellation)).Value.ETag.ToString(), attempts: 1);
        await container.GetBlobClient("overwritten").UploadAsync(BinaryData.FromString("2"), overwrite: true, cancellation);

        List<string> unknown = [];
        await foreach (string name in BlobScan.UnknownAsync(container, BlobPathPattern.Parse($"{container.Name}/{{name}}", out _)!, receipts, cancellation))
            unknown.Add(name);

        Assert.Equal(["new", "overwritten"], unknown);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
