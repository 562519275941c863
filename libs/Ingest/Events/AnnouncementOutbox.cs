using System.Security.Cryptography;
using System.Text;
using Serverless.Storage;

namespace Serverless.Ingest.Events;

/// <summary>
/// Announcements that the receiver did not take, as objects in the store of their asset until it does: nothing that was announced is
/// forgotten with the process. Each receiver has its own, so that several programs may share a store. Thread-safe.
/// </summary>
public sealed class AnnouncementOutbox(AssetStores stores, EventsOptions options)
{
    private const int MaxBytes = 64 << 10;

    private readonly string _prefix =
        $"{AssetLayout.OutboxPrefix}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{options.Endpoint}")))[..12]}/";

    public async Task KeepAsync(AssetSettled settled, CancellationToken cancellationToken)
    {
        using Stream body = AssetsJson.Write(settled).ToStream();
        await stores[settled.Source.Store].WriteAsync(PathOf(settled), body, WriteCondition.Always, "application/json", cancellationToken);
    }

    /// <summary>Of all stores, one at a time.</summary>
    public async IAsyncEnumerable<AssetSettled> ListAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        foreach (IObjectStore store in stores.All)
        {
            await foreach (StoredObject stored in store.ListAsync(_prefix, cancellationToken))
            {
                if (await store.ReadAsync(stored.Path, MaxBytes, cancellationToken) is { } content)
                {
                    yield return AssetsJson.Read<AssetSettled>(content.Data);
                }
            }
        }
    }

    public Task RemoveAsync(AssetSettled settled, CancellationToken cancellationToken) =>
        stores[settled.Source.Store].DeleteAsync(PathOf(settled), cancellationToken);

    private string PathOf(AssetSettled settled) => $"{_prefix}{settled.Source.AssetId}-{settled.Source.VersionId}.json";
}
