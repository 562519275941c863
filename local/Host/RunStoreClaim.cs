using System.Globalization;
using System.Security.Cryptography;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Serverless.Local.Host;

/// <summary>
/// Keeps hosts with another run store off the storage: each would run every orchestration once more. The claim is the lease of a blob,
/// whose id is the run store's own, so that hosts on one run store share it; it ends by itself a minute after the last of them.
/// </summary>
internal sealed class RunStoreClaim : IAsyncDisposable
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(60); // the longest that a lease may, but for ever
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(20);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _renewing;

    private RunStoreClaim(BlobLeaseClient lease, string runStore, HostFault fault, TimeProvider time) =>
        _renewing = RenewAsync(lease, runStore, fault, time);

    /// <param name="container">The host's own in the storage.</param>
    /// <param name="runStore">The file of the run store; its id is kept beside it.</param>
    /// <exception cref="HostStartException">A host with another run store works on this storage.</exception>
    public static async Task<RunStoreClaim> TakeAsync(
        BlobContainerClient container,
        string hostId,
        string runStore,
        HostFault fault,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        BlobClient blob = container.GetBlobClient($"run-store/{hostId}");
        try
        {
            BlobUploadOptions onlyNew = new() { Conditions = new BlobRequestConditions { IfNoneMatch = ETag.All } };
            await blob.UploadAsync(BinaryData.FromString(""), onlyNew, cancellationToken);
        }
        catch (RequestFailedException there) when (there.Status is 409 or 412)
        {
            // Made by an earlier start.
        }
        BlobLeaseClient lease = blob.GetBlobLeaseClient(await ReadOrCreateIdAsync($"{runStore}-id", cancellationToken));
        await AcquireAsync(lease, runStore, cancellationToken);
        return new RunStoreClaim(lease, runStore, fault, time);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _renewing;
        _stopping.Dispose();
    }

    private static async Task AcquireAsync(BlobLeaseClient lease, string runStore, CancellationToken cancellationToken)
    {
        try
        {
            await lease.AcquireAsync(Lasts, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException taken) when (taken.Status == 409)
        {
            throw new HostStartException(
                $"Another Functions host works on this storage with a run store of its own, not with {Path.GetFullPath(runStore)}; "
                    + "every upload would be processed twice. Stop it and wait a minute, or start this host with its run store "
                    + "(Durable__SqliteFile).",
                taken
            );
        }
    }

    private static async Task<string> ReadOrCreateIdAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream made = new(file, FileMode.CreateNew);
            await made.WriteAsync(RandomNumberGenerator.GetBytes(16), cancellationToken);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Made by an earlier start, or by another host just now.
        }
        byte[] id = await File.ReadAllBytesAsync(file, cancellationToken);
        return id.Length == 16
            ? new Guid(id).ToString("D", CultureInfo.InvariantCulture)
            : throw new HostStartException($"{Path.GetFullPath(file)} has {id.Length} bytes, expected 16; remove it and start again.");
    }

    private async Task RenewAsync(BlobLeaseClient lease, string runStore, HostFault fault, TimeProvider time)
    {
        try
        {
            while (true)
            {
                await Task.Delay(RenewEvery, time, _stopping.Token);
                try
                {
                    await AcquireAsync(lease, runStore, _stopping.Token);
                }
                catch (RequestFailedException)
                {
                    // Storage that is away ends the host by other means.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
        catch (HostStartException taken)
        {
            fault.Raise(taken);
        }
    }
}
