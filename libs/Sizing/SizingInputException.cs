namespace Serverless.Sizing;

/// <summary>What somebody asked for cannot be sized; the message is one readable line: what was found, and what is expected.</summary>
public sealed class SizingInputException(string message) : Exception(message);
