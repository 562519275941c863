namespace Serverless.Media.Images;

/// <summary>What libvips said when an operation failed.</summary>
internal sealed class VipsException(string message) : Exception(message);
