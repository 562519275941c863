using System.Globalization;

namespace Serverless.Sizing.Arrivals;

/// <summary>Finite numbers as people and files write them.</summary>
internal static class Numbers
{
    public static bool TryRead(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);
}
