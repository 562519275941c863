namespace Serverless.Functions.Aws;

/// <summary>An object that was created, as a notification names it.</summary>
/// <param name="Key">Decoded.</param>
internal sealed record CreatedObject(string Bucket, string Key, string ETag);
