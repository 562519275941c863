using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Serverless.Runs;

/// <summary>
/// A place in a list of runs: behind the run of this key and id. As a token it says which order it belongs to, so that none is taken for a
/// place in another.
/// </summary>
/// <param name="AsOf">The moment up to which runs that go on have lasted, so that their order stays from page to page.</param>
public sealed record RunCursor(RunSort Sort, bool IsDescending, DateTimeOffset AsOf, RunKey Key)
{
    /// <summary>Of a token; an id has at most 500 characters.</summary>
    public const int MaxCharacters = 4_000;

    private const int Parts = 6;

    /// <summary>Null where the text is none that <see cref="ToString"/> made.</summary>
    public static RunCursor? Parse(string token)
    {
        if (token.Length > MaxCharacters || !Base64Url.IsValid(token))
        {
            return null;
        }
        string[] parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split('\n', Parts);
        return
            parts.Length == Parts
            && Enum.TryParse(parts[0], out RunSort sort)
            && Enum.IsDefined(sort)
            && bool.TryParse(parts[1], out bool isDescending)
            && TryReadTicks(parts[2], out long asOf)
            && long.TryParse(parts[3], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? new RunCursor(sort, isDescending, new DateTimeOffset(asOf, TimeSpan.Zero), new RunKey(number, parts[4], parts[5]))
            : null;
    }

    public override string ToString() =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{Sort}\n{IsDescending}\n{AsOf.UtcTicks}\n{Key.Number}\n{Key.Text}\n{Key.Id}")
            )
        );

    private static bool TryReadTicks(string text, out long ticks) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ticks) && ticks <= DateTimeOffset.MaxValue.UtcTicks;
}
