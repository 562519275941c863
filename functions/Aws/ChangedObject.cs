namespace Serverless.Functions.Aws;

/// <summary>An object that was created or removed, as a notification names it.</summary>
/// <param name="Key">Decoded.</param>
/// <param name="ETag">Null for one that was removed.</param>
internal sealed record ChangedObject(string Bucket, string Key, string? ETag);
