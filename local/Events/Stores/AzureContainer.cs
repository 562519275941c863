using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Serverless.Local.Events.AccessLogs;

namespace Serverless.Local.Events.Stores;

/// <summary>A container of blobs. Its events are those of an Event Grid subscription whose subject begins with the container.</summary>
internal sealed class AzureContainer(BlobEventsOptions options) : IWatchedStore
{
    private readonly BlobContainerClient _container = new(
        options.ConnectionString,
        options.Container,
        new BlobClientOptions { Retry = { MaxRetries = 1, NetworkTimeout = TimeSpan.FromSeconds(10) } }
    );

    public string Name => $"azure-{options.Container}";

    public string? ChangedKey(AccessLogLine request) => AzureRequests.ChangedBlob(request, _container.AccountName, _container.Name);

    /// <summary>A container that does not exist has no blobs.</summary>
    public async IAsyncEnumerable<IReadOnlyList<FoundObject>> ListPagesAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<Page<BlobItem>> pages = _container
            .GetBlobsAsync(cancellationToken: cancellationToken)
            .AsPages()
            .GetAsyncEnumerator(cancellationToken);
        while (await NextAsync(pages))
        {
            yield return [.. pages.Current.Values.Select(blob => Describe(blob.Name, blob.Properties))];
        }
    }

    public async Task<FoundObject?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await _container.GetBlobClient(key).GetPropertiesAsync(cancellationToken: cancellationToken);
            return new FoundObject(
                key,
                TagOf(found.ETag),
                found.ContentLength,
                found.LastModified,
                found.ContentType,
                $"{found.BlobType}Blob"
            );
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    public bool IsOutage(Exception failure) =>
        failure is RequestFailedException or AggregateException or IOException or OperationCanceledException;

    public string DescribeCreated(FoundObject found) => Describe(BlobEvent.Created, found);

    public string? DescribeDeleted(FoundObject last) => options.DeletedQueue is not null ? Describe(BlobEvent.Deleted, last) : null;

    private string Describe(string type, FoundObject blob) =>
        BlobEvent.Format(type, blob, _container.AccountName, _container.Name, _container.GetBlobClient(blob.Key).Uri);

    private static FoundObject Describe(string name, BlobItemProperties blob) =>
        new(
            name,
            TagOf(blob.ETag ?? default),
            blob.ContentLength ?? 0,
            blob.LastModified ?? default,
            blob.ContentType ?? "",
            $"{blob.BlobType ?? BlobType.Block}Blob"
        );

    // Headers have the tag in quotes, listings without.
    private static string TagOf(ETag tag) => tag.ToString("H").Trim('"');

    private static async Task<bool> NextAsync(IAsyncEnumerator<Page<BlobItem>> pages)
    {
        try
        {
            return await pages.MoveNextAsync();
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return false;
        }
    }
}
