namespace Serverless.Exports;

/// <summary>The captures of the window are more than an export may hold; the message says what to ask for instead.</summary>
public sealed class ExportTooLargeException(string message) : Exception(message);
