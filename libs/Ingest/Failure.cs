using Serverless.Media;

namespace Serverless.Ingest;

/// <summary>What went wrong with one asset, in the form that crosses queues and replays: never an exception type.</summary>
/// <param name="Kind">One of <see cref="FailureKind"/>.</param>
/// <param name="Message">What was found and what is allowed, for the person who uploaded it.</param>
/// <param name="Retryable">Whether the same bytes may succeed at another time.</param>
public sealed record Failure(string Kind, string Message, bool Retryable);

public static class FailureKind
{
    /// <summary>The bytes are of a type that is not analysed.</summary>
    public const string Unsupported = "unsupported";

    /// <summary>The bytes are damaged, or not what they claim to be.</summary>
    public const string Malformed = "malformed";

    /// <summary>Over a limit that protects everyone else.</summary>
    public const string TooLarge = "tooLarge";

    /// <summary>Tried as often as configured and failed each time, for reasons of ours.</summary>
    public const string Exhausted = "exhausted";

    /// <summary>A fault of ours that another attempt may not meet.</summary>
    public const string Internal = "internal";

    /// <summary>Its bytes lie in an archive; it is taken up by itself once they are restored.</summary>
    public const string Archived = "archived";

    /// <summary>An operator gave it up.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>A model that it needs serves nowhere yet.</summary>
    public const string NotServed = "notServed";

    public static IReadOnlyList<string> All { get; } =
    [Unsupported, Malformed, TooLarge, Exhausted, Internal, Archived, Cancelled, NotServed];

    public static string Of(MediaFault fault) =>
        fault switch
        {
            MediaFault.Unsupported => Unsupported,
            MediaFault.TooLarge => TooLarge,
            _ => Malformed,
        };
}
