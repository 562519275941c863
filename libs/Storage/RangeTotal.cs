using System.Globalization;

namespace Serverless.Storage;

/// <summary>The length of the whole object that an answer holds a part of.</summary>
internal static class RangeTotal
{
    /// <param name="contentRange">"bytes 0-99/1234" (RFC 9110, 14.4); absent when the answer is the whole.</param>
    public static long? Of(string? contentRange) =>
        contentRange is not null && long.TryParse(contentRange.AsSpan(contentRange.LastIndexOf('/') + 1), CultureInfo.InvariantCulture, out long total)
            ? total
            : null;
}
