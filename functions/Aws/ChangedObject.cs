using Serverless.Ingest.Ledgers;

namespace Serverless.Functions.Aws;

/// <summary>An object that was created, restored from an archive or removed, as a notification names it.</summary>
/// <param name="Key">Decoded.</param>
/// <param name="ETag">Null for one that was removed.</param>
/// <param name="Removal">What is said of a removal.</param>
/// <param name="IsRestored">Whether it can be read for a while although it is archived.</param>
internal sealed record ChangedObject(string Bucket, string Key, string? ETag, ToldRemoval? Removal = null, bool IsRestored = false);
