using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Serverless.Embedded.Runtime.Invocation;

namespace Serverless.Embedded.Runtime.Blobs;

/// <summary>Gives a blob to a parameter in the type that it asks for.</summary>
internal static class BlobContent
{
    public const string Types = "BlobClient, BlockBlobClient, BlobBaseClient, BlobContainerClient, Stream, string, byte[], BinaryData and types that JSON fills";

    public static bool CanRead(Type type) => IsClient(type) || Payload.CanRead(type);

    /// <param name="etag">The version to read; a blob that was overwritten since fails with status 412. Null reads the newest.</param>
    public static async ValueTask<object?> ReadAsync(
        BlobContainerClient container, string name, ETag? etag, Type type, JsonSerializerOptions json, CancellationToken cancellationToken)
    {
        if (type == typeof(BlobContainerClient))
            return container;
        if (type == typeof(BlockBlobClient))
            return container.GetBlockBlobClient(name);
        var blob = container.GetBlobClient(name);
        if (IsClient(type))
            return blob;
        var options = new BlobDownloadOptions { Conditions = new() { IfMatch = etag } };
        if (type == typeof(Stream))
            return (await blob.DownloadStreamingAsync(options, cancellationToken)).Value.Content;
        return Payload.Read((await blob.DownloadContentAsync(options, cancellationToken)).Value.Content, type, json);
    }

    private static bool IsClient(Type type) =>
        type == typeof(BlobClient) || type == typeof(BlobBaseClient) || type == typeof(BlockBlobClient) || type == typeof(BlobContainerClient);
}
