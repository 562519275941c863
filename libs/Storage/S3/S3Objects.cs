using Amazon.S3;
using Amazon.S3.Model;

namespace Serverless.Storage;

/// <summary>What answers of S3 say of objects.</summary>
internal static class S3Objects
{
    /// <summary>Null of a folder's mark.</summary>
    public static StoredObject? Of(string path, GetObjectMetadataResponse found) =>
        FolderMark.Is(path, found.ContentLength)
            ? null
            : new(
                path,
                VersionOf(found.ETag),
                found.ContentLength,
                ModifiedOf(found.LastModified),
                found.Headers.ContentType,
                ClassOf(found.StorageClass?.Value),
                IsArchive(found.StorageClass?.Value, found.RestoreInProgress == false && found.RestoreExpiration is not null)
            );

    public static StoredObject Of(string path, GetObjectResponse found) =>
        new(
            path,
            VersionOf(found.ETag),
            found.ContentLength,
            ModifiedOf(found.LastModified),
            found.Headers.ContentType,
            ClassOf(found.StorageClass?.Value)
        );

    public static IEnumerable<StoredObject> In(ListObjectsV2Response page) =>
        (page.S3Objects ?? [])
            .Select(found => (Object: found, Key: S3Keys.Read(found.Key, page.Encoding)))
            .Where(found => !FolderMark.Is(found.Key, found.Object.Size ?? 0))
            .Select(found => new StoredObject(
                found.Key,
                VersionOf(found.Object.ETag),
                found.Object.Size ?? 0,
                ModifiedOf(found.Object.LastModified),
                ContentType: null,
                ClassOf(found.Object.StorageClass?.Value),
                IsArchive(
                    found.Object.StorageClass?.Value,
                    found.Object.RestoreStatus is { IsRestoreInProgress: false, RestoreExpiryDate: not null }
                )
            ));

    public static string VersionOf(string tag) => tag.Trim('"');

    /// <summary>Null for the usual class.</summary>
    private static string? ClassOf(string? storageClass) => storageClass == S3StorageClass.Standard.Value ? null : storageClass;

    /// <summary>An object in an archive tier of INTELLIGENT_TIERING is archived too, which only a read tells.</summary>
    private static bool IsArchive(string? storageClass, bool isRestored) =>
        !isRestored && (storageClass == S3StorageClass.Glacier.Value || storageClass == S3StorageClass.DeepArchive.Value);

    private static DateTimeOffset ModifiedOf(DateTime? modified) => modified is { } at ? new(at.ToUniversalTime()) : default;
}
