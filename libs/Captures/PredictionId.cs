using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Serverless.Captures;

/// <summary>
/// Names a prediction so that feedback finds its way without a look-up: <c>model.version.environment.arm.uuid-seal</c>, with a UUID of
/// version 7 (RFC 9562), which holds the time. Ids of before there were seals end with it.
/// </summary>
/// <param name="Seal">As <see cref="PredictionSeal"/> makes it; null in an id that nobody has to believe.</param>
public sealed record PredictionId(string Model, int Version, string Environment, string Arm, Guid Unique, string? Seal = null)
{
    public const int MaxCharacters = 256;

    private const int Parts = 4; // after the model's name, which may have dots itself
    private const int UniqueCharacters = 32;

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
            || !TryParseLast(last[3], out Guid unique, out string? seal)
            || !parts.All(part => part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        )
        {
            return false;
        }
        id = new PredictionId(string.Join('.', parts[..^Parts]), version, last[1], last[2], unique, seal);
        return true;
    }

    public override string ToString() => $"{Model}.{Version}.{Environment}.{Arm}.{Unique:N}{(Seal is null ? "" : $"-{Seal}")}";

    private static bool TryParseLast(string text, out Guid unique, out string? seal)
    {
        seal = text.Length > UniqueCharacters ? text[(UniqueCharacters + 1)..] : null;
        return Guid.TryParseExact(text[..Math.Min(text.Length, UniqueCharacters)], "N", out unique)
            && unique.Version == 7
            && (seal is null || (text[UniqueCharacters] == '-' && seal.Length == PredictionSeal.Characters));
    }
}
