using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Microsoft.Azure.WebJobs.Host.Executors;

namespace Serverless.Local.Host.Timers;

/// <summary>Keeps the timers' status in the host's container, where a second host of the same app finds it too.</summary>
internal sealed class TimerStatusStore(HostContainer container, IHostIdProvider hostId)
{
    public async Task<TimerStatus?> FindAsync(string function, CancellationToken cancellationToken)
    {
        try
        {
            BlobClient blob = await BlobOfAsync(function, cancellationToken);
            Response<Azure.Storage.Blobs.Models.BlobDownloadResult> found = await blob.DownloadContentAsync(cancellationToken);
            return found.Value.Content.ToObjectFromJson<TimerStatus>();
        }
        catch (RequestFailedException missing) when (missing.Status == 404)
        {
            return null;
        }
        catch (JsonException)
        {
            return null; // as if it had never run
        }
    }

    public async Task SaveAsync(string function, TimerStatus status, CancellationToken cancellationToken)
    {
        BlobClient blob = await BlobOfAsync(function, cancellationToken);
        await blob.UploadAsync(BinaryData.FromObjectAsJson(status), overwrite: true, cancellationToken);
    }

    private async Task<BlobClient> BlobOfAsync(string function, CancellationToken cancellationToken)
    {
        BlobContainerClient opened = container.Open();
        return opened.GetBlobClient($"timers/{await hostId.GetHostIdAsync(cancellationToken)}/{function}/status");
    }
}
