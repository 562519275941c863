namespace Serverless.Local.Host;

/// <summary>The host cannot start. The message is one line and ends with what to do about it.</summary>
internal sealed class HostStartException(string message, Exception? cause = null) : Exception(message, cause);
