namespace Serverless.Ingest.Videos;

/// <summary>A later attempt of the same job has begun: this one must write nothing more.</summary>
public sealed class FencedOffException(string message) : Exception(message);
