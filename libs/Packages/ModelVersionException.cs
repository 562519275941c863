namespace Serverless.Packages;

/// <summary>A name or a number that no model version can have. The message says what was found and what is allowed.</summary>
public sealed class ModelVersionException(string message) : Exception(message);
