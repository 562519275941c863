namespace Serverless.Packages;

/// <summary>Which model produced a result: recorded beside every finding.</summary>
public sealed record ModelReference(string Name, string Version, string Digest);
