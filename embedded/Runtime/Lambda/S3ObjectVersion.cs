namespace Serverless.Embedded.Runtime.Lambda;

/// <summary>One version of an object, as a listing or a look at the object tells it.</summary>
internal sealed record S3ObjectVersion(string Key, string ETag, long Size, DateTimeOffset Modified);
