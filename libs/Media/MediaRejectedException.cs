namespace Serverless.Media;

public enum MediaFault
{
    /// <summary>The bytes are damaged, or not what they claim to be.</summary>
    Malformed,

    /// <summary>They are sound, but of a kind that is not read.</summary>
    Unsupported,

    /// <summary>They are beyond a limit on size or work.</summary>
    TooLarge,
}

/// <summary>The bytes themselves are bad or beyond a stated limit: trying again changes nothing.</summary>
public sealed class MediaRejectedException : Exception
{
    public MediaRejectedException(string message)
        : base(message) { }

    public MediaRejectedException(string message, Exception inner)
        : base(message, inner) { }

    public MediaRejectedException(MediaFault fault, string message)
        : base(message) => Fault = fault;

    public MediaFault Fault { get; }
}
