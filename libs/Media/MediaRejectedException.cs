namespace Serverless.Media;

/// <summary>The bytes themselves are bad or beyond a stated limit: trying again changes nothing.</summary>
public sealed class MediaRejectedException : Exception
{
    public MediaRejectedException(string message)
        : base(message) { }

    public MediaRejectedException(string message, Exception inner)
        : base(message, inner) { }
}
