using Serverless.Captures;

namespace Serverless.Exports.Asks;

/// <summary>What an export may take, whatever the captures hold. The data card states them.</summary>
public static class ExportLimits
{
    public const int MaxRows = 5_000_000;
    public const int DefaultRows = 1_000_000;

    /// <summary>How long after the window feedback on its predictions is waited for.</summary>
    public static readonly TimeSpan FeedbackAfter = TimeSpan.FromDays(7);

    /// <summary>Of a label, a language, a source; a line with a longer one is left out as malformed.</summary>
    public const int MaxTextCharacters = 256;

    /// <summary>Of a captured text: what capturing allows at most (<see cref="CaptureOptions.MaxPayloadCharacters"/>).</summary>
    public const int MaxPayloadCharacters = 4_000;

    /// <summary>Columns of features, and again of entities; of more, the first by name.</summary>
    public const int MaxColumns = 200;

    /// <summary>Of a vector; a longer one is left out.</summary>
    public const int MaxDimensions = 4_096;

    public const int MaxRedacted = 64;
    public const int MaxLabels = 1_000;
}
