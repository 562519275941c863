namespace Serverless.Local.Events.Stores;

/// <summary>One version of an object, as a listing or a look at the object tells it.</summary>
/// <param name="ETag">Without quotes.</param>
internal sealed record FoundObject(
    string Key,
    string ETag,
    long Size,
    DateTimeOffset Modified,
    string ContentType = "",
    string BlobType = ""
);
