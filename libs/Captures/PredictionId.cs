using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Serverless.Captures;

/// <summary>
/// Names a prediction so that feedback finds its way without a look-up: <c>model.version.environment.arm.uuid</c>, the last a UUID of
/// version 7 (RFC 9562), which holds the time.
/// </summary>
public sealed record PredictionId(string Model, int Version, string Environment, string Arm, Guid Unique)
{
    public const int MaxCharacters = 256;

    private const int Parts = 4; // after the model's name, which may have dots itself

    public DateTimeOffset Time =>
        DateTimeOffset.FromUnixTimeMilliseconds(
            long.Parse(Unique.ToString("N").AsSpan(0, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        );

    public static PredictionId Create(string model, int version, string environment, string arm, DateTimeOffset now) =>
        new(model, version, environment, arm, Guid.CreateVersion7(now));

    public static bool TryParse(string? text, [NotNullWhen(true)] out PredictionId? id)
    {
        id = null;
        if (text is null || text.Length > MaxCharacters)
        {
            return false;
        }
        string[] parts = text.Split('.');
        if (parts.Length <= Parts || parts.Any(part => part.Length == 0))
        {
            return false;
        }
        ReadOnlySpan<string> last = parts.AsSpan(parts.Length - Parts);
        if (
            !int.TryParse(last[0], NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            || !Guid.TryParseExact(last[3], "N", out Guid unique)
            || unique.Version != 7
            || !parts.All(part => part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        )
        {
            return false;
        }
        id = new PredictionId(string.Join('.', parts[..^Parts]), version, last[1], last[2], unique);
        return true;
    }

    public override string ToString() => $"{Model}.{Version}.{Environment}.{Arm}.{Unique:N}";
}
