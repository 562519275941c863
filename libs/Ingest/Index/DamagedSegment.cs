namespace Serverless.Ingest.Index;

/// <summary>A segment of which something cannot be read: what it held may be found by nobody until it is written again.</summary>
/// <param name="Fault">What was found, and where in it.</param>
public sealed record DamagedSegment(string Space, string Path, string Version, string Fault);
