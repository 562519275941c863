using System.Globalization;
using Azure;
using Azure.Storage.Blobs.Models;

namespace Serverless.Storage;

/// <summary>What answers of Blob storage say of objects.</summary>
internal static class AzureObjects
{
    /// <summary>Null of a folder's mark.</summary>
    public static StoredObject? Of(string path, BlobProperties found) =>
        FolderMark.Is(path, found.ContentLength, found.Metadata)
            ? null
            : new(
                path,
                VersionOf(found.ETag),
                found.ContentLength,
                found.LastModified,
                found.ContentType,
                ClassOf(found.AccessTier),
                IsArchive(found.AccessTier)
            );

    public static StoredObject Of(string path, BlobDownloadDetails found) =>
        new(path, VersionOf(found.ETag), TotalOf(found.ContentRange) ?? found.ContentLength, found.LastModified, found.ContentType);

    /// <summary>Null of a folder's mark.</summary>
    public static StoredObject? Of(string container, BlobItem blob) =>
        FolderMark.Is(blob.Name, blob.Properties.ContentLength ?? 0, blob.Metadata)
            ? null
            : new(
                PathOf(container, blob.Name),
                VersionOf(blob.Properties.ETag!.Value),
                blob.Properties.ContentLength ?? 0,
                blob.Properties.LastModified ?? default,
                blob.Properties.ContentType,
                ClassOf(blob.Properties.AccessTier?.ToString()),
                IsArchive(blob.Properties.AccessTier?.ToString())
            );

    public static string PathOf(string container, string key) => $"{container}/{key}";

    public static string VersionOf(ETag tag) => tag.ToString().Trim('"');

    /// <summary>Null for the usual tier.</summary>
    private static string? ClassOf(string? tier) => tier == AccessTier.Hot.ToString() ? null : tier;

    /// <summary>While it is rehydrated the tier stays what it was.</summary>
    private static bool IsArchive(string? tier) => tier == AccessTier.Archive.ToString();

    /// <param name="contentRange">"bytes 0-99/1234" (RFC 9110, 14.4); absent when the answer is the whole.</param>
    private static long? TotalOf(string? contentRange) =>
        contentRange is not null
        && long.TryParse(contentRange.AsSpan(contentRange.LastIndexOf('/') + 1), CultureInfo.InvariantCulture, out long total)
            ? total
            : null;
}
